/** What every side does with its handler: answers the same requests in process, or serves them by @hono/node-server. */
import { createAdaptorServer } from '@hono/node-server'
import type { Bench } from '../../measure.ts'

export interface Asked {
  readonly data: string
  readonly query: string
  readonly times: number
  readonly over: 'http' | 'process'
  /** Each request brings other values for the query's variables. */
  readonly changing?: Changing
  /** Of our side: the plan that must answer. */
  readonly plan?: string
}

/** The bench file gives these arguments, which are JSON to the harness. */
export function askedOf(args: unknown): Asked {
  return args as Asked
}

/** `email` of one user, or the place `from` which a list starts. */
export type Changing = 'email' | 'from'

/** The values of one request; the same for all sides. */
export function variablesAt(
  changing: Changing | undefined,
  index: number,
): Readonly<Record<string, string>> {
  return changing === undefined
    ? {}
    : { [changing]: `a${String((index * 7) % 900).padStart(4, '0')}@example.org` }
}

export type Handler = (request: Request) => Response | Promise<Response>

export async function answerer(
  { query, times, over, changing }: Asked,
  handler: Handler,
  dispose: () => Promise<unknown>,
): Promise<Bench> {
  if (over === 'process') {
    return {
      operations: times,
      async run() {
        let text = ''
        for (let n = 0; n < times; n++) {
          text = await (await handler(requestOf(query, variablesAt(changing, n)))).text()
        }
        return JSON.parse(text)
      },
      [Symbol.asyncDispose]: async () => void (await dispose()),
    }
  }
  const server = createAdaptorServer({ fetch: handler })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    url: urlOf(port, query),
    async [Symbol.asyncDispose]() {
      server.close()
      await dispose()
    },
  }
}

/** The query that a side wants stands behind the `#`, since peers name the same things differently. */
export function urlOf(port: number, query: string): string {
  return `http://127.0.0.1:${port}/graphql#${encodeURIComponent(query)}`
}

export function requestOf(
  query: string,
  variables: Readonly<Record<string, string>> = {},
): Request {
  return new Request('http://127.0.0.1/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
}
