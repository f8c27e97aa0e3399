/**
 * Rasa counts offsets in Unicode code points (Python), JavaScript in UTF-16 code units. Inside this package offsets are UTF-16; they
 * are converted where files are read and HTTP is answered. Both conversions clamp to the text.
 */

/** UTF-16 offsets of code-point offsets in `text`. */
export function fromCodePoints(text: string, offsets: readonly number[]): number[] {
  if (!hasSurrogates(text)) return offsets.map((offset) => clamp(offset, text.length))
  const starts: number[] = []
  for (let i = 0; i < text.length; i += (text.codePointAt(i) as number) > 0xffff ? 2 : 1)
    starts.push(i)
  starts.push(text.length)
  return offsets.map((offset) => starts[clamp(offset, starts.length - 1)] as number)
}

/** Code-point offsets of UTF-16 offsets in `text`. */
export function toCodePoints(text: string, offsets: readonly number[]): number[] {
  if (!hasSurrogates(text)) return offsets.map((offset) => clamp(offset, text.length))
  return offsets.map((offset) => {
    let points = 0
    for (let i = 0; i < Math.min(offset, text.length); points++) {
      i += (text.codePointAt(i) as number) > 0xffff ? 2 : 1
    }
    return points
  })
}

function hasSurrogates(text: string): boolean {
  return /[\ud800-\udfff]/.test(text)
}

function clamp(offset: number, length: number): number {
  return Math.max(0, Math.min(Math.trunc(offset), length))
}
