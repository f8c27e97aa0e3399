/**
 * Numbers that look random and are the same in every run: sfc32 (Chris Doty-Humphrey's Small Fast Counter), started from a
 * text. Each kind of row draws from a stream of its own, so that a change of one kind leaves the others as they are.
 */
export class Random {
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(seed: string) {
    this.#a = hash(seed, 0x9e3779b9)
    this.#b = hash(seed, 0x85ebca6b)
    this.#c = hash(seed, 0xc2b2ae35)
    for (let round = 0; round < 15; round++) this.bits()
  }

  /** 32 bits, as a whole number from 0. */
  bits(): number {
    const sum = (this.#a + this.#b + this.#counter) | 0
    this.#counter = (this.#counter + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum
    return sum >>> 0
  }

  /** From 0 to below 1. */
  unit(): number {
    return this.bits() / 2 ** 32
  }

  /** A whole number from `least` to `most`, both included. */
  int(least: number, most: number): number {
    return least + Math.floor(this.unit() * (most - least + 1))
  }

  /** Small numbers far more often than large ones, as what is popular among what is not. */
  skewed(below: number): number {
    return Math.floor(this.unit() ** 3 * below)
  }

  chance(probability: number): boolean {
    return this.unit() < probability
  }

  pick<T>(from: readonly T[]): T {
    // The index is below the length; an empty list has nothing to pick, which no list here is.
    return from[Math.floor(this.unit() * from.length)] as T
  }
}

/** FNV-1a over the text, started from `basis`. */
function hash(text: string, basis: number): number {
  let value = basis
  for (let at = 0; at < text.length; at++) {
    value = Math.imul(value ^ text.charCodeAt(at), 0x01000193)
  }
  return value | 0
}
