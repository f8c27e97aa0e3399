import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bookCall } from '../../test/book-call.ts'
import { readV1Answer } from './lambda-v1.ts'
import { readV2Answer } from './lambda-v2.ts'
import { v2Event } from './lambda-v2-event.ts'

const read = (answer: unknown) => readV2Answer(answer, bookCall(), () => {})
const intent = { name: 'BuyBook', state: 'InProgress' }
const delegate = { sessionState: { dialogAction: { type: 'Delegate' } } }

it('gives a handler the event that Lex V2 gives', () => {
  const event = v2Event(bookCall())
  expect(event).toMatchObject({
    messageVersion: '1.0',
    invocationSource: 'DialogCodeHook',
    inputMode: 'Text',
    responseContentType: 'text/plain; charset=utf-8',
    sessionId: 'ada',
    inputTranscript: 'A Scanner Darkly',
    bot: { name: 'BookShop', aliasName: 'prod', localeId: 'en_US', version: '3' },
    interpretations: [
      {
        intent: { name: 'BuyBook', state: 'InProgress', confirmationState: 'None' },
        nluConfidence: 0.9,
      },
      { intent: { name: 'Help' }, nluConfidence: 0.1 },
    ],
    proposedNextState: { dialogAction: { type: 'ConfirmIntent' }, prompt: { attempt: 'Initial' } },
    requestAttributes: { channel: 'web' },
    sessionState: {
      sessionAttributes: { visits: '2' },
      activeContexts: [
        { name: 'shopping', timeToLive: { timeToLiveInSeconds: 90, turnsToLive: 3 } },
      ],
      intent: {
        name: 'BuyBook',
        slots: {
          genre: {
            shape: 'Scalar',
            value: {
              originalValue: 'magic',
              interpretedValue: 'fantasy',
              resolvedValues: ['fantasy'],
            },
          },
        },
      },
      originatingRequestId: 'turn-1/1',
    },
    transcriptions: [{ transcription: 'A Scanner Darkly' }],
  })
  expect(JSON.parse(JSON.stringify(event))).toEqual(event)
})

it('takes its own event back unchanged', () => {
  const call = bookCall()
  const event = JSON.parse(JSON.stringify(v2Event(call)))
  const answer = read({
    sessionState: { ...event.sessionState, dialogAction: { type: 'Delegate' } },
  })
  expect(answer).toEqual({
    sessionAttributes: call.sessionAttributes,
    contexts: call.contexts,
    action: { type: 'Delegate', intent: 'BuyBook', slots: call.intent.slots, confirmation: 'None' },
  })
})

it('takes other request attributes for the rest of the turn, and a Delegate that names no intent', () => {
  expect(read({ ...delegate, requestAttributes: { channel: 'mail' } })).toEqual({
    requestAttributes: { channel: 'mail' },
    action: { type: 'Delegate' },
  })
})

it('reads slots with several values, and messages with cards', () => {
  const scalar = (text: string) => ({ shape: 'Scalar', value: { interpretedValue: text } })
  const card = { title: 'T', subtitle: 'S', buttons: [{ text: 'a', value: 'b' }] }
  const answer = read({
    sessionState: {
      intent: {
        ...intent,
        slots: { genre: { shape: 'List', values: [scalar('a'), scalar('b')] } },
      },
      dialogAction: { type: 'ElicitSlot', slotToElicit: 'title' },
    },
    messages: [
      { contentType: 'PlainText', content: 'Which?' },
      { contentType: 'ImageResponseCard', imageResponseCard: card },
    ],
  })
  expect(answer.action).toMatchObject({
    type: 'ElicitSlot',
    slot: 'title',
    slots: { genre: { value: 'a, b', values: [{ value: 'a' }, { value: 'b' }] } },
    said: {
      messages: [
        { contentType: 'PlainText', content: 'Which?' },
        { contentType: 'ImageResponseCard', content: 'T', card: { title: 'T', subTitle: 'S' } },
      ],
    },
  })
})

const state = (sessionState: object) => ({ sessionState: { intent, ...sessionState } })
it.each([
  [{}, /^sessionState: got nothing/],
  [state({}), /^sessionState\.dialogAction: got nothing/],
  [
    state({ dialogAction: { type: 'Stop' } }),
    /^sessionState\.dialogAction\.type: got "Stop"; allowed: ElicitIntent/,
  ],
  [
    state({ dialogAction: { type: 'ElicitIntent' } }),
    /^messages: got nothing; allowed: a list of 1 to 10, which ElicitIntent needs/,
  ],
  [
    { sessionState: { dialogAction: { type: 'ConfirmIntent' } } },
    /^sessionState\.intent: got nothing/,
  ],
  [{ ...delegate, requestAttributes: { n: 1 } }, /^requestAttributes\.n: got the number 1/],
  [
    state({ dialogAction: { type: 'Close' } }),
    /^sessionState\.intent\.state: got "InProgress"; allowed: Fulfilled, Failed, ReadyForFulfillment/,
  ],
  [
    state({ dialogAction: { type: 'ElicitSlot', slotToElicit: 'size' } }),
    /slotToElicit: got "size"; allowed: the slots of BuyBook/,
  ],
  [
    state({
      dialogAction: { type: 'Delegate' },
      intent: { name: 'BuyBook', slots: { title: 'Emma' } },
    }),
    /^sessionState\.intent\.slots\.title: got "Emma"; allowed: an object with shape, value/,
  ],
  [
    state({
      dialogAction: { type: 'Delegate' },
      intent: { name: 'BuyBook', slots: { title: { value: {} } } },
    }),
    /slots\.title\.value\.interpretedValue: got nothing/,
  ],
  [
    {
      ...state({ dialogAction: { type: 'ConfirmIntent' } }),
      messages: [{ contentType: 'Text', content: 'x' }],
    },
    /^messages\[0\]\.contentType: got "Text"/,
  ],
])('names the field, what was got and what is allowed: %j', (answer, message) => {
  expect(() => read(answer)).toThrow(message)
})

it('reads or refuses whatever a handler answers, in both versions', () => {
  const words = fc.constantFrom(
    'Delegate',
    'Close',
    'ElicitSlot',
    'title',
    'BuyBook',
    'Fulfilled',
    'PlainText',
  )
  const value = fc.oneof(words, fc.anything({ maxDepth: 2 }))
  const action = fc.dictionary(
    fc.constantFrom(
      'type',
      'slots',
      'slotToElicit',
      'intentName',
      'message',
      'fulfillmentState',
      'responseCard',
    ),
    value,
  )
  const answers = fc.oneof(
    fc.anything(),
    fc.record({ dialogAction: action, sessionAttributes: value }),
    fc.record({
      sessionState: fc.record({
        dialogAction: action,
        intent: fc.dictionary(words, value),
        activeContexts: value,
      }),
      messages: value,
    }),
  )
  fc.assert(
    fc.property(answers, (answer) => {
      for (const one of [readV1Answer, readV2Answer]) {
        try {
          const found = one(answer, bookCall(), () => {})
          expect(JSON.parse(JSON.stringify(found))).toEqual(found)
        } catch (error) {
          expect(error).toMatchObject({ name: 'BotError', code: 'HOOK_FAILED' })
        }
      }
    }),
    { numRuns: 2000 },
  )
})
