/**
 * V2's composite slots. A slot that is made of parts is here a slot for each of them, `who.first` and `who.last`, and goes out to V2's
 * clients and handlers as one, with its parts as sub slots. No name of V2 has a period, so a period tells the two apart.
 */
import type { SlotValue } from '../dialogue/session.ts'

type Slots = Readonly<Record<string, SlotValue | null>>

/** Slots as V2 has them, those of one composite slot together; null where nothing of it is filled. */
export function composed(
  slots: Slots,
  slotOf: (value: SlotValue) => unknown,
): Readonly<Record<string, unknown>> {
  const told = new Map<string, unknown>()
  for (const [name, value] of Object.entries(slots)) {
    const whole = wholeOf(name, slots)
    if (whole === null) told.set(name, value && slotOf(value))
    else if (!told.has(whole)) told.set(whole, compositeOf(partsOf(whole, slots), slotOf))
  }
  return Object.fromEntries(told)
}

/** What V2's dialog action says of the slot that is asked for. */
export function elicited(slot: string, slots: Slots): Readonly<Record<string, unknown>> {
  const whole = wholeOf(slot, slots)
  if (whole === null) return { slotToElicit: slot }
  return { slotToElicit: whole, subSlotToElicit: { name: slot.slice(whole.length + 1) } }
}

/** The names that a composite slot's parts have here; none for a slot that is no composite one. */
export function partNames(whole: string, slots: Slots): readonly string[] {
  return Object.keys(slots).filter((name) => wholeOf(name, slots) === whole)
}

/** The slot here that is asked for by a composite one's name alone: its first part that is empty, else its first. */
export function partToElicit(whole: string, slots: Slots): string | undefined {
  const names = partNames(whole, slots)
  return names.find((name) => slots[name] === null) ?? names[0]
}

function wholeOf(name: string, slots: Slots): string | null {
  const period = name.indexOf('.')
  // V1 may have a slot of that name beside.
  if (period <= 0 || Object.hasOwn(slots, name.slice(0, period))) return null
  return name.slice(0, period)
}

function partsOf(whole: string, slots: Slots): readonly (readonly [string, SlotValue | null])[] {
  return partNames(whole, slots).map((name) => [name.slice(whole.length + 1), slots[name] ?? null])
}

function compositeOf(
  parts: readonly (readonly [string, SlotValue | null])[],
  slotOf: (value: SlotValue) => unknown,
): unknown {
  const filled = parts.flatMap(([, value]) => value ?? [])
  if (filled.length === 0) return null
  const text = filled.map(({ value }) => value).join(' ')
  return {
    shape: 'Composite',
    value: {
      originalValue: filled.map(({ original }) => original).join(' '),
      interpretedValue: text,
      resolvedValues: [text],
    },
    subSlots: Object.fromEntries(parts.map(([name, value]) => [name, value && slotOf(value)])),
  }
}
