/** Repeatable randomness for training: the same seed gives the same model, byte for byte. */

/** A generator of numbers in [0, 1): mulberry32 (public domain, T. Ettinger). */
export function seededRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

/** Shuffles in place (Fisher–Yates). */
export function shuffle(
  items: { [index: number]: number; length: number },
  random: () => number,
): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const swapped = items[i] as number
    items[i] = items[j] as number
    items[j] = swapped
  }
}

/**
 * Decides which features are left out of a step. What it draws is how far it is from one kept feature to the next, so that those left
 * out cost nothing; the distances are geometric, from a table that is used in turn.
 */
export class Dropout {
  /** What the kept features are multiplied by, so that their sum stays the same on average. */
  readonly scale: number
  readonly #gaps = new Uint16Array(gapsKept)
  #next = 0

  /** @param share of features left out, 0 to below 1 */
  constructor(share: number, seed: number) {
    this.scale = 1 / (1 - share)
    const random = seededRandom(Math.imul(seed + 1, 0x9e3779b1))
    const left = Math.log(share)
    for (let i = 0; i < gapsKept; i++) {
      const gap = share === 0 ? 1 : 1 + Math.floor(Math.log(1 - random()) / left)
      this.#gaps[i] = Math.min(gap, 65535)
    }
  }

  /**
   * Copies the kept of `length` features, scaled, to `target` from `at` on; where the target ends then. Indices and values of the
   * source may begin at different places.
   */
  copy(
    { indices, values }: FeatureArrays,
    indexFrom: number,
    valueFrom: number,
    length: number,
    target: FeatureArrays,
    at: number,
  ): number {
    const { indices: toIndices, values: toValues } = target
    const { scale } = this
    const gaps = this.#gaps
    let next = this.#next
    for (let i = (gaps[next] as number) - 1; i < length; i += gaps[next] as number) {
      next = (next + 1) & (gapsKept - 1)
      toIndices[at] = indices[indexFrom + i] as number
      toValues[at++] = (values[valueFrom + i] as number) * scale
    }
    this.#next = (next + 1) & (gapsKept - 1)
    return at
  }

  /** Copies the kept of `indices[from..to)` to `target` from `at` on; where the target ends then. */
  keep(indices: Uint32Array, from: number, to: number, target: Uint32Array, at: number): number {
    const gaps = this.#gaps
    let next = this.#next
    for (let i = from - 1 + (gaps[next] as number); i < to; i += gaps[next] as number) {
      next = (next + 1) & (gapsKept - 1)
      target[at++] = indices[i] as number
    }
    this.#next = (next + 1) & (gapsKept - 1)
    return at
  }
}

/** A power of two. */
const gapsKept = 8192

/** Features of a sentence or of many: numbers, and how much of each. */
export interface FeatureArrays {
  readonly indices: Uint32Array
  readonly values: Float32Array
}
