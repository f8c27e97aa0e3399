/**
 * An answer to a question for a slot: a value of its type first; then steering, corrections and other intents; at last any words, where
 * the type takes any.
 */

import { resolveSlot } from '../slot-types/resolve-slot.ts'
import { candidateIntent, isClear } from './begin-intent.ts'
import { changed, corrected } from './change-slots.ts'
import type { StepResult } from './effect.ts'
import type { IntentIndex, SlotIndex } from './locale-index.ts'
import { notUnderstood } from './not-understood.ts'
import { elicitSlot, proceed, understood } from './proceed.ts'
import { correction } from './repair.ts'
import type { ActiveIntent, Eliciting, SlotValue } from './session.ts'
import { begun, steered } from './steering.ts'
import { note, type TurnDraft, update } from './turn-draft.ts'
import { labelledSlots } from './understood-slots.ts'

export function readSlot(
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
  const correcting = correction(draft, intent, index)
  const candidate = candidateIntent(draft)
  const other = candidate && candidate.name !== intent.name ? candidate : null
  const otherIsClear = other !== null && isClear(draft, other)
  if (correcting && !(correcting.open && otherIsClear)) {
    return corrected(draft, intent, index, correcting)
  }
  if (resolved?.strength === 'guess' && !otherIsClear) {
    return filled(draft, intent, index, slot, resolved.value)
  }
  const repeated = index.utterances.has(draft.key)
  // "order a romance book" is no title: it says the intent again, with another of its slots.
  const again = candidate?.name === intent.name && isClear(draft, candidate)
  const isAnswer = resolved && !otherIsClear && !repeated
  if (isAnswer && !(again && namesAnother(draft, index, slot)))
    return filled(draft, intent, index, slot, resolved.value)
  // Other slots of the intent, where the one that is asked for takes only what it knows.
  const named = labelledSlots(draft, index)
  if (named.size > 0 && !otherIsClear) return changed(draft, intent, named, null)
  if (other) return begun(draft, other)
  if (repeated) return elicitSlot(draft, intent, slot.model.name, eliciting.custom)
  return notUnderstood(draft, intent, index)
}

function namesAnother(draft: TurnDraft, index: IntentIndex, { model }: SlotIndex): boolean {
  const named = labelledSlots(draft, index)
  return named.size > 0 && !named.has(model.name)
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

function skipped(draft: TurnDraft, intent: ActiveIntent, { model }: SlotIndex): StepResult {
  note(draft, 'skipped', model.name)
  return understood(draft, {
    ...intent,
    slots: { ...intent.slots, [model.name]: null },
    skipped: [...(intent.skipped ?? []).filter((name) => name !== model.name), model.name],
  })
}
