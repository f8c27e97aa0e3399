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

/** How often hashes were seen: open addressing over flat arrays, which a Map of a million numbers is far from. */
export class HashCounts {
  #keys = new Uint32Array(1 << 16)
  #counts = new Uint32Array(1 << 16)
  #size = 0

  add(hash: number): void {
    const key = hash >>> 0
    const slot = this.#slotOf(key)
    if (this.#counts[slot] === 0) {
      this.#keys[slot] = key
      this.#size++
    }
    this.#counts[slot] = (this.#counts[slot] as number) + 1
    if (this.#size * 2 > this.#keys.length) this.#grow()
  }

  get(hash: number): number {
    return this.#counts[this.#slotOf(hash >>> 0)] as number
  }

  /** The hashes that were seen at least `least` times, ascending. */
  frequent(least: number): Uint32Array {
    const counts = this.#counts
    const isKept = (count: number) => count >= least && count > 0
    let kept = 0
    for (const count of counts) if (isKept(count)) kept++
    const hashes = new Uint32Array(kept)
    let at = 0
    for (let slot = 0; slot < counts.length; slot++)
      if (isKept(counts[slot] as number)) hashes[at++] = this.#keys[slot] as number
    return hashes.sort()
  }

  /** Where the key stands, or would; a slot without a count is free. */
  #slotOf(key: number): number {
    const mask = this.#keys.length - 1
    let slot = (key ^ (key >>> 16)) & mask
    while (this.#counts[slot] !== 0 && this.#keys[slot] !== key) slot = (slot + 1) & mask
    return slot
  }

  #grow(): void {
    const keys = this.#keys
    const counts = this.#counts
    this.#keys = new Uint32Array(keys.length * 2)
    this.#counts = new Uint32Array(keys.length * 2)
    for (let at = 0; at < keys.length; at++) {
      if (counts[at] === 0) continue
      const slot = this.#slotOf(keys[at] as number)
      this.#keys[slot] = keys[at] as number
      this.#counts[slot] = counts[at] as number
    }
  }
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
