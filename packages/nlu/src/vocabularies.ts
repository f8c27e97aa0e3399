/**
 * Live vocabularies: named lists of values that may change at any time, shared by all models that a process serves. A value is
 * understood by the next sentence parsed, without training.
 */
import { type PhraseMatch, PhraseMatcher, phraseKey } from './phrase-matcher.ts'
import type { Token } from './tokenize.ts'

export class Vocabularies {
  readonly #matcher = new PhraseMatcher()
  readonly #lists = new Map<string, Map<string, string>>()

  /** Adds values to a list, which is made if need be. A value that is there stays as it was written first. */
  add(name: string, values: Iterable<string>): void {
    const list = this.#lists.get(name) ?? new Map<string, string>()
    this.#lists.set(name, list)
    for (const value of values) {
      const key = phraseKey(value)
      if (key === '' || list.has(key)) continue
      list.set(key, value)
      this.#matcher.add(name, value)
    }
  }

  /** Takes values out of a list; how many were there. */
  delete(name: string, values: Iterable<string>): number {
    const list = this.#lists.get(name)
    let deleted = 0
    for (const value of values) {
      const written = list?.get(phraseKey(value))
      if (written === undefined) continue
      list?.delete(phraseKey(value))
      this.#matcher.delete(name, written)
      deleted++
    }
    return deleted
  }

  /** Makes the list hold these values and no others; only differences are touched. */
  replace(name: string, values: Iterable<string>): void {
    const wanted = new Map([...values].map((value) => [phraseKey(value), value]))
    const stale = [...(this.#lists.get(name) ?? [])].filter(
      ([key, value]) => wanted.get(key) !== value,
    )
    this.delete(
      name,
      stale.map(([, value]) => value),
    )
    this.add(name, wanted.values())
  }

  /** The values of a list, in the order they came. */
  values(name: string): string[] {
    return [...(this.#lists.get(name)?.values() ?? [])]
  }

  get names(): string[] {
    return [...this.#lists.keys()]
  }

  /** Longest matches of each list in a sentence. */
  find(tokens: readonly Token[]): PhraseMatch[] {
    return this.#matcher.find(tokens)
  }
}
