/** A GraphQL request out of an HTTP one, or the reason why it is none. Bodies are read no further than the limit. */

import type { GraphQLRequest } from './answer.ts'
import { ApiError } from './api-error.ts'

/** A request that is refused before GraphQL sees it. */
export class HttpRefusal extends ApiError {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super('BAD_INPUT', message)
    this.name = 'HttpRefusal'
    this.status = status
    this.headers = headers
  }
}

export interface ReadOptions {
  readonly bodyBytes: number
  readonly bodyMilliseconds: number
  /** How many requests a body may hold as a list; 0 refuses lists. */
  readonly batch: number
}

/**
 * One request, or a list of them where batches of that many are allowed.
 * @throws {HttpRefusal} with status 400, 405, 408, 413 or 415
 */
export async function readRequest(
  request: Request,
  { bodyBytes, bodyMilliseconds, batch }: ReadOptions,
): Promise<GraphQLRequest | readonly GraphQLRequest[]> {
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      return parameters(fromQuery(new URL(request.url).searchParams))
    case 'POST': {
      checkContentType(request.headers)
      const body = parseJson(
        await inTime(readText(request, bodyBytes), bodyMilliseconds),
        'the body',
      )
      if (!Array.isArray(body) || batch === 0) return parameters(body)
      if (body.length === 0 || body.length > batch) {
        throw new HttpRefusal(400, `a batch has 1 to ${batch} requests, not ${body.length}`)
      }
      return body.map(parameters)
    }
    default:
      throw new HttpRefusal(405, `use POST, or GET for queries, not ${request.method}`, {
        allow: 'GET, HEAD, POST',
      })
  }
}

/**
 * `application/json` also protects against forgery: a page of another origin cannot send it without a preflight, which
 * this endpoint does not grant.
 */
function checkContentType(headers: Headers): void {
  const header = headers.get('content-type')
  if (header === null) {
    throw new HttpRefusal(415, 'send the body as content-type: application/json', accepts)
  }
  if (header !== 'application/json') {
    const [type, ...rest] = header.split(';').map((part) => part.trim().toLowerCase())
    if (type !== 'application/json') {
      throw new HttpRefusal(415, 'send the body as content-type: application/json', accepts)
    }
    for (const parameter of rest) {
      const [name, value = ''] = parameter.split('=').map((part) => part.trim())
      if (name === 'charset' && !/^"?utf-?8"?$/.test(value)) {
        throw new HttpRefusal(415, 'send the body in UTF-8', accepts)
      }
    }
  }
  const encoding = headers.get('content-encoding')
  if (encoding !== null && encoding.trim().toLowerCase() !== 'identity') {
    throw new HttpRefusal(415, 'send the body without content-encoding', {
      'accept-encoding': 'identity',
    })
  }
}

const accepts = { 'accept-post': 'application/json' }

async function readText(request: Request, bodyBytes: number): Promise<string> {
  const tooLarge = () => new HttpRefusal(413, `the body is larger than ${bodyBytes} bytes`)
  const announced = request.headers.get('content-length')
  if (Number(announced ?? 0) > bodyBytes) throw tooLarge()
  // Read at once where its size is known: servers hold a body to it, and a stream costs as much as a small query.
  if (announced !== null) {
    return decoded(await request.arrayBuffer().catch(brokenBody), bodyBytes, tooLarge)
  }
  const chunks: Uint8Array[] = []
  let length = 0
  const reader = request.body?.getReader()
  for (;;) {
    const part = await reader?.read().catch(brokenBody)
    if (!part || part.done) break
    length += part.value.length
    if (length > bodyBytes) {
      // The sender learns by the answer; that it then cannot send more is no error of ours.
      void reader?.cancel().catch(() => {})
      throw tooLarge()
    }
    chunks.push(part.value)
  }
  return decoded(Buffer.concat(chunks), bodyBytes, tooLarge)
}

