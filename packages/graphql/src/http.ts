/**
 * GraphQL over HTTP (https://graphql.github.io/graphql-over-http/draft/): GET for queries, POST for all, JSON bodies, both media types with
 * the statuses that each wants. One deviation: an outage of the store is 503 in `application/json` too.
 */
import { jsonType, type MediaType, negotiate, responseType } from './accept.ts'
import { type Answer, type GraphQLRequest, statusOf } from './answer.ts'
import { ErrorFormat, type ReportError } from './error-format.ts'
import { HttpRefusal, readRequest } from './http-request.ts'

export interface HttpOptions {
  readonly bodyBytes: number
  readonly report: ReportError
  /** Answers a well-formed request; `readOnly` where mutations are refused with 405. */
  readonly answer: (request: GraphQLRequest, http: Request, readOnly: boolean) => Promise<Answer>
}

export async function handleHttp(request: Request, options: HttpOptions): Promise<Response> {
  const type = negotiate(request.headers.get('accept'))
  try {
    if (type === null) {
      throw new HttpRefusal(406, `answers are ${responseType} or ${jsonType}`)
    }
    const asked = await readRequest(request, options.bodyBytes)
    const answer = await options.answer(asked, request, request.method === 'GET')
    const { status } = answer
    const text = 'text' in answer ? answer.text : JSON.stringify(answer.body)
    return respond(text, type, statusFor(type, status), status === 405 ? { allow: 'POST' } : {})
  } catch (error) {
    const body = { errors: [new ErrorFormat(options.report).formatRequest(error)] }
    const known = error instanceof HttpRefusal
    const status = known ? error.status : statusOf(String(body.errors[0]?.extensions?.code))
    return respond(JSON.stringify(body), type ?? jsonType, status, known ? error.headers : {})
  }
}

/** In `application/json` a well-formed request gets 200 whatever GraphQL says of it, but for what concerns the caller or the store. */
function statusFor(type: MediaType, status: number): number {
  return type === jsonType && status === 400 ? 200 : status
}

function respond(
  text: string,
  type: MediaType,
  status: number,
  headers: Readonly<Record<string, string>>,
): Response {
  return new Response(text, {
    status,
    headers: {
      'content-type': `${type}; charset=utf-8`,
      vary: 'accept',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(status === 503 ? { 'retry-after': '1' } : {}),
      ...headers,
    },
  })
}
