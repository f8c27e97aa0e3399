/**
 * Asks an understanding server: one POST of JSON with a time limit and a bounded answer, no redirects followed. After failures in a
 * row the server is left alone for a while, so that a conversation is not kept waiting for one that is away.
 */
import { BotError } from '../bot-error.ts'

export interface ServerOptions {
  readonly url: URL
  readonly timeoutMs: number
  readonly headers: Readonly<Record<string, string>>
  /** Bytes of an answer. */
  readonly mostBytes: number
  readonly clock: () => number
}

/** Failures in a row after which nothing is asked for `restMs`. */
const mostFailures = 3
const restMs = 10_000

export class UnderstandingServer {
  readonly #options: ServerOptions
  #failures = 0
  #restsUntil = 0

  constructor(options: ServerOptions) {
    this.#options = options
  }

  /** @throws {BotError} UNAVAILABLE; its message holds neither what was sent nor a key */
  async ask(body: unknown, signal: AbortSignal): Promise<unknown> {
    const { clock } = this.#options
    if (clock() < this.#restsUntil)
      throw away('was away a moment ago and is asked again in some seconds')
    try {
      const answer = await this.#fetch(body, signal)
      this.#failures = 0
      return answer
    } catch (error) {
      // The caller's own end says nothing about the server.
      if (signal.aborted) throw error
      this.#failures++
      if (this.#failures >= mostFailures) this.#restsUntil = clock() + restMs
      throw error
    }
  }

  async #fetch(body: unknown, signal: AbortSignal): Promise<unknown> {
    const { url, timeoutMs, headers, mostBytes } = this.#options
    const limit = AbortSignal.timeout(timeoutMs)
    try {
      const response = await fetch(url, {
        method: 'POST',
        redirect: 'error',
        headers: { ...headers, 'content-type': 'application/json', accept: 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.any([signal, limit]),
      })
      if (!response.ok) {
        await response.body?.cancel()
        throw away(`answered ${response.status}`)
      }
      return JSON.parse(await boundedText(response, mostBytes))
    } catch (cause) {
      if (cause instanceof BotError) throw cause
      if (limit.aborted) throw away(`did not answer within ${timeoutMs} ms`, cause)
      if (cause instanceof SyntaxError) throw away('answered what is no JSON')
      throw away('cannot be reached', cause)
    }
  }
}

export function away(what: string, cause?: unknown): BotError {
  return new BotError('UNAVAILABLE', `the server that understands ${what}`, { cause })
}

/** @throws {BotError} BAD_INPUT unless it is an http(s) URL without credentials */
export function serverUrl(url: string | URL, name: string): URL {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (!parsed || !['http:', 'https:'].includes(parsed.protocol))
    throw new BotError('BAD_INPUT', `${name}: url is an http or https URL`)
  if (parsed.username !== '' || parsed.password !== '')
    throw new BotError('BAD_INPUT', `${name}: give the key as an option, not in the url`)
  return parsed
}

async function boundedText(response: Response, most: number): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.length
    if (size > most) throw away(`answered more than ${most} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
