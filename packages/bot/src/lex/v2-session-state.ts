/**
 * Lex V2's SessionState, read from a request: what it sets, and what is to be done at once. Limits are those of the V2 runtime
 * API reference. Runtime hints steer speech recognition only, so they are checked and let be.
 */
import type { ActiveIntent, Said, Session, SlotValue } from '../dialogue/session.ts'
import { partToElicit } from '../hooks/composite-slots.ts'
import type { HookAction, HookSlots } from '../hooks/hook-contract.ts'
import type { CardAttachment, Message } from '../model/bot-model.ts'
import { type Constraints, isObject } from './constraints.ts'
import { readAttributes, readContexts } from './lex-context.ts'
import * as limits from './runtime-limits.ts'

export interface StateGiven {
  readonly attributes?: Readonly<Record<string, string>>
  readonly contexts?: Session['contexts']
  readonly intent?: ActiveIntent
  readonly action?: HookAction
}

/** @param said what is to be said with the action */
export function readSessionState(
  check: Constraints,
  value: unknown,
  said: Said | null,
  now: number,
): StateGiven {
  if (value === undefined || value === null) return {}
  const state = check.object('sessionState', value)
  if (state === undefined) return {}
  const attributes = readAttributes(
    check,
    'sessionState.sessionAttributes',
    state.sessionAttributes,
    'v2',
  )
  const contexts = readContexts(
    check,
    'sessionState.activeContexts',
    state.activeContexts,
    'v2',
    now,
  )
  const id = state.originatingRequestId
  check.optionalText('sessionState.originatingRequestId', id, limits.nonEmpty)
  checkHints(check, state.runtimeHints)
  const intent = readIntent(check, state.intent)
  const action = readAction(check, state.dialogAction, intent, said)
  return {
    ...(attributes && { attributes }),
    ...(contexts && { contexts }),
    ...(intent && { intent }),
    ...(action && { action }),
  }
}

const intentStates = [
  'Failed',
  'Fulfilled',
  'InProgress',
  'ReadyForFulfillment',
  'Waiting',
  'FulfillmentInProgress',
]

function readIntent(check: Constraints, value: unknown): ActiveIntent | undefined {
  if (value === undefined || value === null) return undefined
  const path = 'sessionState.intent'
  const intent = check.object(path, value)
  if (intent === undefined) return undefined
  const name = check.text(`${path}.name`, intent.name, limits.nonEmpty)
  const state = check.optionalText(`${path}.state`, intent.state, { oneOf: intentStates })
  const confirmation = check.optionalText(`${path}.confirmationState`, intent.confirmationState, {
    oneOf: ['None', 'Confirmed', 'Denied'],
  })
  const slots = readSlots(check, `${path}.slots`, intent.slots ?? {})
  if (name === undefined) return undefined
  return {
    name,
    slots,
    // Of the lists above; what is being fulfilled is in progress here.
    confirmation: (confirmation ?? 'None') as ActiveIntent['confirmation'],
    state: (state === undefined || state === 'FulfillmentInProgress'
      ? 'InProgress'
      : state) as ActiveIntent['state'],
    eliciting: null,
    attempts: 0,
    confidence: null,
  }
}

function readSlots(check: Constraints, path: string, value: unknown): HookSlots {
  const slots = check.object(path, value) ?? {}
  const entries = Object.entries(slots).flatMap(([name, slot]) => {
    const here = `${path}.${name.slice(0, 100)}`
    // Empty slots need not be told: every slot is, until it is told otherwise. A composite one has no name of its own here.
    if (slot === null) return []
    const parts = isObject(slot) && isComposite(slot) ? slot.subSlots : undefined
    if (parts === undefined) return [[name, readSlot(check, here, slot) ?? null] as const]
    const given = Object.entries(check.object(`${here}.subSlots`, parts) ?? {})
    return given.flatMap(([part, one]) => {
      if (one === null) return []
      const at = `${here}.subSlots.${part.slice(0, 100)}`
      return [[`${name}.${part}`, readSlot(check, at, one) ?? null] as const]
    })
  })
  return Object.fromEntries(entries)
}

function isComposite(slot: Readonly<Record<string, unknown>>): boolean {
  return slot.shape === 'Composite' || isGiven(slot.subSlots)
}

