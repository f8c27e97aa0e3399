/** A step while it is made: the session as it will be, the effects so far, and what the event brought. Lives for one call of `step`. */
import type { Message } from '../model/bot-model.ts'
import type { AnswerContext } from '../slot-types/resolve-slot.ts'
import type { UnderstoodEntity, UnderstoodIntent } from '../understanding/understanding.ts'
import type { Effect } from './effect.ts'
import type { IntentIndex, LocaleIndex } from './locale-index.ts'
import type { PlaceholderValues } from './placeholders.ts'
import type { ActiveIntent, Session, SlotValue, WaitingHook } from './session.ts'

export interface TurnDraft {
  readonly index: LocaleIndex
  session: Session
  readonly effects: Effect[]
  readonly now: number
  readonly seed: number
  readonly turn: string
  /** Hooks that this turn has called. */
  readonly calls: number
  readonly text: string
  readonly key: string
  /** The request's, until a hook gives others. */
  requestAttributes: Readonly<Record<string, string>>
  readonly interpretations: readonly UnderstoodIntent[]
  readonly entities: readonly UnderstoodEntity[]
  readonly answering: AnswerContext
  readonly before: WaitingHook['before']
  /** Said ahead of what comes next. */
  preface: readonly Message[]
}

export function note(draft: TurnDraft, name: string, detail: string): void {
  draft.effects.push({ type: 'note', name, detail: detail.slice(0, 300) })
}

export function update(draft: TurnDraft, change: Partial<Session>): void {
  draft.session = { ...draft.session, ...change }
}

/** The intent that the user is in the middle of. */
export function activeIntent({ session }: TurnDraft): ActiveIntent | null {
  const { intent } = session
  return intent && (intent.state === 'InProgress' || intent.state === 'Waiting') ? intent : null
}

/** The model of an intent; undefined when the version that the session is pinned to has none of that name. */
export function intentIndexOf({ index }: TurnDraft, name: string): IntentIndex | undefined {
  return index.intents.get(name)
}

/** Every slot of the intent, empty. */
export function emptySlots({ model }: IntentIndex): Record<string, SlotValue | null> {
  const slots: Record<string, SlotValue | null> = {}
  for (const { name } of model.slots) slots[name] = null
  return slots
}

export function placeholderValues(
  draft: TurnDraft,
  intent: ActiveIntent | null,
): PlaceholderValues {
  const { session, requestAttributes } = draft
  const own = (record: Readonly<Record<string, string>>, name: string) =>
    Object.hasOwn(record, name) ? record[name] : undefined
  return {
    slot(name) {
      const slots = intent?.slots
      return slots && Object.hasOwn(slots, name) ? slots[name]?.value : undefined
    },
    attribute: (name) => own(session.attributes, name),
    requestAttribute: (name) => own(requestAttributes, name),
  }
}
