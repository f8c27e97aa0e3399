/**
 * Sentences that are an utterance word for word, with any words where it has a placeholder: understood for certain, without a trained
 * model. Linear in the sentence for each utterance that begins or ends with the same word.
 */
import type { LocaleModel } from '../model/bot-model.ts'
import { utteranceParts } from '../model/utterance.ts'

export interface TemplateMatch {
  readonly intent: string
  readonly slots: readonly TemplateSlot[]
  /** Words that stand in the utterance itself. */
  readonly literals: number
}

export interface TemplateSlot {
  readonly slot: string
  /** UTF-16 offsets into the text, end exclusive. */
  readonly start: number
  readonly end: number
}

/** Words, or the name of a slot. */
type Part = { readonly words: readonly string[] } | { readonly slot: string }

interface Template {
  readonly intent: string
  readonly parts: readonly Part[]
  readonly literals: number
}

interface Word {
  readonly key: string
  readonly start: number
  readonly end: number
}

const mostWords = 100

export class Templates {
  readonly #exact = new Map<string, string[]>()
  readonly #byFirst = new Map<string, Template[]>()
  readonly #byLast = new Map<string, Template[]>()
  /** Neither begin nor end with a word. */
  readonly #open: Template[] = []

  constructor(locale: LocaleModel) {
    for (const { name, utterances } of locale.intents)
      for (const utterance of utterances) this.#add(name, utterance)
  }

  /** All utterances that the text is, those with most words of their own first. */
  match(text: string): readonly TemplateMatch[] {
    const words = wordsOf(text)
    if (words.length === 0 || words.length > mostWords) return []
    const exact = this.#exact.get(words.map(({ key }) => key).join(' ')) ?? []
    const found = exact.map((intent) => ({ intent, slots: [], literals: words.length }))
    const candidates = [
      ...(this.#byFirst.get((words[0] as Word).key) ?? []),
      ...(this.#byLast.get((words.at(-1) as Word).key) ?? []),
      ...this.#open,
    ]
    const filled = candidates.flatMap((template) => {
      const slots = fill(template.parts, words)
      return slots ? [{ intent: template.intent, slots, literals: template.literals }] : []
    })
    return [...found, ...filled].sort((a, b) => b.literals - a.literals)
  }

  #add(intent: string, utterance: string): void {
    const parts = utteranceParts(utterance).map(
      (part): Part =>
        part.type === 'slot'
          ? { slot: part.slot }
          : { words: wordsOf(part.text).map(({ key }) => key) },
    )
    const used = parts.filter((part) => 'slot' in part || part.words.length > 0)
    const [first] = used
    const last = used.at(-1)
    if (!first || !last) return
    if (used.every((part) => 'words' in part)) {
      const key = used.flatMap((part) => ('words' in part ? part.words : [])).join(' ')
      const intents = entry(this.#exact, key)
      if (!intents.includes(intent)) intents.push(intent)
      return
    }
    const literals = used.reduce((sum, part) => sum + ('words' in part ? part.words.length : 0), 0)
    const template = { intent, parts: used, literals }
    if ('words' in first) entry(this.#byFirst, first.words[0] as string).push(template)
    else if ('words' in last) entry(this.#byLast, last.words.at(-1) as string).push(template)
    else this.#open.push(template)
  }
}

function entry<T>(map: Map<string, T[]>, key: string): T[] {
  const list = map.get(key) ?? []
  map.set(key, list)
  return list
}

function wordsOf(text: string): Word[] {
  return [...text.matchAll(/[\p{L}\p{M}\p{N}%+]+/gu)].map((match) => ({
    key: match[0].normalize('NFC').toLowerCase(),
    start: match.index,
    end: match.index + match[0].length,
  }))
}

/** Each run of words where it first can stand; each slot takes what lies between, one word at least. */
function fill(parts: readonly Part[], words: readonly Word[]): TemplateSlot[] | null {
  const slots: TemplateSlot[] = []
  let at = 0
  let open: string | undefined
  const close = (to: number): boolean => {
    if (open === undefined) return to === at
    if (to <= at) return false
    slots.push({ slot: open, start: (words[at] as Word).start, end: (words[to - 1] as Word).end })
    open = undefined
    return true
  }
  for (const [i, part] of parts.entries()) {
    if ('slot' in part) {
      // Two placeholders side by side: the first takes one word.
      if (open !== undefined && !(at < words.length && close(at + 1) && ++at)) return null
      open = part.slot
      continue
    }
    const isLast = i === parts.length - 1
    const from = isLast
      ? words.length - part.words.length
      : find(part.words, words, open === undefined ? at : at + 1)
    if (from < at || !isAt(part.words, words, from) || !close(from)) return null
    at = from + part.words.length
  }
  return close(words.length) ? slots : null
}

function find(wanted: readonly string[], words: readonly Word[], from: number): number {
  for (let at = from; at <= words.length - wanted.length; at++)
    if (isAt(wanted, words, at)) return at
  return -1
}

function isAt(wanted: readonly string[], words: readonly Word[], at: number): boolean {
  return wanted.every((word, i) => words[at + i]?.key === word)
}
