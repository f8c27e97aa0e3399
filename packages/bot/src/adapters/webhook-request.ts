/**
 * What every webhook does before it believes anything: read a bounded body as raw bytes, compare signatures in constant time,
 * refuse with a status and a word of why.
 */
import { timingSafeEqual } from 'node:crypto'
import { BotError } from '../bot-error.ts'
import type { Receiver } from './adapter.ts'

/** Thrown inside a webhook's handler; becomes an answer of this status. */
export class Refusal extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.name = 'Refusal'
    this.status = status
  }
}

/**
 * The body's bytes.
 * @throws {Refusal} 413 when there are more than `limit`
 */
export async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  const declared = request.headers.get('content-length')
  if (declared !== null) {
    if (Number(declared) > limit) throw new Refusal(413, `a body may have ${limit} bytes`)
    const bytes = new Uint8Array(await request.arrayBuffer())
    // The length was only declared by a Request that no server made.
    if (bytes.length > limit) throw new Refusal(413, `a body may have ${limit} bytes`)
    return bytes
  }
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body ?? []) {
    length += chunk.length
    if (length > limit) throw new Refusal(413, `a body may have ${limit} bytes`)
    chunks.push(chunk)
  }
  return chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks, length)
}

/** Whether two texts are the same, in a time that does not tell where they differ. */
export function sameText(given: string, expected: string): boolean {
  const a = Buffer.from(given)
  const b = Buffer.from(expected)
  return a.length === b.length && timingSafeEqual(a, b)
}

const decoder = new TextDecoder('utf-8', { fatal: true })

/** @throws {Refusal} 400 for what is no UTF-8 */
export function decodeText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch {
    throw new Refusal(400, 'the body is no UTF-8')
  }
}

/** @throws {Refusal} 400 for what is no JSON object */
export function parseObject(text: string): Fields {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Refusal(400, 'the body is no JSON')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new Refusal(400, 'the body is no JSON object')
  }
  // An object that JSON.parse made.
  return value as Fields
}

export type Fields = Readonly<Record<string, unknown>>

/** The object's fields; none for anything else. */
export function fields(value: unknown): Fields {
  // Only arrays and objects are left, and both are read by key alone.
  return typeof value === 'object' && value !== null ? (value as Fields) : {}
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The text, or the empty one for anything else. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/**
 * Runs a webhook: refusals become answers, whatever else goes wrong a 503, which every messenger takes as "send it again".
 * `onError` gets what the caller is not told.
 */
export async function answer(
  request: Request,
  methods: readonly string[],
  handle: () => Promise<Response>,
  onError: (error: unknown) => void,
): Promise<Response> {
  if (!methods.includes(request.method)) {
    return refuse(405, `send ${methods.join(' or ')}`, { allow: methods.join(', ') })
  }
  try {
    return await handle()
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.status, error.message)
    onError(error)
    return refuse(503, 'not kept; send it again', { 'retry-after': '1' })
  }
}

function refuse(status: number, message: string, headers: Record<string, string> = {}): Response {
  return Response.json({ error: message }, { status, headers })
}

/** The receiver of an adapter, or the reason why it can't take anything yet. */
export function attached(receiver: Receiver | undefined, name: string): Receiver {
  if (receiver !== undefined) return receiver
  throw new BotError('UNAVAILABLE', `${name} is connected to no bot; call bots.connect(adapter, …)`)
}

/** @throws {BotError} BAD_INPUT when a secret is not set: an empty key verifies what anyone signs */
export function requireSecret(value: string | undefined, what: string): string {
  if (value !== undefined && value.length > 0) return value
  throw new BotError('BAD_INPUT', `${what} is not set; without it anyone could speak as a user`, {
    issues: [{ path: what, message: 'must not be empty' }],
  })
}

/** What goes wrong in the background, where the app does not ask: a warning of the process. */
export function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error : String(error))
}
