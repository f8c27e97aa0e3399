/** Slots that change while something else was asked. */
import type { StepResult } from './effect.ts'
import type { IntentIndex } from './locale-index.ts'
import { elicitSlot, understood } from './proceed.ts'
import type { Correction } from './repair.ts'
import type { ActiveIntent, SlotValue } from './session.ts'
import { note, type TurnDraft, update } from './turn-draft.ts'
import { understoodSlots } from './understood-slots.ts'

/** Slots that were named while nothing or a confirmation was asked. */
export function readChange(
  draft: TurnDraft,
  intent: ActiveIntent,
  index: IntentIndex,
): StepResult | null {
  const named = new Map(
    [...understoodSlots(draft, index)].filter(
      ([name, value]) => intent.slots[name]?.value !== value.value,
    ),
  )
  return named.size === 0 ? null : changed(draft, intent, named, 'corrected')
}

/** A correction that was understood: its values are taken, or the slot that it names is asked for again. */
export function corrected(
  draft: TurnDraft,
  intent: ActiveIntent,
  index: IntentIndex,
  { slots, again }: Correction,
): StepResult {
  if (again === undefined) return changed(draft, intent, slots, 'corrected')
  note(draft, 'corrected', again)
  update(draft, { misunderstood: 0 })
  const next: ActiveIntent = {
    ...intent,
    slots: { ...intent.slots, [again]: null },
    confirmation: 'None',
    ...(intent.skipped ? { skipped: intent.skipped.filter((name) => name !== again) } : {}),
  }
  // A dialog hook decides what is asked; without one even an optional slot is.
  if (index.model.dialogHook !== null) return understood(draft, next)
  return elicitSlot(draft, next, again, null)
}

/** Slots are changed while something else was asked: what was confirmed is so no more, a value that was turned down is gone. */
export function changed(
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
