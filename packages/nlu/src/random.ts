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

/** Decides, with 8-bit resolution, which features are left out of a step: one random word serves four features. */
export class Dropout {
  readonly #cut: number
  #state: number

  /** @param share of features left out, 0 to below 1 */
  constructor(share: number, seed: number) {
    this.#cut = Math.round(share * 256)
    this.#state = Math.imul(seed + 1, 0x9e3779b1) | 1
  }

  /** What the kept features are to be multiplied by, so that their sum stays the same on average. */
  get scale(): number {
    return 256 / (256 - this.#cut)
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
    const cut = this.#cut
    let state = this.#state
    let word = 0
    for (let i = 0; i < length; i++) {
      if ((i & 3) === 0) {
        // xorshift32 (Marsaglia, 2003).
        state ^= state << 13
        state ^= state >>> 17
        state ^= state << 5
        word = state
      }
      if ((word & 255) >= cut) {
        toIndices[at] = indices[indexFrom + i] as number
        toValues[at++] = (values[valueFrom + i] as number) * scale
      }
      word >>>= 8
    }
    this.#state = state
    return at
  }
}

/** Features of a sentence or of many: numbers, and how much of each. */
export interface FeatureArrays {
  readonly indices: Uint32Array
  readonly values: Float32Array
}
