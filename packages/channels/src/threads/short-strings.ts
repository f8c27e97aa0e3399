/**
 * Short strings out of bytes (Latin-1). Those that come again are found instead of built: one place for each length
 * and mixture of first, middle and last byte, which the string that came last has.
 */
export class ShortStrings {
  /** The longest that are kept. */
  static readonly longest = 24
  readonly #known: string[] = new Array(512).fill('')
  readonly #prepare: (built: string) => string

  constructor(prepare: (built: string) => string) {
    this.#prepare = prepare
  }

  at(bytes: Buffer, start: number, length: number): string {
    if (length === 0) return ''
    const first = bytes[start] as number // the caller gives a range inside `bytes`
    const middle = bytes[start + (length >> 1)] as number
    const last = bytes[start + length - 1] as number
    const place = (length * 7 + first * 31 + middle * 67 + last * 131) & 511
    const known = this.#known[place] as string // place is below 512
    if (known.length === length && same(known, bytes, start)) return known
    const built = this.#prepare(build(bytes, start, length))
    this.#known[place] = built
    return built
  }
}

function same(text: string, bytes: Buffer, start: number): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) !== bytes[start + i]) return false
  return true
}

/** Some characters at a time; a native call for so few costs more. */
function build(bytes: Buffer, start: number, length: number): string {
  if (length > 16) return bytes.toString('latin1', start, start + length)
  let text = ''
  let at = start
  const end = start + length
  // All inside `bytes`.
  for (; at + 8 <= end; at += 8) {
    text += String.fromCharCode(
      bytes[at] as number,
      bytes[at + 1] as number,
      bytes[at + 2] as number,
      bytes[at + 3] as number,
      bytes[at + 4] as number,
      bytes[at + 5] as number,
      bytes[at + 6] as number,
      bytes[at + 7] as number,
    )
  }
  for (; at + 4 <= end; at += 4) {
    text += String.fromCharCode(
      bytes[at] as number,
      bytes[at + 1] as number,
      bytes[at + 2] as number,
      bytes[at + 3] as number,
    )
  }
  for (; at < end; at++) text += String.fromCharCode(bytes[at] as number)
  return text
}