/** What is read later is dropped with the connection, which the answer closes. */
function inTime(body: Promise<string>, milliseconds: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const late = () =>
      reject(
        new HttpRefusal(408, `the body did not come within ${milliseconds} ms`, {
          connection: 'close',
        }),
      )
    const timer = setTimeout(late, milliseconds)
    body.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

const decoder = new TextDecoder('utf-8', { fatal: true })

function decoded(
  bytes: ArrayBuffer | Uint8Array,
  bodyBytes: number,
  tooLarge: () => HttpRefusal,
): string {
  if (bytes.byteLength > bodyBytes) throw tooLarge()
  if (bytes.byteLength === 0) {
    throw new HttpRefusal(400, 'the body is empty; send JSON with a "query"')
  }
  try {
    // A byte order mark at the start is taken off.
    return decoder.decode(bytes)
  } catch (cause) {
    throw refusal('the body is not UTF-8', cause)
  }
}

/** Whoever passes the body on may refuse it too (by an error with a `status`); otherwise its sender went away. */
function brokenBody(cause: unknown): never {
  const { status, message } = cause as { readonly status?: unknown; readonly message?: unknown }
  if (typeof status === 'number' && status >= 400 && status < 500) {
    throw new HttpRefusal(status, String(message))
  }
  throw refusal('the body ended before its end', cause)
}

function fromQuery(search: URLSearchParams): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  for (const name of ['query', 'documentId', 'operationName', 'variables', 'extensions']) {
    const values = search.getAll(name)
    if (values.length > 1) throw new HttpRefusal(400, `the parameter "${name}" is given twice`)
    const [value] = values
    if (value === undefined) continue
    const json = name === 'variables' || name === 'extensions'
    // Empty parameters are as if they were not there.
    if (json || name === 'operationName') {
      if (value !== '') found[name] = json ? parseJson(value, `the parameter "${name}"`) : value
    } else found[name] = value
  }
  return found
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw refusal(`${what} is not JSON`, cause)
  }
}

/** Checked by own properties only: what JSON calls `__proto__` is a key like others, and one that nobody needs. */
export function parameters(value: unknown): GraphQLRequest {
  if (Array.isArray(value)) {
    throw new HttpRefusal(400, 'the body is a list; batches of requests are not available')
  }
  if (typeof value !== 'object' || value === null) {
    throw new HttpRefusal(400, 'the body must be a JSON object with a "query"')
  }
  refuseProto(value, 'the request')
  const own = (name: string) =>
    Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined
  const extensions = objectOf(own('extensions'), 'extensions')
  const documentId = own('documentId') ?? undefined
  if (documentId !== undefined && (typeof documentId !== 'string' || documentId === '')) {
    throw new HttpRefusal(400, 'the parameter "documentId" must be a text')
  }
  const named = documentId !== undefined || Object.hasOwn(extensions ?? {}, 'persistedQuery')
  const query = own('query') ?? (named ? '' : undefined)
  if (query === undefined || (query === '' && !named)) {
    throw new HttpRefusal(400, 'the parameter "query" is missing')
  }
  if (typeof query !== 'string') throw new HttpRefusal(400, 'the parameter "query" must be a text')
  const operationName = own('operationName')
  if (operationName !== undefined && operationName !== null && typeof operationName !== 'string') {
    throw new HttpRefusal(400, 'the parameter "operationName" must be a text')
  }
  return {
    query,
    operationName: operationName || null,
    variables: objectOf(own('variables'), 'variables'),
    extensions,
    ...(documentId === undefined ? {} : { documentId }),
  }
}

function objectOf(value: unknown, name: string): Record<string, unknown> | null {
  if (value === undefined || value === null) return null
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new HttpRefusal(400, `the parameter "${name}" must be an object`)
  }
  refuseProto(value, `the parameter "${name}"`)
  return value as Record<string, unknown>
}

function refuseProto(value: object, what: string): void {
  if (Object.hasOwn(value, '__proto__')) {
    throw new HttpRefusal(400, `${what} must not have a key "__proto__"`)
  }
}

function refusal(message: string, cause: unknown): HttpRefusal {
  const error = new HttpRefusal(400, message)
  error.cause = cause
  return error
}
