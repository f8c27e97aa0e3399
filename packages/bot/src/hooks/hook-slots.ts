/** Slots on their way to a handler and back: names are checked, and a value that comes back unchanged keeps what was known of it. */
import type { SlotValue } from '../dialogue/session.ts'
import { below, refuse } from './answer-reader.ts'
import type { HookCall, HookSlots } from './hook-contract.ts'

/** As V1 writes a slot. */
export function slotText(value: SlotValue | null): string | null {
  return value === null ? null : value.value
}

/** Reads one slot: its text or whole value, null when empty. */
type ReadSlot = (path: string, value: unknown) => string | SlotValue | null

/** @throws {BotError} HOOK_FAILED */
export function readSlots(
  path: string,
  value: unknown,
  intent: string,
  call: HookCall,
  read: ReadSlot,
): HookSlots {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    refuse(path, value, 'an object of slots by name, null where empty')
  const entries: [string, unknown][] = Object.entries(value)
  if (entries.length > 100) refuse(path, `${entries.length} slots`, 'at most 100')
  return Object.fromEntries(
    entries.map(([name, one]) => {
      checkSlot(path, name, intent, call)
      return [name, kept(read(below(path, name), one), slotOf(call, intent, name))]
    }),
  )
}

/** Slots of the call's own intent are known here; of others the dialogue step checks them. */
export function checkSlot(path: string, slot: string, intent: string, call: HookCall): void {
  if (intent !== call.intent.name) return
  if (!Object.hasOwn(call.intent.slots, slot)) {
    const names = Object.keys(call.intent.slots)
    refuse(
      path,
      slot,
      names.length === 0
        ? `none, ${intent} has no slots`
        : `the slots of ${intent}: ${names.join(', ')}`,
    )
  }
}

function slotOf(call: HookCall, intent: string, slot: string): SlotValue | null {
  return (intent === call.intent.name && call.intent.slots[slot]) || null
}

function kept(value: string | SlotValue | null, before: SlotValue | null): SlotValue | null {
  if (value === null) return null
  if (typeof value !== 'string') return value
  if (before?.value === value) return before
  return { original: value, value, resolved: [value] }
}
