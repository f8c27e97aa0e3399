/** What PostContent, RecognizeUtterance and PutSession say in headers: V1 in base64, V2 compressed with gzip before that. */
import { gunzipSync, gzipSync } from 'node:zlib'
import { LexFault } from './lex-fault.ts'
import { jsonOf, textOf } from './request-body.ts'

/** Bytes that one header may be once unpacked: past it is a bomb, or a mistake. */
const unpackedLimit = 64 * 1024

export function base64Json(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64')
}

/** @throws {LexFault} */
export function fromBase64Json(header: string, name: string): unknown {
  return jsonOf(textOf(fromBase64(header, name), name), name)
}

export function gzipJson(value: unknown): string {
  return gzipSync(JSON.stringify(value)).toString('base64')
}

/** @throws {LexFault} */
export function fromGzipJson(header: string, name: string): unknown {
  const packed = fromBase64(header, name)
  let unpacked: Uint8Array
  try {
    unpacked = gunzipSync(packed, { maxOutputLength: unpackedLimit })
  } catch (cause) {
    throw new LexFault(
      'input',
      `${name} must be JSON, compressed with gzip and encoded as base64, of at most ${unpackedLimit} bytes`,
      { cause },
    )
  }
  return jsonOf(textOf(unpacked, name), name)
}

/** A header can carry printable ASCII only; the encoded form beside it carries everything. */
export function plainHeader(text: string): string | undefined {
  return /^[\x20-\x7e]*$/.test(text) ? text : undefined
}

function fromBase64(header: string, name: string): Uint8Array {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(header)) throw new LexFault('input', `${name} is no base64`)
  return Buffer.from(header, 'base64')
}
