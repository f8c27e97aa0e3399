/** What a handler of Lex's V2 events answers, read with every rule of Amazon's "Lambda input event and response format" checked. */
import type { Said, SlotValue } from '../dialogue/session.ts'
import {
  below,
  checkSize,
  type Fields,
  fieldsAt,
  given,
  listAt,
  mostAttributes,
  need,
  oneOf,
  refuse,
  textAt,
  textsAt,
  type Warn,
} from './answer-reader.ts'
import { partNames, partToElicit } from './composite-slots.ts'
import type { HookAction, HookAnswer, HookCall, HookSlots } from './hook-contract.ts'
import { checkSlot, readSlots } from './hook-slots.ts'
import { readContexts } from './lambda-contexts.ts'
import { readMessage } from './lambda-v2-messages.ts'

const actionTypes = ['ElicitIntent', 'ElicitSlot', 'ConfirmIntent', 'Delegate', 'Close'] as const

/** @throws {BotError} HOOK_FAILED naming the field, what was got and what is allowed */
export function readV2Answer(value: unknown, call: HookCall, warn: Warn): HookAnswer {
  checkSize(value)
  const answer = fieldsAt('', value, ['sessionState', 'messages', 'requestAttributes'], warn)
  const path = 'sessionState'
  const state = fieldsAt(
    path,
    need(answer, path, 'an object with dialogAction and intent'),
    [
      'sessionAttributes',
      'activeContexts',
      'dialogAction',
      'intent',
      'originatingRequestId',
      'runtimeHints',
    ],
    warn,
  )
  const { sessionAttributes, activeContexts } = state.value
  const { messages, requestAttributes } = answer.value
  const said: Said | null =
    given(messages) && !(Array.isArray(messages) && messages.length === 0)
      ? {
          messages: listAt('messages', messages, 10, (at, one) => readMessage(at, one, warn)),
          card: null,
        }
      : null
  return {
    ...(given(sessionAttributes)
      ? {
          sessionAttributes: textsAt(
            'sessionState.sessionAttributes',
            sessionAttributes,
            mostAttributes,
          ),
        }
      : {}),
    ...(given(activeContexts)
      ? { contexts: readContexts('sessionState.activeContexts', activeContexts, call.now, warn) }
      : {}),
    ...(given(requestAttributes)
      ? { requestAttributes: textsAt('requestAttributes', requestAttributes, mostAttributes) }
      : {}),
    action: readAction(state, said, call, warn),
  }
}

function readAction(state: Fields, said: Said | null, call: HookCall, warn: Warn): HookAction {
  const path = 'sessionState.dialogAction'
  const action = fieldsAt(
    path,
    need(state, 'dialogAction', `an object with type: ${actionTypes.join(', ')}`),
    ['type', 'slotToElicit', 'slotElicitationStyle', 'subSlotToElicit'],
    warn,
  )
  const type = oneOf(`${path}.type`, action.value.type, actionTypes)
  const { slotToElicit, slotElicitationStyle, subSlotToElicit } = action.value
  if (given(slotElicitationStyle))
    oneOf(`${path}.slotElicitationStyle`, slotElicitationStyle, [
      'Default',
      'SpellByLetter',
      'SpellByWord',
    ])
  if (type === 'ElicitIntent') {
    if (said === null) refuse('messages', undefined, 'a list of 1 to 10, which ElicitIntent needs')
    return { type, said }
  }
  // Delegate goes on with the intent that there is, unless it names another.
  if (type === 'Delegate' && !given(state.value.intent)) {
    if (said !== null) warn(unheard)
    return { type }
  }
  const intent = readIntent(state, call, warn)
  switch (type) {
    case 'ElicitSlot': {
      const slots = intent.slots ?? unchanged(intent.name, call)
      const whole = textAt(`${path}.slotToElicit`, slotToElicit, 100)
      const slot = given(subSlotToElicit)
        ? `${whole}.${readPart(`${path}.subSlotToElicit`, subSlotToElicit, warn)}`
        : (partToElicit(whole, { ...call.intent.slots, ...slots }) ?? whole)
      checkSlot(`${path}.slotToElicit`, slot, intent.name, call)
      return { type, intent: intent.name, slots, slot, said }
    }
    case 'ConfirmIntent':
      return {
        type,
        intent: intent.name,
        slots: intent.slots ?? unchanged(intent.name, call),
        said,
      }
    case 'Delegate':
      if (said !== null) warn(unheard)
      return {
        type,
        intent: intent.name,
        ...(intent.slots === undefined ? {} : { slots: intent.slots }),
        ...(intent.confirmation === undefined ? {} : { confirmation: intent.confirmation }),
      }
    case 'Close':
      return {
        type,
        state: oneOf('sessionState.intent.state', intent.state, [
          'Fulfilled',
          'Failed',
          'ReadyForFulfillment',
        ]),
        said,
      }
  }
}

