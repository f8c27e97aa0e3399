/** Corrections in the middle of an intent: "no, I meant twilight", "change the type to fantasy", "change the type". */
import { resolveSlot } from '../slot-types/resolve-slot.ts'
import type { IntentIndex, SlotIndex } from './locale-index.ts'
import type { ActiveIntent, SlotValue } from './session.ts'
import { textKey } from './text-key.ts'
import type { TurnDraft } from './turn-draft.ts'
import { labelledSlots } from './understood-slots.ts'

export interface Correction {
  readonly slots: ReadonlyMap<string, SlotValue>
  /** Only open types took the words: they may mean something else. */
  readonly open: boolean
  /** The slot that is to be asked for again: it was named without a value. */
  readonly again?: string
}

/** What a text changes; null when it is no correction. */
export function correction(
  draft: TurnDraft,
  intent: ActiveIntent,
  index: IntentIndex,
  text: string = draft.text,
): Correction | null {
  const changed = change(draft, index, text)
  if (changed) return changed
  const rest = afterPhrase(text, draft.index.phrases.correct)
  if (rest === null || rest === '') return renewed(draft, intent, index, text)
  return (
    change(draft, index, rest) ??
    renewed(draft, intent, index, rest) ??
    meant(draft, intent, index, rest)
  )
}

/** "change the {slot}", without saying to what: in the words by which the language's first phrase of that kind begins. */
function renewed(
  draft: TurnDraft,
  intent: ActiveIntent,
  index: IntentIndex,
  text: string,
): Correction | null {
  const { change: frames, changeVerb: verb } = draft.index.phrases
  const key = text === draft.text ? draft.key : textKey(text)
  if (verb === '' || !key.startsWith(verb)) return null
  for (const { before, slotFirst } of frames) {
    if (!slotFirst || before.split(' ')[0] !== verb || !key.startsWith(`${before} `)) continue
    const slot = slotCalled(index, key.slice(before.length + 1))
    if (slot && intent.slots[slot.model.name]) {
      return { slots: new Map(), open: false, again: slot.model.name }
    }
  }
  return null
}

/** "change the {slot} to {value}". */
function change(draft: TurnDraft, index: IntentIndex, text: string): Correction | null {
  const key = textKey(text)
  for (const { before, between, after, slotFirst } of draft.index.phrases.change) {
    if (!key.startsWith(before) || !key.endsWith(after)) continue
    const inner = key.slice(before.length, after === '' ? undefined : -after.length)
    for (const at of betweens(inner, between)) {
      const first = inner.slice(0, at).trim()
      const second = inner.slice(at + between.length).trim()
      const slot = slotCalled(index, slotFirst ? first : second)
      if (!slot) continue
      const said = asTyped(text, slotFirst ? second : first)
      const value = resolveSlot(slot, said, [], draft.answering)
      if (value) return { slots: new Map([[slot.model.name, value.value]]), open: false }
    }
  }
  return null
}

/** Where the words between slot and value stand: as whole words, where the script has such. Nothing between: any space. */
function betweens(inner: string, between: string): number[] {
  const found: number[] = []
  const wanted = between === '' ? ' ' : between
  const isWord = /[a-z\p{Script=Latin}\p{Script=Arabic}\p{Script=Devanagari}]/u.test(between)
  for (let at = inner.indexOf(wanted, 1); at > 0 && found.length < 20; ) {
    const isWhole = inner[at - 1] === ' ' && (inner[at + between.length] ?? ' ') === ' '
    if (!isWord || isWhole) found.push(at)
    at = inner.indexOf(wanted, at + 1)
  }
  return found
}

/** "no, I meant …": what was asked or filled last, if the words are known there; else what was understood by name. */
function meant(
  draft: TurnDraft,
  intent: ActiveIntent,
  index: IntentIndex,
  rest: string,
): Correction | null {
  const named = labelledSlots(draft, index)
  if (named.size > 0) return { slots: named, open: false }
  const asked = intent.eliciting?.type === 'slot' ? intent.eliciting.slot : undefined
  const filled = index.model.slots.filter(({ name }) => intent.slots[name]).map(({ name }) => name)
  // A value that was turned down is still in the slot that is asked for: that one is meant.
  const order = [
    ...(asked !== undefined && intent.slots[asked] ? [asked] : []),
    ...(intent.lastFilled === undefined ? [] : [intent.lastFilled]),
    ...(asked === undefined ? [] : [asked]),
    ...filled,
  ]
  const answers = order.flatMap((name) => {
    const slot = index.slots.get(name)
    const resolved = slot && resolveSlot(slot, rest, [], draft.answering)
    return resolved ? [{ name, resolved }] : []
  })
  const found = answers.find(({ resolved }) => resolved.strength !== 'open') ?? answers[0]
  if (!found) return null
  return {
    slots: new Map([[found.name, found.resolved.value]]),
    open: found.resolved.strength === 'open',
  }
}

/** The slot that users would call so: `bookType` is "book type", or "type" when no other slot ends so, or "book" when none begins so. */
function slotCalled(index: IntentIndex, called: string): SlotIndex | null {
  if (called === '') return null
  const slots = [...index.slots.values()]
  const exact = slots.find(({ model }) => wordsOf(model.name) === called)
  if (exact) return exact
  for (const place of [-1, 0]) {
    const those = slots.filter(({ model }) => wordsOf(model.name).split(' ').at(place) === called)
    if (those.length === 1) return those[0] ?? null
  }
  // "the book" is the slot of the type AMAZON.Book.
  const ofType = slots.filter(({ type }) => wordsOf(type.name.replace(/^AMAZON\./, '')) === called)
  return ofType.length === 1 ? (ofType[0] ?? null) : null
}

function wordsOf(name: string): string {
  return textKey(name.replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2'))
}

/** What follows one of the phrases at the beginning of a text, as typed; null when none stands there. */
export function afterPhrase(text: string, phrases: readonly string[]): string | null {
  const key = textKey(text)
  for (const phrase of phrases) {
    if (!key.startsWith(phrase)) continue
    const next = key[phrase.length]
    // Scripts without spaces go on at once.
    if (
      next !== undefined &&
      next !== ' ' &&
      /[a-z\p{Script=Latin}\p{Script=Arabic}\p{Script=Devanagari}]/u.test(next)
    )
      continue
    const rest = key.slice(phrase.length).trim()
    return rest === '' ? '' : asTyped(text, rest)
  }
  return null
}

/** The end of a text whose key is this, as typed. */
function asTyped(text: string, key: string): string {
  const words = text.trim().split(/\s+/)
  for (let from = 0; from < words.length; from++) {
    for (let to = words.length; to > from; to--) {
      const said = words.slice(from, to).join(' ')
      if (said.length < key.length) break
      if (textKey(said) === key) return said.replace(/^[\p{P}\s]+|[.,!?;:\s]+$/gu, '') || key
    }
    if (from > 60) break
  }
  const at = text.toLowerCase().lastIndexOf(key)
  return at < 0 ? key : text.slice(at, at + key.length)
}
