/**
 * What the user said, read in order: as an answer to what is asked, as a way to steer (cancel, repeat, skip, a person), as a
 * correction, as another intent; at last as something that was not understood, which no hook gets to see.
 */
import { resolveSlot } from '../slot-types/resolve-slot.ts'
import { answer, answerAsBefore, fail } from './answer-turn.ts'
import {
  beginFallback,
  beginIntent,
  candidateIntent,
  fallbackOf,
  isClear,
  takeUpAside,
} from './begin-intent.ts'
import type { StepResult } from './effect.ts'
import type { IntentIndex, SlotIndex } from './locale-index.ts'
import {
  close,
  confirm,
  elicitSlot,
  end,
  phrase,
  proceed,
  rejected,
  understood,
} from './proceed.ts'
import { joinedSaid, promptSaid, statementSaid, textSaid } from './prompt-selection.ts'
import { afterPhrase, correction } from './repair.ts'
import type { ActiveIntent, Eliciting, SlotValue } from './session.ts'
import {
  activeIntent,
  intentIndexOf,
  note,
  placeholderValues,
  type TurnDraft,
  update,
} from './turn-draft.ts'
import { labelledSlots } from './understood-slots.ts'

const defaultRetries = 2

export function readInput(draft: TurnDraft, degraded: boolean): StepResult {
  takeUpAside(draft)
  const { session } = draft
  const intent = activeIntent(draft)
  const index = intent ? intentIndexOf(draft, intent.name) : undefined
  const read = (): StepResult => {
    const { intent: last } = session
    if (last?.eliciting?.type === 'followUp') return readFollowUp(draft, last)
    // An intent that a newer version no longer has can't go on.
    if (!intent || !index) return steered(draft, null) ?? readIntent(draft)
    const { eliciting } = intent
    if (eliciting?.type === 'slot') return readSlot(draft, intent, index, eliciting)
    if (eliciting?.type === 'confirm') return readConfirmation(draft, intent, index, eliciting)
    return (
      steered(draft, intent) ??
      readChange(draft, intent, index) ??
      readOther(draft, intent) ??
      proceed(draft, intent)
    )
  }
  if (!degraded) return read()
  const before = draft.session
  const noted = draft.effects.length
  const result = read()
  const onlyWords = draft.entities.length === 0 && draft.interpretations.length === 0
  const understoodNothing = result.effects.some(
    (effect) => effect.type === 'note' && effect.name === 'notUnderstood',
  )
  if (!onlyWords || !understoodNothing) return result
  // Nobody knows what it meant: that is not the user's failed attempt.
  draft.session = before
  draft.effects.length = noted
  draft.preface = []
  return answerAsBefore(draft, textSaid(phrase(draft, 'apology', intent)))
}

function readSlot(
  draft: TurnDraft,
  intent: ActiveIntent,
  index: IntentIndex,
  eliciting: Extract<Eliciting, { type: 'slot' }>,
): StepResult {
  const slot = index.slots.get(eliciting.slot)
  if (!slot) return proceed(draft, { ...intent, eliciting: null })
  const resolved = resolveSlot(slot, draft.text, draft.entities, draft.answering)
  if (resolved?.strength === 'known' && !isSteering(draft, slot)) {
    return filled(draft, intent, index, slot, resolved.value)
  }
  const steering = steered(draft, intent)
  if (steering) return steering
  if (draft.index.phrases.skip.has(draft.key) && !slot.model.required)
    return skipped(draft, intent, slot)
  const corrected = correction(draft, intent, index)
  const candidate = candidateIntent(draft)
  const other = candidate && candidate.name !== intent.name ? candidate : null
  const otherIsClear = other !== null && isClear(draft, other)
  if (corrected && !(corrected.open && otherIsClear)) {
    return changed(draft, intent, corrected.slots, 'corrected')
  }
  if (resolved?.strength === 'guess' && !otherIsClear) {
    return filled(draft, intent, index, slot, resolved.value)
  }
  const repeated = index.utterances.has(draft.key)
  if (resolved && !otherIsClear && !repeated)
    return filled(draft, intent, index, slot, resolved.value)
  // Other slots of the intent, where the one that is asked for takes only what it knows.
  const named = labelledSlots(draft, index)
  if (named.size > 0 && !otherIsClear) return changed(draft, intent, named, null)
  if (other) return begun(draft, other)
  if (repeated) return elicitSlot(draft, intent, slot.model.name, eliciting.custom)
  return notUnderstood(draft, intent, index)
}

