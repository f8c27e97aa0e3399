/** What the routes of the API are, and how they say no. */
import type { ModelRegistry } from '../model-registry.ts'
import type { PipelineConfig } from '../pipeline.ts'

/** What a route needs. */
export interface RouteContext {
  readonly registry: ModelRegistry
  readonly config: PipelineConfig
  readonly timeZone: string
  readonly now: () => Date
}

export type Route = (request: Request, url: URL, context: RouteContext) => Promise<Response>

/** By `METHOD /path`. */
export type Routes = Readonly<Record<string, Route>>

/** The release whose answers these are compatible with. */
export const compatibleVersion = '3.6.20'

/** An error in the words of both generations: 3.x reads `reason` and `message`, 0.x `error`. */
export function failure(
  status: number,
  reason: string,
  message: string,
  headers: Record<string, string> = {},
): Response {
  return Response.json(
    {
      version: compatibleVersion,
      status: 'failure',
      code: status,
      reason,
      message,
      details: {},
      help: null,
      error: message,
    },
    { status, headers },
  )
}
