/** What the parts of the behaviour tests share: a library on a real store, served over HTTP. */
import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { ErrorReport } from '../../src/index.ts'
import { library, libraryApi } from '../library.ts'
import { type Server, serve } from '../serve.ts'
import { type Opened, openPostgres } from '../stores.ts'

export interface Body {
  readonly data?: Readonly<Record<string, never>> | null
  readonly errors?: readonly {
    readonly message: string
    readonly path?: readonly unknown[]
    readonly extensions: {
      readonly code: string
      readonly fields?: readonly unknown[]
      readonly id?: string
    }
  }[]
}

export interface Harness {
  /** Open while tests run. */
  readonly opened: Opened
  readonly server: Server
  /** What was reported since the test began. */
  readonly reports: readonly ErrorReport[]
  readonly post: (body: unknown, headers?: Record<string, string>) => Promise<Response>
  readonly run: (
    query: string,
    variables?: Record<string, unknown>,
    headers?: Record<string, string>,
  ) => Promise<Body>
}

export const admin = { 'x-role': 'admin' }

/** Opened before the tests of the file, and closed after them. */
export function openHarness(): Harness {
  let opened: Opened | undefined
  let server: Server | undefined
  const reports: ErrorReport[] = []

  beforeAll(async () => {
    opened = await openPostgres(library)
    const api = libraryApi(opened.db, { onError: (report) => reports.push(report) })
    server = await serve(api.handler)
  })
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
    await opened?.[Symbol.asyncDispose]()
  })
  beforeEach(() => void reports.splice(0))

  const there = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('it is open while tests run')
    return value
  }
  const harness: Harness = {
    get opened() {
      return there(opened)
    },
    get server() {
      return there(server)
    },
    reports,
    post: (body, headers = {}) =>
      fetch(there(server).url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/graphql-response+json',
          ...headers,
        },
        body:
          typeof body === 'string' || body instanceof Uint8Array
            ? (body as BodyInit)
            : JSON.stringify(body),
      }),
    run: async (query, variables, headers = {}) =>
      (await harness.post({ query, variables }, headers)).json() as Promise<Body>,
  }
  return harness
}
