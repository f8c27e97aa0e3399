/**
 * The app's API on the workbench's own origin, for the console: GraphiQL in a frame of it, and what it asks. Who asks
 * is anonymous, whoever is signed in at the application.
 */
import type { Api } from '../config/define-config.ts'
import { HttpError } from '../server/error-response.ts'

export const graphqlPath = '/_typestead/graphql'

/** @throws {HttpError} 404 where the app has no API, or no GraphiQL */
export async function apiResponse(
  api: Api | undefined,
  request: Request,
  path: string,
): Promise<Response> {
  if (api === undefined) throw new HttpError(404, 'NOT_FOUND', 'the app has no API')
  if (path === graphqlPath) return api.handler(request)
  if (api.graphiql === undefined) throw new HttpError(404, 'NOT_FOUND', 'the API has no GraphiQL')
  const response = await api.graphiql(request)
  const policy = response.headers.get('content-security-policy')
  if (policy === null) return response
  const headers = new Headers(response.headers)
  headers.set('x-frame-options', 'SAMEORIGIN')
  headers.set(
    'content-security-policy',
    policy.replace("frame-ancestors 'none'", "frame-ancestors 'self'"),
  )
  return new Response(response.body, { status: response.status, headers })
}
