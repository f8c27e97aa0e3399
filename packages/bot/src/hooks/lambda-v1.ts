/** What a handler of Lex's V1 events answers, read with every rule of Amazon's "Lambda Function Input Event and Response Format" (V1) checked. */
import type { IntentSummary, Said } from '../dialogue/session.ts'
import type { CardAttachment, ResponseCard } from '../model/bot-model.ts'
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
import type { HookAction, HookAnswer, HookCall, HookSlots } from './hook-contract.ts'
import { checkSlot, readSlots } from './hook-slots.ts'
import { readContexts } from './lambda-contexts.ts'

/** What `dialogAction` may hold, by its type. */
const actionFields = {
  ElicitIntent: ['type', 'message', 'responseCard'],
  ElicitSlot: ['type', 'intentName', 'slots', 'slotToElicit', 'message', 'responseCard'],
  ConfirmIntent: ['type', 'intentName', 'slots', 'message', 'responseCard'],
  Delegate: ['type', 'slots', 'kendraQueryRequestPayload', 'kendraQueryFilterString'],
  Close: ['type', 'fulfillmentState', 'message', 'responseCard'],
} as const
const actionTypes = ['ElicitIntent', 'ElicitSlot', 'ConfirmIntent', 'Delegate', 'Close'] as const

/** @throws {BotError} HOOK_FAILED naming the field, what was got and what is allowed */
export function readV1Answer(value: unknown, call: HookCall, warn: Warn): HookAnswer {
  checkSize(value)
  const answer = fieldsAt(
    '',
    value,
    ['sessionAttributes', 'recentIntentSummaryView', 'activeContexts', 'dialogAction'],
    warn,
  )
  const { sessionAttributes, activeContexts, recentIntentSummaryView } = answer.value
  const dialogAction = need(answer, 'dialogAction', 'an object with type and what the type needs')
  return {
    ...(given(sessionAttributes)
      ? { sessionAttributes: textsAt('sessionAttributes', sessionAttributes, mostAttributes) }
      : {}),
    ...(given(activeContexts)
      ? { contexts: readContexts('activeContexts', activeContexts, call.now, warn) }
      : {}),
    ...(given(recentIntentSummaryView)
      ? {
          recentIntents: listAt('recentIntentSummaryView', recentIntentSummaryView, 3, (at, one) =>
            readSummary(at, one, warn),
          ),
        }
      : {}),
    action: readAction(dialogAction, call, warn),
  }
}

function readAction(value: unknown, call: HookCall, warn: Warn): HookAction {
  const path = 'dialogAction'
  const all = [...new Set(Object.values(actionFields).flat())]
  const fields = fieldsAt(path, value, all, warn)
  const type = oneOf(below(path, 'type'), fields.value.type, actionTypes)
  for (const name of Object.keys(fields.value)) {
    const allowed: readonly string[] = actionFields[type]
    if (all.some((one) => one === name) && !allowed.includes(name) && given(fields.value[name])) {
      warn(`${below(path, name)} has no meaning with ${type} and was passed over`)
    }
  }
  switch (type) {
    case 'ElicitIntent':
      return { type, said: readSaid(fields, warn) }
    case 'ElicitSlot': {
      const { intent, slots } = readIntentAndSlots(fields, call)
      const slot = textAt(below(path, 'slotToElicit'), fields.value.slotToElicit, 100)
      checkSlot(below(path, 'slotToElicit'), slot, intent, call)
      return { type, intent, slots, slot, said: readSaid(fields, warn) }
    }
    case 'ConfirmIntent':
      return { type, ...readIntentAndSlots(fields, call), said: readSaid(fields, warn) }
    case 'Delegate': {
      const { slots } = fields.value
      if (!given(slots)) return { type }
      return {
        type,
        slots: readSlots(below(path, 'slots'), slots, call.intent.name, call, readText),
      }
    }
    case 'Close':
      return {
        type,
        state: oneOf(below(path, 'fulfillmentState'), fields.value.fulfillmentState, [
          'Fulfilled',
          'Failed',
        ]),
        said: readSaid(fields, warn),
      }
  }
}

function readIntentAndSlots(
  fields: Fields,
  call: HookCall,
): { readonly intent: string; readonly slots: HookSlots } {
  const at = (name: string) => below(fields.path, name)
  const intent = textAt(at('intentName'), fields.value.intentName, 100)
  const slots = need(fields, 'slots', 'an object with every slot of the intent, null where empty')
  return { intent, slots: readSlots(at('slots'), slots, intent, call, readText) }
}

function readText(path: string, value: unknown): string | null {
  if (!given(value) || value === '') return null
  if (typeof value !== 'string') refuse(path, value, 'text, or null while the slot is empty')
  return textAt(path, value, 1024)
}