const unheard = 'messages have no meaning with Delegate and were passed over'

interface GivenIntent {
  readonly name: string
  readonly slots?: HookSlots
  readonly confirmation?: 'None' | 'Confirmed' | 'Denied'
  readonly state: unknown
}

function readIntent(state: Fields, call: HookCall, warn: Warn): GivenIntent {
  const path = 'sessionState.intent'
  const fields = fieldsAt(
    path,
    need(
      state,
      'intent',
      'an object with name, state and slots, unless the action is ElicitIntent or Delegate',
    ),
    ['name', 'slots', 'state', 'confirmationState', 'kendraResponse'],
    warn,
  )
  const { slots, state: intentState, confirmationState } = fields.value
  if (given(intentState)) {
    oneOf(`${path}.state`, intentState, [
      'InProgress',
      'Waiting',
      'Fulfilled',
      'ReadyForFulfillment',
      'Failed',
      'FulfillmentInProgress',
    ])
  }
  const name = textAt(`${path}.name`, fields.value.name, 100)
  return {
    name,
    state: intentState,
    ...(given(slots)
      ? {
          slots: readSlots(
            `${path}.slots`,
            name === call.intent.name ? taken(`${path}.slots`, slots, call) : slots,
            name,
            call,
            (at, one) => readSlot(at, one),
          ),
        }
      : {}),
    ...(given(confirmationState)
      ? {
          confirmation: oneOf(`${path}.confirmationState`, confirmationState, [
            'None',
            'Confirmed',
            'Denied',
          ]),
        }
      : {}),
  }
}

function readPart(path: string, value: unknown, warn: Warn): string {
  const part = fieldsAt(path, value, ['name', 'subSlotToElicit'], warn)
  return textAt(`${path}.name`, part.value.name, 100)
}

/** The slots with each part of a composite one as the slot that it is here. */
function taken(path: string, slots: unknown, call: HookCall): unknown {
  if (typeof slots !== 'object' || slots === null || Array.isArray(slots)) return slots
  const entries = Object.entries(slots).flatMap(([name, slot]: [string, unknown]) => {
    const parts = partNames(name, call.intent.slots)
    if (parts.length === 0) return [[name, slot] as const]
    if (!given(slot)) return parts.map((part) => [part, null] as const)
    const at = below(path, name)
    const { subSlots } = fieldsAt(
      at,
      slot,
      ['shape', 'value', 'values', 'subSlots'],
      () => {},
    ).value
    const told = fieldsAt(`${at}.subSlots`, subSlots, Object.keys(subSlots ?? {}), () => {})
    return Object.entries(told.value).map(([part, one]) => [`${name}.${part}`, one] as const)
  })
  return Object.fromEntries(entries)
}

function unchanged(intent: string, call: HookCall): HookSlots {
  return intent === call.intent.name ? call.intent.slots : {}
}

function readSlot(
  path: string,
  value: unknown,
  shapes: readonly ('Scalar' | 'List')[] = ['Scalar', 'List'],
): SlotValue | null {
  if (!given(value)) return null
  const slot = fieldsAt(path, value, ['shape', 'value', 'values', 'subSlots'], () => {})
  const shape = given(slot.value.shape)
    ? oneOf(below(path, 'shape'), slot.value.shape, shapes)
    : 'Scalar'
  if (shape === 'List') {
    const values = listAt(
      below(path, 'values'),
      need(slot, 'values', 'a list of slots'),
      100,
      (at, one) => readSlot(at, one, ['Scalar']),
    ).filter((one) => one !== null)
    const [first] = values
    if (first === undefined) return null
    const joined = values.map((one) => one.value).join(', ')
    const whole = given(slot.value.value) ? readWords(below(path, 'value'), slot.value.value) : null
    return {
      original: whole?.original ?? joined,
      value: whole?.value ?? joined,
      resolved: [],
      values,
    }
  }
  return readWords(below(path, 'value'), need(slot, 'value', 'an object with interpretedValue'))
}

function readWords(path: string, value: unknown): SlotValue {
  const words = fieldsAt(
    path,
    value,
    ['originalValue', 'interpretedValue', 'resolvedValues'],
    () => {},
  )
  const { originalValue, resolvedValues } = words.value
  const text = textAt(below(path, 'interpretedValue'), words.value.interpretedValue, 1024)
  return {
    original: given(originalValue)
      ? textAt(below(path, 'originalValue'), originalValue, 1024)
      : text,
    value: text,
    resolved: given(resolvedValues)
      ? listAt(below(path, 'resolvedValues'), resolvedValues, 100, (at, one) =>
          textAt(at, one, 1024),
        )
      : [text],
  }
}