/** "cancel" is a book's title only where the type knows it. */
function isSteering({ index, key }: TurnDraft, slot: SlotIndex): boolean {
  if (slot.type.values.has(key)) return false
  const { cancel, repeat, person } = index.phrases
  return cancel.has(key) || repeat.has(key) || person.has(key)
}

/** The slot that was asked for is filled, and others that were named beside it. */
function filled(
  draft: TurnDraft,
  intent: ActiveIntent,
  index: IntentIndex,
  { model }: SlotIndex,
  value: SlotValue,
): StepResult {
  const slots = { ...intent.slots, [model.name]: value }
  if (draft.entities.length > 0) {
    for (const [name, other] of labelledSlots(draft, index)) {
      if (name !== model.name && !slots[name] && other.original !== value.original)
        slots[name] = other
    }
  }
  update(draft, { misunderstood: 0 })
  return understood(draft, { ...intent, slots, confirmation: 'None', lastFilled: model.name })
}

/** Slots are changed while something else was asked: what was confirmed is so no more, a value that was turned down is gone. */
function changed(
  draft: TurnDraft,
  intent: ActiveIntent,
  values: ReadonlyMap<string, SlotValue>,
  noted: 'corrected' | null,
): StepResult {
  const { eliciting } = intent
  const slots: Record<string, SlotValue | null> = { ...intent.slots }
  if (eliciting?.type === 'slot' && Object.hasOwn(slots, eliciting.slot))
    slots[eliciting.slot] = null
  let lastFilled = intent.lastFilled
  for (const [name, value] of values) {
    slots[name] = value
    lastFilled = name
  }
  if (noted) note(draft, noted, [...values.keys()].join(', '))
  update(draft, { misunderstood: 0 })
  return understood(draft, {
    ...intent,
    slots,
    confirmation: 'None',
    ...(lastFilled === undefined ? {} : { lastFilled }),
  })
}

function skipped(draft: TurnDraft, intent: ActiveIntent, { model }: SlotIndex): StepResult {
  note(draft, 'skipped', model.name)
  return understood(draft, {
    ...intent,
    slots: { ...intent.slots, [model.name]: null },
    skipped: [...(intent.skipped ?? []).filter((name) => name !== model.name), model.name],
  })
}

function readConfirmation(
  draft: TurnDraft,
  intent: ActiveIntent,
  index: IntentIndex,
  { byHook, custom }: Extract<Eliciting, { type: 'confirm' }>,
): StepResult {
  const { phrases } = draft.index
  const saidYes = leading(draft, phrases.yes, phrases.yesList)
  const saidNo = leading(draft, phrases.no, phrases.noList)
  if (saidYes === '') return confirmed(draft, intent, index, byHook)
  if (saidNo === '') return denied(draft, intent, index)
  const steering = steered(draft, intent)
  if (steering) return steering
  const corrected =
    correction(draft, intent, index) ??
    (saidYes || saidNo ? correction(draft, intent, index, saidYes || saidNo || '') : null)
  const candidate = candidateIntent(draft)
  const other = candidate && candidate.name !== intent.name ? candidate : null
  if (corrected && !(corrected.open && other && isClear(draft, other))) {
    return changed(draft, intent, corrected.slots, 'corrected')
  }
  const change = readChange(draft, intent, index)
  if (change) return change
  if (other) return begun(draft, other)
  // "no" and more words is a no; "yes" and more words may be a "yes, but", and is asked again.
  if (saidNo !== null) return denied(draft, intent, index)
  return notUnderstood(draft, intent, index, () =>
    confirm(draft, intent, byHook, custom, intent.attempts + 1),
  )
}

