/** Begins an intent: slots from the words that named it, then defaults; what was under way is laid aside, to be taken up again. */

import type { StepResult } from './effect.ts'
import type { LocaleIndex } from './locale-index.ts'
import { understood } from './proceed.ts'
import type { ActiveIntent, SlotValue } from './session.ts'
import {
  activeIntent,
  emptySlots,
  intentIndexOf,
  note,
  type TurnDraft,
  update,
} from './turn-draft.ts'
import { understoodSlots } from './understood-slots.ts'

/** Digressions are laid aside this deep; the oldest is forgotten then. */
const maxStack = 5

export interface Candidate {
  readonly name: string
  readonly confidence: number
}

/** The likeliest intent that may begin now, of sufficient confidence. */
export function candidateIntent(draft: TurnDraft): Candidate | null {
  const { index, session, key } = draft
  const active = session.contexts
  for (const { name, confidence } of draft.interpretations) {
    const intent = index.intents.get(name)
    if (!intent || intent.model.builtin === 'AMAZON.FallbackIntent') continue
    if (
      !intent.model.inputContexts.every((needed) =>
        active.some((context) => context.name === needed),
      )
    )
      continue
    return confidence >= index.model.threshold || intent.utterances.has(key)
      ? { name, confidence }
      : null
  }
  return null
}

/** Whether a candidate is clear enough to be meant where any words would be an answer. */
export function isClear({ index, key }: TurnDraft, { name, confidence }: Candidate): boolean {
  return confidence >= 0.9 || index.intents.get(name)?.utterances.has(key) === true
}

export function beginIntent(draft: TurnDraft, { name, confidence }: Candidate): StepResult {
  const intent = intentIndexOf(draft, name)
  if (!intent) throw new TypeError(`begin only intents of the model, not ${name}`)
  const aside = draft.session.stack.findLast((other) => other.name === name)
  layAside(draft, name)
  const found = understoodSlots(draft, intent)
  const slots: Record<string, SlotValue | null> = aside ? { ...aside.slots } : emptySlots(intent)
  let lastFilled = aside?.lastFilled
  for (const [slot, value] of found) {
    slots[slot] = value
    lastFilled = slot
  }
  for (const { name: slot, defaults } of intent.model.slots) {
    if (!slots[slot] && defaults.length > 0) slots[slot] = defaultValue(draft, defaults)
  }
  update(draft, { misunderstood: 0 })
  return understood(draft, {
    name,
    slots,
    confirmation: 'None',
    state: 'InProgress',
    eliciting: null,
    attempts: 0,
    confidence,
    ...(lastFilled === undefined ? {} : { lastFilled }),
  })
}

/** The fallback intent takes an input that nothing else understood. */
export function beginFallback(draft: TurnDraft, name: string): StepResult {
  const intent = intentIndexOf(draft, name)
  if (!intent) throw new TypeError(`begin only intents of the model, not ${name}`)
  update(draft, { misunderstood: 0 })
  return understood(draft, {
    name,
    slots: emptySlots(intent),
    confirmation: 'None',
    state: 'InProgress',
    eliciting: null,
    attempts: 0,
    confidence: null,
  })
}

/** Another intent than the active one lays that one aside; one that lay aside itself is taken from there. */
function layAside(draft: TurnDraft, next: string): void {
  const current = activeIntent(draft)
  const digresses = current !== null && current.name !== next
  const { stack } = draft.session
  const others = stack.filter(({ name }) => name !== next && (!digresses || name !== current.name))
  if (!digresses && others.length === stack.length) return
  if (digresses) note(draft, 'digressed', `${current.name} to ${next}`)
  update(draft, { stack: digresses ? [...others, current].slice(-maxStack) : others })
}

/** `literal`, `[attribute]`, `#context.parameter`: the first that has a value. */
function defaultValue({ session }: TurnDraft, defaults: readonly string[]): SlotValue | null {
  for (const given of defaults) {
    const [, attribute] = /^\[(.+)\]$/.exec(given) ?? []
    const [, context, parameter] = /^#([^.]+)\.(.+)$/.exec(given) ?? []
    const value =
      attribute !== undefined
        ? own(session.attributes, attribute)
        : parameter !== undefined
          ? own(session.contexts.find(({ name }) => name === context)?.parameters ?? {}, parameter)
          : given
    if (value !== undefined && value !== '') return { original: value, value, resolved: [value] }
  }
  return null
}

function own(record: Readonly<Record<string, string>>, name: string): string | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}

/** Whether the model has an intent of that name that takes what nothing else does. */
export function fallbackOf({ model, intents }: LocaleIndex): string | null {
  return model.fallbackIntent !== null && intents.has(model.fallbackIntent)
    ? model.fallbackIntent
    : null
}

/** An intent that may be resumed without asking again: the user went on by themselves. */
export function takeUpAside(draft: TurnDraft): void {
  const { stack } = draft.session
  const intent: ActiveIntent | undefined = stack.at(-1)
  if (!intent || activeIntent(draft) || draft.session.intent?.eliciting?.type === 'followUp') return
  update(draft, { stack: stack.slice(0, -1), intent })
  note(draft, 'resumed', intent.name)
}
