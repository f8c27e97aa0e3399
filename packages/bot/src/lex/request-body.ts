/** A request's body within a size and a time, whatever its headers claim; nothing of it is interpreted here. */
import { LexFault } from './lex-fault.ts'

export interface BodyLimits {
  readonly bytes: number
  /** Milliseconds for all of it to arrive. */
  readonly milliseconds: number
}

/** @throws {LexFault} `input` past the size, `timeout` past the time */
export async function readBody(request: Request, limits: BodyLimits): Promise<Uint8Array> {
  const declared = request.headers.get('content-length')
  if (declared !== null && Number(declared) > limits.bytes) throw tooLarge(limits)
  if (declared === '0' || (declared === null && request.body === null)) return empty
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new LexFault('timeout', 'the body did not arrive in time; send it again')),
      limits.milliseconds,
    )
  })
  try {
    // A body of a declared length has that length: the parser of HTTP sees to it.
    const reading = declared === null ? collect(request, limits) : request.arrayBuffer()
    return new Uint8Array(await Promise.race([reading, late]))
  } catch (error) {
    if (error instanceof LexFault) throw error
    throw new LexFault('input', 'the body broke off; send it again', { cause: error })
  } finally {
    clearTimeout(timer)
  }
}

const empty = new Uint8Array(0)

async function collect(request: Request, limits: BodyLimits): Promise<ArrayBuffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > limits.bytes) throw tooLarge(limits)
    chunks.push(chunk)
  }
  const joined = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    joined.set(chunk, at)
    at += chunk.byteLength
  }
  return joined.buffer
}

function tooLarge({ bytes }: BodyLimits): LexFault {
  return new LexFault('input', `the body is larger than ${bytes} bytes; send less`)
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })

/** @throws {LexFault} for bytes that are no UTF-8 */
export function textOf(bytes: Uint8Array, what: string): string {
  try {
    return utf8.decode(bytes)
  } catch (cause) {
    throw new LexFault('input', `${what} is no UTF-8 text`, { cause })
  }
}

/** @throws {LexFault} for what is no JSON */
export function jsonOf(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    // The parser's own words quote the input, which may be personal.
    throw new LexFault('input', `${what} is no JSON`, { cause })
  }
}