/** What follows a yes (or a no): '' when it is all, null when the text does not begin so. */
function leading(
  { key, text }: TurnDraft,
  phrases: ReadonlySet<string>,
  list: readonly string[],
): string | null {
  if (phrases.has(key)) return ''
  let rest = afterPhrase(text, list)
  // "yes, please do", "no no": more of the same.
  for (let i = 0; rest !== null && rest !== '' && i < 4; i++) {
    const more = afterPhrase(rest, list)
    if (more === null) break
    rest = more
  }
  return rest
}

/** Slots that were named while nothing or a confirmation was asked. */
function readChange(draft: TurnDraft, intent: ActiveIntent, index: IntentIndex): StepResult | null {
  const named = new Map(
    [...labelledSlots(draft, index)].filter(
      ([name, value]) => intent.slots[name]?.value !== value.value,
    ),
  )
  if (named.size === 0) {
    for (const [name, slot] of index.slots) {
      if (slot.type.values.size === 0 && !slot.type.pattern) continue
      const resolved = resolveSlot(slot, draft.text, [], draft.answering)
      if (resolved?.strength !== 'known' || resolved.value.value === intent.slots[name]?.value)
        continue
      named.set(name, resolved.value)
      break
    }
  }
  return named.size === 0 ? null : changed(draft, intent, named, 'corrected')
}

function confirmed(
  draft: TurnDraft,
  intent: ActiveIntent,
  index: IntentIndex,
  byHook: boolean,
): StepResult {
  const next: ActiveIntent = { ...intent, confirmation: 'Confirmed', eliciting: null, attempts: 0 }
  const missing = index.model.slots.some(({ name, required }) => required && !intent.slots[name])
  // A hook that asked before all was known decides what its "yes" means.
  if (byHook && missing) return understood(draft, next)
  return proceed(draft, next)
}

function denied(draft: TurnDraft, intent: ActiveIntent, index: IntentIndex): StepResult {
  const next: ActiveIntent = { ...intent, confirmation: 'Denied', eliciting: null, attempts: 0 }
  return index.model.dialogHook === null ? rejected(draft, next) : understood(draft, next)
}

function readFollowUp(draft: TurnDraft, last: ActiveIntent): StepResult {
  const { phrases, model } = draft.index
  const followUp = intentIndexOf(draft, last.name)?.model.followUp
  const done: ActiveIntent = { ...last, eliciting: null }
  if (!followUp) {
    update(draft, { intent: done })
    return readIntent(draft)
  }
  const saidYes = leading(draft, phrases.yes, phrases.yesList)
  const values = placeholderValues(draft, last)
  if (saidYes === '') {
    update(draft, { intent: done })
    const asked = model.clarification && promptSaid(model.clarification, 0, draft.seed, values)
    return answer(draft, 'ElicitIntent', null, null, asked)
  }
  const state = last.state === 'ReadyForFulfillment' ? 'ReadyForFulfillment' : 'Fulfilled'
  if (leading(draft, phrases.no, phrases.noList) === '') {
    return end(draft, done, state, statementSaid(followUp.rejection, draft.seed, values))
  }
  const steering = steered(draft, null)
  if (steering) return steering
  const candidate = candidateIntent(draft)
  if (candidate) {
    update(draft, { intent: done })
    return begun(draft, candidate)
  }
  note(draft, 'notUnderstood', draft.text.slice(0, 80))
  const attempts = last.attempts + 1
  if (attempts > followUp.prompt.retries) return usedUp(draft, done)
  const again = { ...last, attempts }
  return answer(
    draft,
    state,
    again,
    null,
    promptSaid(followUp.prompt, attempts, draft.seed, values),
  )
}