function readSlot(check: Constraints, path: string, given: unknown): SlotValue | undefined {
  const slot = check.object(path, given)
  if (slot === undefined) return undefined
  const shape = check.optionalText(`${path}.shape`, slot.shape, {
    oneOf: ['Scalar', 'List', 'Composite'],
  })
  if (isComposite(slot)) return check.fail(path, 'Member must not have sub slots here')
  if (shape === 'List' || isGiven(slot.values)) {
    const values = check.list(`${path}.values`, slot.values) ?? []
    const read = values.flatMap((member, at) => {
      const one = check.object(`${path}.values.${at + 1}.member`, member)
      return one ? (readValue(check, `${path}.values.${at + 1}.member.value`, one.value) ?? []) : []
    })
    const joined = read.map((one) => one.value).join(', ')
    const original = read.map((one) => one.original).join(', ')
    return { original, value: joined, resolved: [], values: read }
  }
  return readValue(check, `${path}.value`, slot.value)
}

function readValue(check: Constraints, path: string, given: unknown): SlotValue | undefined {
  const value = check.object(path, given)
  if (value === undefined) return undefined
  const text = `${path}.interpretedValue`
  const interpreted = check.text(text, value.interpretedValue, limits.nonEmpty)
  const typed = `${path}.originalValue`
  const original = check.optionalText(typed, value.originalValue, limits.nonEmpty)
  const resolved = check.list(`${path}.resolvedValues`, value.resolvedValues ?? []) ?? []
  const texts = resolved.map((one, at) =>
    check.text(`${path}.resolvedValues.${at + 1}.member`, one, limits.nonEmpty),
  )
  if (interpreted === undefined) return undefined
  return {
    original: original ?? interpreted,
    value: interpreted,
    resolved: texts.filter((one) => one !== undefined),
  }
}

const actionTypes = ['Close', 'ConfirmIntent', 'Delegate', 'ElicitIntent', 'ElicitSlot', 'None']

function readAction(
  check: Constraints,
  value: unknown,
  intent: ActiveIntent | undefined,
  said: Said | null,
): HookAction | undefined {
  if (value === undefined || value === null) return undefined
  const path = 'sessionState.dialogAction'
  const action = check.object(path, value)
  if (action === undefined) return undefined
  const type = check.text(`${path}.type`, action.type, { oneOf: actionTypes })
  const slot = check.optionalText(`${path}.slotToElicit`, action.slotToElicit, limits.nonEmpty)
  check.optionalText(`${path}.slotElicitationStyle`, action.slotElicitationStyle, {
    oneOf: ['Default', 'SpellByLetter', 'SpellByWord'],
  })
  const part = readPart(check, `${path}.subSlotToElicit`, action.subSlotToElicit)
  if (type === undefined || type === 'None') return undefined
  if (type === 'ElicitIntent') return { type, said }
  if (intent === undefined) {
    check.fail('sessionState.intent', `Member must not be null where dialogAction.type is ${type}`)
    return undefined
  }
  const { name, slots, confirmation } = intent
  switch (type) {
    case 'ElicitSlot':
      if (slot === undefined) {
        check.fail(`${path}.slotToElicit`, 'Member must not be null where type is ElicitSlot')
      }
      return { type, intent: name, slots, slot: elicitedSlot(slot ?? '', part, slots), said }
    case 'ConfirmIntent':
      return { type, intent: name, slots, said }
    case 'Delegate':
      return { type, intent: name, slots, confirmation }
    default:
      return { type: 'Close', state: closedState(check, intent), said }
  }
}

function readPart(check: Constraints, path: string, value: unknown): string | undefined {
  if (!isGiven(value)) return undefined
  return check.text(`${path}.name`, check.object(path, value)?.name, limits.nonEmpty)
}

/** Of a composite slot a part: the named one, else the first that is empty. */
function elicitedSlot(slot: string, part: string | undefined, slots: HookSlots): string {
  return part === undefined ? (partToElicit(slot, slots) ?? slot) : `${slot}.${part}`
}