function readSaid({ path, value: { message, responseCard } }: Fields, warn: Warn): Said | null {
  if (!given(message) && !given(responseCard)) return null
  return {
    messages: given(message) ? [readMessage(below(path, 'message'), message, warn)] : [],
    card: given(responseCard) ? readCard(below(path, 'responseCard'), responseCard, warn) : null,
  }
}

function readMessage(path: string, value: unknown, warn: Warn): Said['messages'][number] {
  const fields = fieldsAt(path, value, ['contentType', 'content', 'groupNumber'], warn)
  return {
    contentType: oneOf(below(path, 'contentType'), fields.value.contentType, [
      'PlainText',
      'SSML',
      'CustomPayload',
    ]),
    content: textAt(below(path, 'content'), fields.value.content, 1000),
  }
}

const cardType = 'application/vnd.amazonaws.card.generic'

function readCard(path: string, value: unknown, warn: Warn): ResponseCard {
  const fields = fieldsAt(path, value, ['version', 'contentType', 'genericAttachments'], warn)
  if (given(fields.value.contentType))
    oneOf(below(path, 'contentType'), fields.value.contentType, [cardType])
  return {
    attachments: listAt(
      below(path, 'genericAttachments'),
      need(fields, 'genericAttachments', 'a list of at most 10'),
      10,
      (at, one) => readAttachment(at, one, warn),
    ),
  }
}

function readAttachment(path: string, value: unknown, warn: Warn): CardAttachment {
  const fields = fieldsAt(
    path,
    value,
    ['title', 'subTitle', 'imageUrl', 'attachmentLinkUrl', 'buttons'],
    warn,
  )
  const { subTitle, imageUrl, attachmentLinkUrl, buttons } = fields.value
  const at = (name: string) => below(path, name)
  return {
    title: textAt(at('title'), fields.value.title, 80),
    ...(given(subTitle) ? { subTitle: textAt(at('subTitle'), subTitle, 80) } : {}),
    ...(given(imageUrl) ? { imageUrl: textAt(at('imageUrl'), imageUrl, 2048) } : {}),
    ...(given(attachmentLinkUrl)
      ? { attachmentLinkUrl: textAt(at('attachmentLinkUrl'), attachmentLinkUrl, 2048) }
      : {}),
    ...(given(buttons)
      ? {
          buttons: listAt(at('buttons'), buttons, 5, (place, one) => {
            const button = fieldsAt(place, one, ['text', 'value'], warn)
            return {
              text: textAt(below(place, 'text'), button.value.text, 15),
              value: textAt(below(place, 'value'), button.value.value, 1000),
            }
          }),
        }
      : {}),
  }
}

function readSummary(path: string, value: unknown, warn: Warn): IntentSummary {
  const fields = fieldsAt(
    path,
    value,
    [
      'intentName',
      'checkpointLabel',
      'slots',
      'confirmationStatus',
      'dialogActionType',
      'fulfillmentState',
      'slotToElicit',
    ],
    warn,
  )
  const { intentName, checkpointLabel, slots, confirmationStatus } = fields.value
  const { dialogActionType, fulfillmentState, slotToElicit } = fields.value
  const at = (name: string) => below(path, name)
  const states = ['Fulfilled', 'Failed', 'ReadyForFulfillment'] as const
  return {
    intentName: textAt(at('intentName'), intentName, 100),
    slots: given(slots) ? readSummarySlots(at('slots'), slots, warn) : {},
    confirmationStatus: given(confirmationStatus)
      ? oneOf(at('confirmationStatus'), confirmationStatus, ['None', 'Confirmed', 'Denied'])
      : 'None',
    dialogActionType: oneOf(at('dialogActionType'), dialogActionType, actionTypes),
    fulfillmentState: given(fulfillmentState)
      ? oneOf(at('fulfillmentState'), fulfillmentState, states)
      : null,
    slotToElicit: given(slotToElicit) ? textAt(at('slotToElicit'), slotToElicit, 100) : null,
    checkpointLabel: given(checkpointLabel)
      ? textAt(at('checkpointLabel'), checkpointLabel, 255)
      : null,
  }
}

function readSummarySlots(path: string, value: unknown, warn: Warn): Record<string, string | null> {
  const { value: slots } = fieldsAt(path, value, Object.keys(value ?? {}), warn)
  if (Object.keys(slots).length > 100) refuse(path, 'more', 'at most 100 slots')
  return Object.fromEntries(
    Object.entries(slots).map(([name, text]) => [name, readText(below(path, name), text)]),
  )
}
