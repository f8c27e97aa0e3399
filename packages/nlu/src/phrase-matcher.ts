/**
 * Finds the phrases of many named lists (lookup tables, live vocabularies, places) in a sentence, token by token in a trie, in one
 * pass. Phrases come and go at any time; matching costs the length of the sentence, whatever the size of the lists.
 */
import { normalizeWord, type Token, tokenize } from './tokenize.ts'

export interface PhraseMatch {
  readonly list: string
  /** The phrase as it was added. */
  readonly phrase: string
  /** Token numbers, `to` exclusive. */
  readonly from: number
  readonly to: number
  /** How many times the phrase was added to the list. */
  readonly count: number
}

interface Node {
  readonly next: Map<string, Node>
  /** By list: the phrase and how often it was added. */
  ends: Map<string, { phrase: string; count: number }> | undefined
}

export class PhraseMatcher {
  readonly #root: Node = { next: new Map(), ends: undefined }
  readonly #lists = new Map<string, number>()

  /** The names of the lists that hold a phrase. */
  get lists(): string[] {
    return [...this.#lists.keys()]
  }

  /** Adds a phrase; again, its count grows. A phrase without a token is left out. */
  add(list: string, phrase: string): void {
    this.#last = undefined
    const tokens = tokenize(phrase)
    if (tokens.length === 0) return
    let node = this.#root
    for (const { text } of tokens) {
      let next = node.next.get(text)
      if (!next) {
        next = { next: new Map(), ends: undefined }
        node.next.set(text, next)
      }
      node = next
    }
    node.ends ??= new Map()
    const end = node.ends.get(list)
    if (end) {
      end.count++
      return
    }
    node.ends.set(list, { phrase, count: 1 })
    this.#lists.set(list, (this.#lists.get(list) ?? 0) + 1)
  }

  /** Takes a phrase out of a list, however often it was added; false when it was not there. */
  delete(list: string, phrase: string): boolean {
    this.#last = undefined
    const path: [Node, string][] = []
    let node: Node | undefined = this.#root
    for (const { text } of tokenize(phrase)) {
      path.push([node, text])
      node = node.next.get(text)
      if (!node) return false
    }
    if (!node.ends?.delete(list)) return false
    if (node.ends.size === 0) node.ends = undefined
    const left = (this.#lists.get(list) ?? 1) - 1
    if (left === 0) this.#lists.delete(list)
    else this.#lists.set(list, left)
    for (const [parent, word] of path.reverse()) {
      const child = parent.next.get(word)
      if (child && child.next.size === 0 && !child.ends) parent.next.delete(word)
    }
    return true
  }

  /**
   * The longest match of each list at each place; matches of one list never overlap (leftmost first). A sentence is asked for several
   * times on its way through a pipeline: the last answer is kept.
   */
  find(tokens: readonly Token[]): PhraseMatch[] {
    if (this.#lists.size === 0) return []
    if (this.#last?.tokens !== tokens || this.#last.length !== tokens.length)
      this.#last = { tokens, length: tokens.length, found: this.#find(tokens) }
    return this.#last.found.slice()
  }

  #last: { tokens: readonly Token[]; length: number; found: readonly PhraseMatch[] } | undefined

  #find(tokens: readonly Token[]): PhraseMatch[] {
    const found: PhraseMatch[] = []
    const covered = new Map<string, number>()
    for (let from = 0; from < tokens.length; from++) {
      let node = this.#root.next.get((tokens[from] as Token).text)
      // Most words begin no phrase: nothing is made for them.
      if (!node) continue
      let longest: Map<string, PhraseMatch> | undefined
      for (let to = from + 1; node; to++) {
        if (node.ends) {
          for (const [list, { phrase, count }] of node.ends) {
            if ((covered.get(list) ?? 0) > from) continue
            longest ??= new Map()
            longest.set(list, { list, phrase, from, to, count })
          }
        }
        const token = tokens[to]
        node = token && node.next.get(token.text)
      }
      if (!longest) continue
      for (const match of longest.values()) {
        covered.set(match.list, match.to)
        found.push(match)
      }
    }
    return found
  }
}

/** Two spellings of one phrase have the same key: case, spacing, apostrophes and compatibility forms do not count. */
export function phraseKey(phrase: string): string {
  return (
    tokenize(phrase)
      .map(({ text }) => text)
      .join(' ') || normalizeWord(phrase.trim())
  )
}
