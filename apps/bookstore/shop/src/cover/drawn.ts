/** Numbers that follow from a text: the same book has the same cover everywhere and always. */
export interface Drawn {
  /** From 0 up to but not including 1. */
  next(): number
  /** A whole number from `least` to `most`. */
  int(least: number, most: number): number
  pick<T>(from: readonly [T, ...T[]]): T
}

/** FNV-1a over the text, then mulberry32. */
export function drawnFrom(text: string): Drawn {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  }
  let state = hash >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const int = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return { next, int, pick: (from) => from[int(0, from.length - 1)] ?? from[0] }
}
