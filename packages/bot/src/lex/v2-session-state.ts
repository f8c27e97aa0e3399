/**
 * Lex V2's SessionState, read from a request: what it sets, and what is to be done at once. Limits are those of the V2 runtime
 * API reference. Composite slots are refused by name; runtime hints steer speech recognition only, so they are checked and let be.
 */
import type { ActiveIntent, Said, Session, SlotValue } from '../dialogue/session.ts'
import type { HookAction, HookSlots } from '../hooks/hook-contract.ts'
import type { CardAttachment, Message } from '../model/bot-model.ts'
import type { Constraints } from './constraints.ts'
import { readContexts } from './lex-context.ts'

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
  const given = state.sessionAttributes ?? undefined
  const attributes =
    given === undefined ? undefined : check.strings('sessionState.sessionAttributes', given)
  const contexts = readContexts(
    check,
    'sessionState.activeContexts',
    state.activeContexts,
    'contextAttributes',
    now,
  )
  const id = state.originatingRequestId
  check.optionalText('sessionState.originatingRequestId', id, { min: 1, max: 1024 })
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
  const name = check.text(`${path}.name`, intent.name, { min: 1, max: 100 })
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
  const entries = Object.entries(slots).map(([name, slot]) => {
    const here = `${path}.${name.slice(0, 100)}`
    return [name, slot === null ? null : (readSlot(check, here, slot) ?? null)] as const
  })
  return Object.fromEntries(entries)
}

function readSlot(check: Constraints, path: string, given: unknown): SlotValue | undefined {
  const slot = check.object(path, given)
  if (slot === undefined) return undefined
  const shape = check.optionalText(`${path}.shape`, slot.shape, {
    oneOf: ['Scalar', 'List', 'Composite'],
  })
  if (shape === 'Composite' || isGiven(slot.subSlots)) {
    return check.fail(path, 'Member must not be a composite slot, which is not supported')
  }
  if (shape === 'List' || isGiven(slot.values)) {
    const values = check.list(`${path}.values`, slot.values, 100) ?? []
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
  const interpreted = check.text(`${path}.interpretedValue`, value.interpretedValue, {
    min: 1,
    max: 1024,
  })
  const original = check.optionalText(`${path}.originalValue`, value.originalValue, {
    min: 1,
    max: 1024,
  })
  const resolved = check.list(`${path}.resolvedValues`, value.resolvedValues ?? [], 100) ?? []
  const texts = resolved.map((text, at) =>
    check.text(`${path}.resolvedValues.${at + 1}.member`, text, { min: 1, max: 1024 }),
  )
  if (interpreted === undefined) return undefined
  return {
    original: original ?? interpreted,
    value: interpreted,
    resolved: texts.filter((text) => text !== undefined),
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
  const slot = check.optionalText(`${path}.slotToElicit`, action.slotToElicit, {
    min: 1,
    max: 100,
  })
  check.optionalText(`${path}.slotElicitationStyle`, action.slotElicitationStyle, {
    oneOf: ['Default', 'SpellByLetter', 'SpellByWord'],
  })
  if (isGiven(action.subSlotToElicit)) {
    check.fail(
      `${path}.subSlotToElicit`,
      'Member must not be there: composite slots are not supported',
    )
  }
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
      return { type, intent: name, slots, slot: slot ?? '', said }
    case 'ConfirmIntent':
      return { type, intent: name, slots, said }
    case 'Delegate':
      return { type, intent: name, slots, confirmation }
    default:
      return { type: 'Close', state: closedState(check, intent), said }
  }
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
  const list = check.list('messages', value, 10) ?? []
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
  const content = check.text(`${path}.content`, message.content, { min: 1, max: 1024 })
  if (contentType === undefined || content === undefined) return undefined
  // One of the list's others.
  return { contentType: contentType as 'PlainText', content }
}

function readCard(check: Constraints, path: string, given: unknown): CardAttachment | undefined {
  const card = check.object(path, given)
  if (card === undefined) return undefined
  const limits = { min: 1, max: 250 }
  const title = check.text(`${path}.title`, card.title, limits)
  const subTitle = check.optionalText(`${path}.subtitle`, card.subtitle, limits)
  const imageUrl = check.optionalText(`${path}.imageUrl`, card.imageUrl, limits)
  const list = check.list(`${path}.buttons`, card.buttons ?? [], 5) ?? []
  const buttons = list.flatMap((member, at) => {
    const here = `${path}.buttons.${at + 1}.member`
    const button = check.object(here, member) ?? {}
    const text = check.text(`${here}.text`, button.text, { min: 1, max: 50 })
    const value = check.text(`${here}.value`, button.value, { min: 1, max: 50 })
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
  const hints = check.object('sessionState.runtimeHints', value)
  const intents =
    hints && check.object('sessionState.runtimeHints.slotHints', hints.slotHints ?? {})
  if (intents !== undefined && Object.keys(intents).length > 100) {
    check.fail(
      'sessionState.runtimeHints.slotHints',
      'Member must have length less than or equal to 100',
    )
  }
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}