/** Nothing is asked: it is an intent, or it is asked what was meant. */
function readIntent(draft: TurnDraft): StepResult {
  const candidate = candidateIntent(draft)
  if (candidate) return begun(draft, candidate)
  const { index, session, seed } = draft
  note(draft, 'notUnderstood', '')
  const fallback = fallbackOf(index)
  if (fallback !== null) return beginFallback(draft, fallback)
  const { clarification } = index.model
  const attempts = session.misunderstood
  if (clarification && attempts <= clarification.retries) {
    update(draft, { misunderstood: attempts + 1 })
    const said = promptSaid(clarification, attempts, seed, placeholderValues(draft, null))
    return answer(draft, 'ElicitIntent', null, null, said)
  }
  if (!clarification && !index.model.abort) {
    return fail(
      draft,
      'BAD_REQUEST',
      'nothing was understood, and the bot has neither a fallback intent nor a clarification prompt; give it one of them',
    )
  }
  return usedUp(draft, null)
}

function readOther(draft: TurnDraft, intent: ActiveIntent): StepResult | null {
  const candidate = candidateIntent(draft)
  return candidate && candidate.name !== intent.name ? begun(draft, candidate) : null
}

/** Built-in intents without a hook steer; all others begin. */
function begun(draft: TurnDraft, candidate: { name: string; confidence: number }): StepResult {
  const model = intentIndexOf(draft, candidate.name)?.model
  if (
    model &&
    model.fulfilmentHook === null &&
    model.dialogHook === null &&
    !model.closing &&
    !model.success
  ) {
    const active = activeIntent(draft)
    if (model.builtin === 'AMAZON.RepeatIntent') return repeated(draft)
    if (model.builtin === 'AMAZON.CancelIntent' || model.builtin === 'AMAZON.StopIntent') {
      if (active) return cancelled(draft, active)
    }
  }
  return beginIntent(draft, candidate)
}

/** Cancel, repeat, a person: said in so many words. */
function steered(draft: TurnDraft, intent: ActiveIntent | null): StepResult | null {
  const { phrases } = draft.index
  if (phrases.person.has(draft.key)) {
    draft.effects.push({ type: 'askForPerson' })
    return answerAsBefore(draft, textSaid(phrase(draft, 'handedOff', intent)))
  }
  if (phrases.repeat.has(draft.key) && draft.session.lastSaid) return repeated(draft)
  if (intent && phrases.cancel.has(draft.key)) return cancelled(draft, intent)
  return null
}

function repeated(draft: TurnDraft): StepResult {
  const { lastSaid } = draft.session
  return lastSaid ? answerAsBefore(draft, lastSaid) : readIntent({ ...draft, interpretations: [] })
}

function cancelled(draft: TurnDraft, intent: ActiveIntent): StepResult {
  note(draft, 'cancelled', intent.name)
  return close(draft, intent, 'Failed', textSaid(phrase(draft, 'cancelled', intent)))
}

/** Asks again, each retry in its own words, until the attempts are used up. No hook is called. */
function notUnderstood(
  draft: TurnDraft,
  intent: ActiveIntent,
  index: IntentIndex,
  again?: () => StepResult,
): StepResult {
  const { eliciting, attempts } = intent
  note(draft, 'notUnderstood', '')
  const prompt =
    eliciting?.type === 'slot'
      ? index.slots.get(eliciting.slot)?.model.prompt
      : index.model.confirmation?.prompt
  if (attempts >= (prompt?.retries ?? defaultRetries)) return usedUp(draft, intent)
  if (again) return again()
  if (eliciting?.type !== 'slot') return proceed(draft, intent)
  return elicitSlot(draft, intent, eliciting.slot, eliciting.custom, attempts + 1)
}

/** The fallback intent takes over, or the abort statement ends it. What was laid aside is given up with it. */
function usedUp(draft: TurnDraft, intent: ActiveIntent | null): StepResult {
  note(draft, 'aborted', intent?.name ?? '')
  update(draft, { stack: [], misunderstood: 0 })
  const fallback = fallbackOf(draft.index)
  if (fallback !== null && fallback !== intent?.name) {
    update(draft, {
      intent: intent && { ...intent, state: 'Failed', eliciting: null, attempts: 0 },
    })
    return beginFallback(draft, fallback)
  }
  const { abort } = draft.index.model
  const said = abort && statementSaid(abort, draft.seed, placeholderValues(draft, intent))
  if (intent) return close(draft, intent, 'Failed', said)
  return answer(draft, 'Failed', null, null, joinedSaid(said))
}
