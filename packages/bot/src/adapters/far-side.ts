/**
 * One call to a messenger's HTTP API: bounded in time and size, following no redirect. "Too many" (429) was not taken, so it is
 * asked again after the time that the far side names, a few times; anything else that is no success rejects.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { PermanentError } from '@typestead/journal'
import { BotError } from '../bot-error.ts'
import { type Fields, fields } from './webhook-request.ts'

export interface FarSideCall {
  /** For messages: `Twilio`. */
  readonly name: string
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly signal: AbortSignal
  /** Milliseconds for the answer; 15,000 by default. */
  readonly timeoutMs?: number
}

/** What the far side said; a failure keeps its status and, where its body was JSON, that. */
export interface FarSideAnswer {
  readonly status: number
  readonly body: Fields
}

const longestAnswer = 4 * 1024 * 1024
const longestWait = 30_000

/**
 * @param isPermanent whether asking again is of no use, for an answer from 400 to 499 other than 429
 * @throws {PermanentError} as `isPermanent` says
 * @throws {BotError} UNAVAILABLE for anything that a later attempt may mend
 */
export async function callFarSide(
  call: FarSideCall,
  isPermanent: (answer: FarSideAnswer) => boolean,
): Promise<Fields> {
  for (let tries = 1; ; tries++) {
    const { status, body, retryAfter } = await once(call)
    if (status >= 200 && status < 300) return body
    const answer = { status, body }
    const said = `${call.name} answered ${status}${codeOf(body)}`
    if (status === 429 && tries <= 3) {
      await pause(Math.min(retryAfter, longestWait), call)
      continue
    }
    if (status >= 400 && status < 500 && status !== 429 && isPermanent(answer)) {
      throw new PermanentError(`${said}; it would answer the same again`)
    }
    throw new BotError('UNAVAILABLE', `${said}; it is asked again later`)
  }
}

async function once(call: FarSideCall): Promise<FarSideAnswer & { readonly retryAfter: number }> {
  const limit = AbortSignal.timeout(call.timeoutMs ?? 15_000)
  try {
    const response = await fetch(call.url, {
      method: call.method,
      headers: call.headers,
      redirect: 'error',
      signal: AbortSignal.any([call.signal, limit]),
      ...(call.body === undefined ? {} : { body: call.body }),
    })
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN)
    return {
      status: response.status,
      body: await readAnswer(response),
      retryAfter: Number.isFinite(seconds) ? Math.max(0, seconds) * 1_000 : 1_000,
    }
  } catch (cause) {
    throw new BotError('UNAVAILABLE', `no answer from ${call.name}; it is asked again later`, {
      cause: withoutAddress(cause),
    })
  }
}

async function readAnswer(response: Response): Promise<Fields> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of response.body ?? []) {
    length += chunk.length
    if (length > longestAnswer) throw new Error(`its answer is longer than ${longestAnswer} bytes`)
    chunks.push(chunk)
  }
  try {
    return fields(JSON.parse(Buffer.concat(chunks).toString()))
  } catch {
    return {}
  }
}

async function pause(milliseconds: number, { name, signal }: FarSideCall): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal })
  } catch (cause) {
    throw new BotError('UNAVAILABLE', `${name} asks to wait longer than this delivery may take`, {
      cause,
    })
  }
}

/** The code that Twilio (`code`) or Facebook (`error.code`) gives; their messages may repeat what a person wrote. */
function codeOf(body: Fields): string {
  const code = body.code ?? fields(body.error).code
  return typeof code === 'number' || typeof code === 'string' ? ` (code ${code})` : ''
}

/** Only the kind of failure: an address may hold an account, a request a token. */
function withoutAddress(cause: unknown): Error {
  const inner = cause instanceof Error && cause.cause !== undefined ? cause.cause : cause
  const { code, name } = fields(inner)
  return new Error(typeof code === 'string' ? code : typeof name === 'string' ? name : 'failed')
}