function closedState(
  check: Constraints,
  { state }: ActiveIntent,
): 'Fulfilled' | 'Failed' | 'ReadyForFulfillment' {
  if (state !== 'InProgress' && state !== 'Waiting') return state
  check.fail(
    'sessionState.intent.state',
    'Member must satisfy enum value set: [Fulfilled, Failed, ReadyForFulfillment] where dialogAction.type is Close',
  )
  return 'Failed'
}

/** What PutSession is to say. */
export function readMessages(check: Constraints, value: unknown): Said | null {
  if (value === undefined || value === null) return null
  const list = check.list('messages', value, limits.messages.list) ?? []
  const messages = list.flatMap((member, at) => {
    const here = `messages.${at + 1}.member`
    const message = check.object(here, member)
    return message ? (readMessage(check, here, message) ?? []) : []
  })
  return messages.length === 0 ? null : { messages, card: null }
}

function readMessage(
  check: Constraints,
  path: string,
  message: Readonly<Record<string, unknown>>,
): Message | undefined {
  const contentType = check.text(`${path}.contentType`, message.contentType, {
    oneOf: ['CustomPayload', 'ImageResponseCard', 'PlainText', 'SSML'],
  })
  if (contentType === 'ImageResponseCard') {
    const card = readCard(check, `${path}.imageResponseCard`, message.imageResponseCard)
    return card && { contentType, content: card.title, card }
  }
  const content = check.text(`${path}.content`, message.content, limits.spoken)
  if (contentType === undefined || content === undefined) return undefined
  // One of the list's others.
  return { contentType: contentType as 'PlainText', content }
}

function readCard(check: Constraints, path: string, given: unknown): CardAttachment | undefined {
  const card = check.object(path, given)
  if (card === undefined) return undefined
  const { title: titles, url, buttons: most, button: labels } = limits.messages
  const title = check.text(`${path}.title`, card.title, titles)
  const subTitle = check.optionalText(`${path}.subtitle`, card.subtitle, titles)
  const imageUrl = check.optionalText(`${path}.imageUrl`, card.imageUrl, url)
  const list = check.list(`${path}.buttons`, card.buttons ?? [], most) ?? []
  const buttons = list.flatMap((member, at) => {
    const here = `${path}.buttons.${at + 1}.member`
    const button = check.object(here, member) ?? {}
    const text = check.text(`${here}.text`, button.text, labels)
    const value = check.text(`${here}.value`, button.value, labels)
    return text === undefined || value === undefined ? [] : [{ text, value }]
  })
  if (title === undefined) return undefined
  return {
    title,
    ...(subTitle !== undefined && { subTitle }),
    ...(imageUrl !== undefined && { imageUrl }),
    ...(buttons.length > 0 && { buttons }),
  }
}

function checkHints(check: Constraints, value: unknown): void {
  if (!isGiven(value)) return
  const path = 'sessionState.runtimeHints'
  const intents = check.object(path, value)?.slotHints
  if (!isGiven(intents)) return
  for (const [intent, slots] of Object.entries(check.object(`${path}.slotHints`, intents) ?? {})) {
    check.text(`${path}.slotHints.key`, intent, limits.hints.name)
    checkSlotHints(check, `${path}.slotHints.${intent.slice(0, 100)}`, slots)
  }
}

/** @param nested of a composite slot's parts, which have no parts themselves */
function checkSlotHints(check: Constraints, path: string, value: unknown, nested = false): void {
  for (const [slot, given] of Object.entries(check.object(path, value) ?? {})) {
    check.text(`${path}.key`, slot, limits.hints.name)
    const here = `${path}.${slot.slice(0, 100)}`
    const { runtimeHintValues, subSlotHints } = check.object(here, given) ?? {}
    if (isGiven(subSlotHints) && !nested) {
      checkSlotHints(check, `${here}.subSlotHints`, subSlotHints, true)
    }
    if (!isGiven(runtimeHintValues)) continue
    const list = check.list(`${here}.runtimeHintValues`, runtimeHintValues, limits.hints.values)
    list?.forEach((member, at) => {
      const one = `${here}.runtimeHintValues.${at + 1}.member`
      const hint = check.object(one, member)
      if (hint) check.text(`${one}.phrase`, hint.phrase, limits.hints.phrase)
    })
  }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}
