/** Which names fit some typed letters: all of them in order; the closer together and the nearer to a word's begin, the better. */

export interface Named {
  readonly label: string
  readonly kind: string
}

/** The `most` best ones; all as they come while nothing is typed. */
export function best<T extends Named>(
  all: readonly T[],
  typed: string,
  most: number,
): readonly T[] {
  const letters = typed.toLowerCase().replace(/\s+/g, '')
  if (letters === '') return all.slice(0, most)
  return all
    .map((one, at) => ({ one, at, score: score(`${one.label} ${one.kind}`, letters) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.at - b.at)
    .slice(0, most)
    .map(({ one }) => one)
}

/** 0 where the letters are not all there in order. */
export function score(text: string, letters: string): number {
  const lower = text.toLowerCase()
  let at = -1
  let total = 0
  for (const letter of letters) {
    const next = lower.indexOf(letter, at + 1)
    if (next < 0) return 0
    const isBegin =
      next === 0 || /[^a-z0-9]/.test(lower[next - 1] ?? '') || /[A-Z]/.test(text[next] ?? '')
    total += next === at + 1 && at >= 0 ? 4 : isBegin ? 3 : 1
    at = next
  }
  return total / Math.sqrt(text.length)
}
