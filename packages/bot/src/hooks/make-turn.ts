/** Makes the turn that a hook in TypeScript gets of a call, and reads the decision out of it. */
import type { ActiveContext, Said, SlotValue } from '../dialogue/session.ts'
import { refuse, textAt } from './answer-reader.ts'
import type { HookAction, HookAnswer, HookCall, HookDuring, HookSlots } from './hook-contract.ts'
import { checkSlot, slotText } from './hook-slots.ts'
import type { Say, SlotValues, Turn, TurnAnswer } from './turn.ts'

export interface MadeTurn {
  readonly turn: Turn
  /** @throws {BotError} HOOK_FAILED when the hook returned what no method of the turn made */
  answerOf(returned: unknown): HookAnswer
}

export function makeTurn(call: HookCall, signal: AbortSignal, during: HookDuring): MadeTurn {
  const { intent } = call
  let slots: HookSlots = intent.slots
  let attributes: Record<string, string> | undefined
  let contexts: readonly ActiveContext[] | undefined
  let remembered: Record<string, string | null> | undefined
  const made: TurnAnswer[] = []
  const make = (action: HookAction): TurnAnswer => {
    const answer = { action }
    made.push(answer)
    return answer
  }
  const turn: Turn = {
    id: call.id,
    source: call.source === 'DialogCodeHook' ? 'dialog' : 'fulfilment',
    bot: call.bot,
    user: call.user,
    text: call.text,
    intent: intent.name,
    confidence: intent.confidence,
    confirmation: intent.confirmation,
    get slots() {
      return valuesOf(slots)
    },
    get slotDetails() {
      return slots
    },
    get sessionAttributes() {
      return attributes ?? call.sessionAttributes
    },
    requestAttributes: call.requestAttributes,
    get contexts() {
      return contexts ?? call.contexts
    },
    recentIntents: call.recentIntents,
    interpretations: call.interpretations,
    get memory() {
      return withEntries(call.memory, remembered ?? {})
    },
    next: call.next,
    signal,
    setSlots(given) {
      const read = Object.entries(given).map(([name, value]) => {
        checkSlot('setSlots', name, intent.name, call)
        return [name, slotValueOf(`setSlots.${name}`, value, slots[name] ?? null)] as const
      })
      slots = { ...slots, ...Object.fromEntries(read) }
    },
    setAttributes(given) {
      attributes = withEntries(attributes ?? call.sessionAttributes, given, 'setAttributes')
    },
    setContexts(given) {
      const names = new Set(given.map(({ name }) => name))
      const others = (contexts ?? call.contexts).filter(({ name }) => !names.has(name))
      contexts = [...others, ...given]
      if (contexts.length > 20) refuse('setContexts', `${contexts.length}`, 'at most 20 contexts')
    },
    remember(entries) {
      withEntries({}, entries, 'remember')
      remembered = { ...remembered, ...entries }
    },
    inTransaction(db, work) {
      if (!during.inTransaction)
        refuse('inTransaction', undefined, 'hooks that run in process, in a service with a store')
      // `tx` is what `db.transaction` gives its callback, so of the type that `work` takes.
      during.inTransaction({ db, run: (tx) => work(tx as Parameters<typeof work>[0]) })
    },
    close: (say, options) =>
      make({ type: 'Close', state: options?.state ?? 'Fulfilled', said: saidOf(say) }),
    elicitSlot(slot, say) {
      checkSlot('elicitSlot', slot, intent.name, call)
      return make({ type: 'ElicitSlot', intent: intent.name, slots, slot, said: saidOf(say) })
    },
    confirm: (say) =>
      make({ type: 'ConfirmIntent', intent: intent.name, slots, said: saidOf(say) }),
    delegate: (options = {}) => make({ type: 'Delegate', ...options }),
    elicitIntent: (say) => make({ type: 'ElicitIntent', said: saidOf(say) }),
  }
  return {
    turn,
    answerOf(returned) {
      const answer = returned ?? made[0]
      if (answer !== undefined && !made.some((one) => one === answer)) {
        refuse(
          '',
          returned,
          "what one of the turn's methods gave, or nothing: return turn.close(…)",
        )
      }
      if (returned === undefined && answer !== undefined)
        during.warn?.(`hook "${call.hook}" made an answer and did not return it; it was taken`)
      return {
        ...(attributes === undefined ? {} : { sessionAttributes: attributes }),
        ...(contexts === undefined ? {} : { contexts }),
        ...(remembered === undefined ? {} : { remember: remembered }),
        action: withSlots(made.find((one) => one === answer)?.action ?? usual(call), slots, call),
      }
    },
  }
}

function usual(call: HookCall): HookAction {
  return call.source === 'DialogCodeHook'
    ? { type: 'Delegate' }
    : { type: 'Close', state: 'Fulfilled', said: null }
}

/** The slots as they are when the hook has returned, whenever the answer was made. */
function withSlots(action: HookAction, slots: HookSlots, call: HookCall): HookAction {
  if (action.type === 'ElicitSlot' || action.type === 'ConfirmIntent') return { ...action, slots }
  if (action.type !== 'Delegate' || slots === call.intent.slots) return action
  return action.intent === undefined || action.intent === call.intent.name
    ? { ...action, slots }
    : action
}

function valuesOf(slots: HookSlots): SlotValues {
  return Object.fromEntries(
    Object.entries(slots).map(([name, value]) => [
      name,
      value?.values ? value.values.map((one) => one.value) : slotText(value),
    ]),
  )
}

function slotValueOf(path: string, value: unknown, before: SlotValue | null): SlotValue | null {
  if (value === null || value === undefined) return null
  if (Array.isArray(value)) {
    if (value.length === 0) return null
    const values = value.map((one, i) => single(`${path}[${i}]`, one, null))
    const joined = values.map((one) => one.value).join(', ')
    return { original: joined, value: joined, resolved: [], values }
  }
  return single(path, value, before)
}

function single(path: string, given: unknown, before: SlotValue | null): SlotValue {
  const value = textAt(path, given, 1024)
  return before?.value === value ? before : { original: value, value, resolved: [value] }
}

function saidOf(say: Say | undefined): Said | null {
  if (say === undefined || say === null) return null
  const said =
    typeof say === 'object' && 'messages' in say
      ? say
      : {
          messages: [say].flat().map((content) => ({ contentType: 'PlainText' as const, content })),
          card: null,
        }
  if (said.messages.length > 5) refuse('say', `${said.messages.length}`, 'at most 5 messages')
  for (const [i, message] of said.messages.entries()) textAt(`say[${i}]`, message.content, 1024)
  return said
}

/** @param path what errors call it; absent: the entries are known to be text */
function withEntries(
  before: Readonly<Record<string, string>>,
  entries: Readonly<Record<string, string | null>>,
  path?: string,
): Record<string, string> {
  const after = new Map(Object.entries(before))
  for (const [name, value] of Object.entries(entries)) {
    if (value === null) after.delete(name)
    else if (path !== undefined && typeof value !== 'string')
      refuse(`${path}.${name}`, value, 'text, or null to take it away')
    else after.set(name, value)
  }
  return Object.fromEntries(after)
}
