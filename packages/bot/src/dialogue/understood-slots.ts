/** Slots that a sentence fills by the way: by what was understood in it, and by values that only one of the intent's slots can have. */

import { resolveBuiltin } from '../slot-types/resolve-builtin.ts'
import {
  containedValue,
  entityRank,
  resolveSlot,
  understoodValue,
} from '../slot-types/resolve-slot.ts'
import type { UnderstoodEntity } from '../understanding/understanding.ts'
import type { IntentIndex, SlotIndex } from './locale-index.ts'
import type { SlotValue } from './session.ts'
import type { TurnDraft } from './turn-draft.ts'

/** In the order of the slots. */
export function understoodSlots(
  draft: TurnDraft,
  intent: IntentIndex,
): ReadonlyMap<string, SlotValue> {
  const found = labelledSlots(draft, intent)
  // An utterance without placeholders says nothing but what it is.
  if (intent.slots.size === 0 || intent.utterances.has(draft.key)) return found
  for (const [name, slot] of intent.slots) {
    if (found.has(name) || !isOnlyOfItsType(slot, intent)) continue
    const value = scanned(draft, slot)
    if (value) found.set(name, value)
  }
  return found
}

/** Slots whose values were found by name: the slot's own, its type's or its vocabulary's. */
export function labelledSlots(draft: TurnDraft, intent: IntentIndex): Map<string, SlotValue> {
  const found = new Map<string, SlotValue>()
  const taken: UnderstoodEntity[] = []
  for (const least of [4, 1]) {
    for (const [name, slot] of intent.slots) {
      if (found.has(name)) continue
      const free = draft.entities.filter(
        (entity) =>
          entityRank(entity.entity, slot) >= least &&
          !taken.some((other) => other.start < entity.end && entity.start < other.end),
      )
      if (free.length === 0) continue
      const used = slot.model.multiple ? free : free.slice(0, 1)
      const value = slot.model.multiple
        ? several(draft, slot, free)
        : understoodValue(slot, draft.text, used, draft.answering)
      if (!value) continue
      found.set(name, value)
      taken.push(...used)
    }
  }
  return found
}

function several(
  draft: TurnDraft,
  slot: SlotIndex,
  entities: readonly UnderstoodEntity[],
): SlotValue | null {
  const values = entities
    .slice(0, 20)
    .map((entity) => understoodValue(slot, draft.text, [entity], draft.answering))
    .filter((value) => value !== null)
  const [first] = values
  if (!first) return null
  return {
    original: values
      .map(({ original }) => original)
      .join(', ')
      .slice(0, 1024),
    value: values
      .map(({ value }) => value)
      .join(', ')
      .slice(0, 1024),
    resolved: first.resolved,
    values,
  }
}

const scannable = new Set([
  'date',
  'time',
  'duration',
  'number',
  'percentage',
  'email',
  'phone',
  'list',
  'postcode',
])

function scanned(draft: TurnDraft, slot: SlotIndex): SlotValue | null {
  const { custom, builtin } = slot.type
  if (custom && slot.model.multiple) {
    const resolved =
      custom.strategy === 'TopResolution'
        ? resolveSlot(slot, draft.text, draft.entities, draft.answering)
        : null
    return resolved?.strength === 'known' ? resolved.value : null
  }
  if (custom) return containedValue(slot.type, draft.text)
  if (!builtin || !scannable.has(builtin.kind)) return null
  const found = resolveBuiltin(builtin, draft.text, draft.answering)
  if (!found || found.value === 'PRESENT_REF') return null
  return {
    original: found.original ?? draft.text,
    value: found.value,
    resolved: (found.resolved ?? [found.value]).slice(0, 5),
  }
}

/** Two slots of one type can't be told apart by a value alone. */
function isOnlyOfItsType(slot: SlotIndex, intent: IntentIndex): boolean {
  for (const other of intent.slots.values()) {
    if (other !== slot && other.type === slot.type) return false
  }
  return true
}
