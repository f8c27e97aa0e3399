/**
 * GraphQL over HTTP (https://graphql.github.io/graphql-over-http/draft/): GET for queries, POST for all, JSON bodies, both media types with
 * the statuses that each wants. One deviation: an outage of the store is 503 in `application/json` too.
 */
import { jsonType, type MediaType, negotiate, responseType } from './accept.ts'
import { type Answer, type BodyAnswer, type GraphQLRequest, statusOf, textOf } from './answer.ts'
import { eventStream, wantsEventStream } from './changes/event-stream.ts'
import type { Sink } from './changes/subscribe.ts'
import { ErrorFormat, type ReportError } from './error-format.ts'
import { HttpRefusal, type ReadOptions, readRequest } from './http-request.ts'

export interface HttpOptions extends ReadOptions {
  readonly report: ReportError
  /** Answers a well-formed request; `readOnly` where mutations are refused with 405. */
  readonly answer: (request: GraphQLRequest, http: Request, readOnly: boolean) => Promise<Answer>
  /** The same as answers over time. */
  readonly stream: (
    request: GraphQLRequest,
    http: Request,
    readOnly: boolean,
    sink: Sink,
  ) => Promise<(() => void) | BodyAnswer>
  /** The answer in parts, where the query defers some and the caller reads parts; otherwise `undefined`. */
  readonly parts?: (request: GraphQLRequest, http: Request) => Promise<Response | undefined>
  /** Bytes that may wait for a slow reader of a stream. */
  readonly bufferBytes: number
}

export async function handleHttp(request: Request, options: HttpOptions): Promise<Response> {
  const response = await answered(request, options)
  if (request.method !== 'HEAD') return response
  // As for GET, without the body (RFC 9110, section 9.3.2).
  await response.body?.cancel()
  return new Response(null, response)
}

async function answered(request: Request, options: HttpOptions): Promise<Response> {
  const accept = request.headers.get('accept')
  const streamed = wantsEventStream(accept)
  const type = streamed
    ? jsonType
    : negotiate(accept?.replace(/multipart\/mixed[^,]*,?/i, '') ?? null)
  try {
    if (type === null) {
      throw new HttpRefusal(406, `answers are ${responseType} or ${jsonType}`)
    }
    const asked = await readRequest(request, options)
    if (isBatch(asked)) return await respondAll(asked, request, options)
    const inParts = await options.parts?.(asked, request)
    if (inParts) return inParts
    const readOnly = request.method !== 'POST'
    const answer = streamed
      ? await eventStream(
          (sink) => options.stream(asked, request, readOnly, sink),
          options.bufferBytes,
        )
      : await options.answer(asked, request, readOnly)
    if (answer instanceof Response) return answer
    const { status } = answer
    const text = textOf(answer)
    const sent = streamed ? status : statusFor(type, status)
    return respond(text, type, sent, status === 405 ? { allow: 'POST' } : {})
  } catch (error) {
    const body = { errors: [new ErrorFormat(options.report).formatRequest(error)] }
    const known = error instanceof HttpRefusal
    const status = known ? error.status : statusOf(String(body.errors[0]?.extensions?.code))
    return respond(JSON.stringify(body), type ?? jsonType, status, known ? error.headers : {})
  }
}

function isBatch(
  asked: GraphQLRequest | readonly GraphQLRequest[],
): asked is readonly GraphQLRequest[] {
  return Array.isArray(asked)
}

/** One after the other, so that a batch costs at most what its requests do. */
async function respondAll(
  asked: readonly GraphQLRequest[],
  request: Request,
  options: HttpOptions,
): Promise<Response> {
  const texts: string[] = []
  for (const one of asked) texts.push(textOf(await options.answer(one, request, false)))
  return respond(`[${texts.join(',')}]`, jsonType, 200)
}

/** In `application/json` a well-formed request gets 200 whatever GraphQL says of it, but for what concerns the caller or the store. */
function statusFor(type: MediaType, status: number): number {
  return type === jsonType && status === 400 ? 200 : status
}

function respond(
  text: string,
  type: MediaType,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const known = knownHeaders[type]
  if (status === 200) return new Response(text, { status, headers: known })
  const retry = status === 503 ? { 'retry-after': '1' } : {}
  return new Response(text, { status, headers: { ...known, ...retry, ...headers } })
}

/** Made once: most answers have these and nothing else. */
const knownHeaders: Readonly<Record<MediaType, Readonly<Record<string, string>>>> = {
  [jsonType]: headersOf(jsonType),
  [responseType]: headersOf(responseType),
}

function headersOf(type: MediaType): Readonly<Record<string, string>> {
  return {
    'content-type': `${type}; charset=utf-8`,
    vary: 'accept',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  }
}
