/** Lex V1's requests, read into what the service takes. Limits are those of the V1 runtime API reference. */
import type { ActiveIntent, IntentSummary, Said } from '../dialogue/session.ts'
import type { HookAction, HookSlots } from '../hooks/hook-contract.ts'
import type { BotService, TurnRequest } from '../service/service-contract.ts'
import { Constraints, isObject } from './constraints.ts'
import {
  type Call,
  checkRequestAttributes,
  checkUser,
  readAttributes,
  readContexts,
} from './lex-context.ts'
import { LexFault } from './lex-fault.ts'
import { jsonOf, textOf } from './request-body.ts'
import { fromBase64Json } from './response-headers.ts'
import * as limits from './runtime-limits.ts'

type Put = Parameters<BotService['putSession']>[1]

const { attributeBytes } = limits

export function readPostText(call: Call, now: number): TurnRequest {
  return readTurn(call, jsonBody(call.body), now)
}

/** @param text what the body says, transcribed where it was audio */
export function readPostContent(call: Call, text: string, now: number): TurnRequest {
  const header = (name: string) => {
    const value = call.request.headers.get(name)
    return value === null || value === '' ? undefined : fromBase64Json(value, name)
  }
  const attributes = ['x-amz-lex-session-attributes', 'x-amz-lex-request-attributes']
  const size = attributes.reduce(
    (sum, name) => sum + Buffer.byteLength(call.request.headers.get(name) ?? '', 'base64'),
    0,
  )
  if (size > attributeBytes) {
    throw new LexFault(
      'input',
      `session and request attributes are ${size} bytes together; at most ${attributeBytes} are taken`,
    )
  }
  const members = {
    inputText: text,
    sessionAttributes: header('x-amz-lex-session-attributes'),
    requestAttributes: header('x-amz-lex-request-attributes'),
    activeContexts: header('x-amz-lex-active-contexts'),
  }
  return readTurn(call, members, now)
}

function readTurn(
  { route, requestId }: Call,
  members: Readonly<Record<string, unknown>>,
  now: number,
): TurnRequest {
  const check = new Constraints()
  checkUser(check, 'userId', route.user)
  const text = check.text('inputText', members.inputText, limits.spoken)
  const given = members.sessionAttributes
  const sessionAttributes = readAttributes(check, 'sessionAttributes', given, 'v1')
  const requestAttributes = checkRequestAttributes(check, members.requestAttributes, 'v1')
  checkTogether(check, sessionAttributes, requestAttributes)
  const contexts = readContexts(check, 'activeContexts', members.activeContexts, 'v1', now)
  check.end()
  const { bot, alias, user } = route
  return {
    bot,
    alias,
    user,
    // Checked above.
    text: text as string,
    requestId,
    ...(sessionAttributes && { sessionAttributes }),
    ...(requestAttributes && { requestAttributes }),
    ...(contexts && { contexts }),
  }
}

export function checkTogether(
  check: Constraints,
  session: Readonly<Record<string, string>> | undefined,
  request: Readonly<Record<string, string>> | undefined,
): void {
  if (session === undefined && request === undefined) return
  const size = Buffer.byteLength(JSON.stringify(session ?? {}) + JSON.stringify(request ?? {}))
  // Braces of two empty objects are not the caller's.
  if (size > attributeBytes + 4) {
    check.fail(
      'sessionAttributes',
      `Member must have, with requestAttributes, at most ${attributeBytes} bytes of JSON`,
    )
  }
}

export function readPutSession(call: Call, now: number): Put {
  const members = jsonBody(call.body)
  const check = new Constraints()
  checkUser(check, 'userId', call.route.user)
  const given = members.sessionAttributes
  const attributes = readAttributes(check, 'sessionAttributes', given, 'v1')
  checkTogether(check, attributes, undefined)
  const contexts = readContexts(check, 'activeContexts', members.activeContexts, 'v1', now)
  const recentIntents = readSummaries(check, members.recentIntentSummaryView)
  const action = readAction(check, members.dialogAction)
  check.end()
  return {
    requestAttributes: {},
    ...(attributes && { attributes }),
    ...(contexts && { contexts }),
    ...(recentIntents && { recentIntents }),
    ...action,
  }
}

export function checkpointFilter(call: Call): string | undefined {
  const check = new Constraints()
  checkUser(check, 'userId', call.route.user)
  const filter = new URL(call.request.url).searchParams.get('checkpointLabelFilter')
  const label = check.optionalText('checkpointLabelFilter', filter, limits.checkpointLabel)
  check.end()
  return label
}

function readSummaries(check: Constraints, value: unknown): readonly IntentSummary[] | undefined {
  if (value === undefined || value === null) return undefined
  return check
    .list('recentIntentSummaryView', value, limits.recentIntents)
    ?.flatMap((member, at) => {
      const here = `recentIntentSummaryView.${at + 1}.member`
      const summary = check.object(here, member)
      if (summary === undefined) return []
      const optional = (name: string, oneOf?: readonly string[]) =>
        check.optionalText(`${here}.${name}`, summary[name], oneOf ? { oneOf } : {})
      const dialogActionType = check.text(`${here}.dialogActionType`, summary.dialogActionType, {
        oneOf: actionTypes,
      })
      return [
        {
          intentName: optional('intentName') ?? '',
          slots: readTexts(check, `${here}.slots`, summary.slots) ?? {},
          // The lists above are the members of these types.
          confirmationStatus: (optional('confirmationStatus', confirmations) ??
            'None') as IntentSummary['confirmationStatus'],
          dialogActionType: dialogActionType as IntentSummary['dialogActionType'],
          fulfillmentState: (optional('fulfillmentState', fulfilments) ??
            null) as IntentSummary['fulfillmentState'],
          slotToElicit: optional('slotToElicit') ?? null,
          checkpointLabel:
            check.optionalText(
              `${here}.checkpointLabel`,
              summary.checkpointLabel,
              limits.checkpointLabel,
            ) ?? null,
        },
      ]
    })
}

