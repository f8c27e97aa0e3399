/**
 * Calls to the app's server in one place: base address, headers, errors with status and what the server said, and a count
 * of those under way. All are aborted when the app closes.
 */
import { cell } from '../cell.ts'
import { ScreensError } from '../errors.ts'
import { Manager } from '../lifecycle.ts'

export interface RestOptions {
  readonly baseUrl?: string
  readonly headers?: () => Readonly<Record<string, string>>
  /** The host's by default. */
  readonly fetch?: (request: Request) => Promise<Response>
}

export interface CallOptions {
  readonly method?: string
  /** Sent as JSON. */
  readonly body?: unknown
  readonly signal?: AbortSignal
}

/** A call that failed. `status` is 0 when there was no answer. */
export class RequestError extends ScreensError {
  readonly status: number
  /** What the server said, as JSON or text. */
  readonly answer: unknown

  constructor(message: string, status: number, answer: unknown, options?: ErrorOptions) {
    super('REQUEST_FAILED', message, options)
    this.status = status
    this.answer = answer
  }
}

export class RestManager extends Manager {
  readonly #pending = cell(0)
  /** Calls under way. */
  readonly pending = this.#pending.readonly()
  readonly #options: RestOptions

  constructor(options: RestOptions = {}) {
    super()
    this.#options = options
  }

  /** The answer's JSON; undefined where there is none. @throws {RequestError} */
  async call<T>(path: string, options: CallOptions = {}): Promise<T> {
    const { body, method = body === undefined ? 'GET' : 'POST', signal } = options
    const {
      baseUrl = '',
      headers,
      fetch: send = (request: Request) => fetch(request),
    } = this.#options
    const url = new URL(baseUrl + path, typeof location === 'undefined' ? undefined : location.href)
    const request = new Request(url, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers?.(),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: signal === undefined ? this.signal : AbortSignal.any([this.signal, signal]),
    })
    this.#pending.update((count) => count + 1)
    try {
      return await answerOf<T>(await send(request), `${method} ${path}`)
    } catch (cause) {
      if (cause instanceof RequestError || request.signal.aborted) throw cause
      throw new RequestError(`${method} ${path}: the server did not answer`, 0, undefined, {
        cause,
      })
    } finally {
      this.#pending.update((count) => count - 1)
    }
  }
}

async function answerOf<T>(response: Response, name: string): Promise<T> {
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') ?? false
  const answer: unknown = isJson && text !== '' ? JSON.parse(text) : text
  if (!response.ok) {
    throw new RequestError(
      `${name}: the server answered ${response.status}`,
      response.status,
      answer,
    )
  }
  return (isJson && text !== '' ? answer : undefined) as T // the caller says what this path answers
}
