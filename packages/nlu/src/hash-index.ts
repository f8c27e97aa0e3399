/**
 * Feature numbers by 32-bit hash: open addressing over the ascending list of hashes that the model file keeps.
 * Two features that hash alike share a number; among 10^5 features that happens about once.
 */
export class HashIndex {
  readonly hashes: Uint32Array
  readonly #slots: Int32Array
  readonly #mask: number

  /** @param hashes distinct, in ascending order; a feature's number is its place */
  constructor(hashes: Uint32Array) {
    this.hashes = hashes
    let size = 16
    while (size < hashes.length * 2) size *= 2
    this.#mask = size - 1
    this.#slots = new Int32Array(size).fill(-1)
    for (let index = 0; index < hashes.length; index++) {
      let slot = (hashes[index] as number) & this.#mask
      while (this.#slots[slot] !== -1) slot = (slot + 1) & this.#mask
      this.#slots[slot] = index
    }
  }

  get size(): number {
    return this.hashes.length
  }

  /** The feature's number; -1 when the model has none. */
  find(hash: number): number {
    const key = hash >>> 0
    let slot = key & this.#mask
    let index = this.#slots[slot] as number
    while (index !== -1 && this.hashes[index] !== key) {
      slot = (slot + 1) & this.#mask
      index = this.#slots[slot] as number
    }
    return index
  }
}

/** Counts hashes and keeps, in ascending order, those seen at least `least` times. */
export function frequentHashes(counts: ReadonlyMap<number, number>, least: number): Uint32Array {
  let kept = 0
  for (const count of counts.values()) if (count >= least) kept++
  const hashes = new Uint32Array(kept)
  let at = 0
  for (const [hash, count] of counts) if (count >= least) hashes[at++] = hash
  return hashes.sort()
}

export function hashText(text: string): number {
  let hash = 0x811c9dc5 | 0
  for (let i = 0; i < text.length; i++) hash = mix(hash, text.charCodeAt(i))
  return hash
}

/** One round of MurmurHash3's 32-bit mixing (public domain, A. Appleby). */
export function mix(hash: number, value: number): number {
  let k = Math.imul(value, 0xcc9e2d51)
  k = (k << 15) | (k >>> 17)
  let h = hash ^ Math.imul(k, 0x1b873593)
  h = (h << 13) | (h >>> 19)
  return (Math.imul(h, 5) + 0xe6546b64) | 0
}