const actionTypes = ['ElicitIntent', 'ConfirmIntent', 'ElicitSlot', 'Close', 'Delegate']
const confirmations = ['None', 'Confirmed', 'Denied']
const fulfilments = ['Fulfilled', 'Failed', 'ReadyForFulfillment']
const formats = ['PlainText', 'CustomPayload', 'SSML', 'Composite']

/** Slots as V1 has them: text, or null where empty. */
function readTexts(
  check: Constraints,
  path: string,
  value: unknown,
): Readonly<Record<string, string | null>> | undefined {
  if (value === undefined || value === null) return undefined
  const slots = check.object(path, value)
  if (slots === undefined) return undefined
  const entries = Object.entries(slots).map(([name, text]) => {
    const checked = text === null ? null : check.text(`${path}.${name.slice(0, 100)}`, text)
    return [name, checked ?? null] as const
  })
  return Object.fromEntries(entries)
}

function readAction(
  check: Constraints,
  value: unknown,
): { readonly action?: HookAction; readonly intent?: ActiveIntent } {
  if (value === undefined || value === null) return {}
  const action = check.object('dialogAction', value)
  if (action === undefined) return {}
  const type = check.text('dialogAction.type', action.type, { oneOf: actionTypes })
  const text = (name: string, limits = {}) =>
    check.optionalText(`dialogAction.${name}`, action[name], limits)
  const intent = text('intentName')
  const slots = valuesOf(readTexts(check, 'dialogAction.slots', action.slots))
  const slot = text('slotToElicit')
  const state = text('fulfillmentState', { oneOf: fulfilments })
  const message = text('message', limits.spoken)
  const format = text('messageFormat', { oneOf: formats })
  const said = message === undefined ? null : readMessage(check, message, format)
  const need = (name: string, given: unknown) => {
    if (given === undefined) {
      check.fail(`dialogAction.${name}`, `Member must not be null where type is ${type}`)
    }
  }
  switch (type) {
    case 'ElicitIntent':
      return { action: { type, said } }
    case 'ElicitSlot':
      need('intentName', intent)
      need('slotToElicit', slot)
      return { action: { type, intent: intent ?? '', slots, slot: slot ?? '', said } }
    case 'ConfirmIntent':
      need('intentName', intent)
      return { action: { type, intent: intent ?? '', slots, said } }
    case 'Delegate':
      return { action: { type, ...(intent !== undefined && { intent }), slots } }
    case 'Close': {
      need('fulfillmentState', state)
      // One of `fulfilments`.
      const close = { type, state: state as 'Fulfilled', said } as const
      if (intent === undefined) return { action: close }
      return {
        action: close,
        intent: {
          name: intent,
          slots,
          confirmation: 'None',
          state: close.state,
          eliciting: null,
          attempts: 0,
          confidence: null,
        },
      }
    }
    default:
      return {}
  }
}

function valuesOf(slots: Readonly<Record<string, string | null>> | undefined): HookSlots {
  const entries = Object.entries(slots ?? {}).map(
    ([name, value]) =>
      [name, value === null ? null : { original: value, value, resolved: [value] }] as const,
  )
  return Object.fromEntries(entries)
}

/** A Composite is JSON: `{"messages":[{"type":"PlainText","group":0,"value":"…"}]}`. */
function readMessage(check: Constraints, content: string, format = 'PlainText'): Said | null {
  if (format !== 'Composite') {
    // One of `formats`.
    const contentType = format as 'PlainText' | 'CustomPayload' | 'SSML'
    return { messages: [{ contentType, content }], card: null }
  }
  const composite = jsonOf(content, 'dialogAction.message')
  const listed = isObject(composite) ? composite.messages : undefined
  const messages = check.list('dialogAction.message.messages', listed) ?? []
  return {
    messages: messages.flatMap((member, at) => {
      const here = `dialogAction.message.messages.${at + 1}.member`
      const message = check.object(here, member) ?? {}
      const type = check.text(`${here}.type`, message.type, { oneOf: formats.slice(0, 3) })
      const value = check.text(`${here}.value`, message.value, limits.nonEmpty)
      if (type === undefined || value === undefined) return []
      // One of the first three formats.
      return [{ contentType: type as 'PlainText' | 'CustomPayload' | 'SSML', content: value }]
    }),
    card: null,
  }
}

function jsonBody(body: Uint8Array): Readonly<Record<string, unknown>> {
  if (body.byteLength === 0) return {}
  const parsed = jsonOf(textOf(body, 'the body'), 'the body')
  if (!isObject(parsed)) throw new LexFault('input', 'the body must be a JSON object')
  return parsed
}
