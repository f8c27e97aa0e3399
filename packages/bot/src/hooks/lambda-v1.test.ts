import { expect, it } from 'vitest'
import { bookCall } from '../../test/book-call.ts'
import { readV1Answer } from './lambda-v1.ts'
import { v1Event } from './lambda-v1-event.ts'

const read = (answer: unknown, warn: (text: string) => void = () => {}) =>
  readV1Answer(answer, bookCall(), warn)
const action = (dialogAction: unknown) => read({ dialogAction })

it('gives a handler the event that Lex V1 gives', () => {
  const event = v1Event(bookCall())
  expect(event).toMatchObject({
    messageVersion: '1.0',
    invocationSource: 'DialogCodeHook',
    userId: 'ada',
    inputTranscript: 'A Scanner Darkly',
    outputDialogMode: 'Text',
    bot: { name: 'BookShop', alias: 'prod', version: '3' },
    sessionAttributes: { visits: '2' },
    requestAttributes: { channel: 'web' },
    currentIntent: {
      name: 'BuyBook',
      slots: { genre: 'fantasy', title: 'A Scanner Darkly' },
      slotDetails: {
        genre: { originalValue: 'magic', resolutions: [{ value: 'fantasy' }] },
        title: { originalValue: 'A Scanner Darkly', resolutions: [] },
      },
      confirmationStatus: 'None',
    },
    activeContexts: [
      { name: 'shopping', timeToLive: { timeToLiveInSeconds: 90, turnsToLive: 3 }, parameters: {} },
    ],
  })
  expect(JSON.parse(JSON.stringify(event))).toEqual(event)
})

it('keeps what was typed of a slot that comes back unchanged, and takes a changed one as it is', () => {
  const answer = action({ type: 'Delegate', slots: { genre: 'fantasy', title: 'Dune' } })
  expect(answer.action).toEqual({
    type: 'Delegate',
    slots: {
      genre: { original: 'magic', value: 'fantasy', resolved: ['fantasy'] },
      title: { original: 'Dune', value: 'Dune', resolved: ['Dune'] },
    },
  })
})

it('reads every kind of action', () => {
  const message = { contentType: 'PlainText', content: 'hm' }
  const said = { messages: [message], card: null }
  expect(action({ type: 'ElicitIntent' }).action).toEqual({ type: 'ElicitIntent', said: null })
  expect(action({ type: 'ElicitIntent', message }).action).toEqual({ type: 'ElicitIntent', said })
  expect(
    action({
      type: 'ElicitSlot',
      intentName: 'BuyBook',
      slots: { genre: null, title: 'A Scanner Darkly' },
      slotToElicit: 'title',
      message,
    }).action,
  ).toMatchObject({
    type: 'ElicitSlot',
    intent: 'BuyBook',
    slot: 'title',
    said,
    slots: { genre: null },
  })
  expect(
    action({ type: 'ConfirmIntent', intentName: 'BuyBook', slots: {}, message }).action,
  ).toEqual({ type: 'ConfirmIntent', intent: 'BuyBook', slots: {}, said })
  expect(action({ type: 'Delegate' }).action).toEqual({ type: 'Delegate' })
  expect(action({ type: 'Close', fulfillmentState: 'Failed', message }).action).toEqual({
    type: 'Close',
    state: 'Failed',
    said,
  })
})

it('reads cards, attributes, contexts and recent intents', () => {
  const answer = read({
    sessionAttributes: { a: 'b' },
    activeContexts: [
      {
        name: 'n',
        timeToLive: { timeToLiveInSeconds: 60, turnsToLive: 2 },
        parameters: { p: 'v' },
      },
    ],
    recentIntentSummaryView: [
      { intentName: 'BuyBook', slots: { title: null }, dialogActionType: 'Delegate' },
    ],
    dialogAction: {
      type: 'Close',
      fulfillmentState: 'Fulfilled',
      responseCard: {
        version: 1,
        contentType: 'application/vnd.amazonaws.card.generic',
        genericAttachments: [{ title: 'T', buttons: [{ text: 'yes', value: 'y' }] }],
      },
    },
  })
  expect(answer).toEqual({
    sessionAttributes: { a: 'b' },
    contexts: [{ name: 'n', turnsToLive: 2, expiresAt: 1_060_000, parameters: { p: 'v' } }],
    recentIntents: [
      {
        intentName: 'BuyBook',
        slots: { title: null },
        confirmationStatus: 'None',
        dialogActionType: 'Delegate',
        fulfillmentState: null,
        slotToElicit: null,
        checkpointLabel: null,
      },
    ],
    action: {
      type: 'Close',
      state: 'Fulfilled',
      said: {
        messages: [],
        card: { attachments: [{ title: 'T', buttons: [{ text: 'yes', value: 'y' }] }] },
      },
    },
  })
})

it.each([
  [undefined, /^the answer: got nothing; allowed: an object with .*dialogAction/],
  ['done', /^the answer: got "done"/],
  [{}, /^dialogAction: got nothing/],
  [
    { dialogAction: { type: 'Elicit' } },
    /^dialogAction\.type: got "Elicit"; allowed: ElicitIntent,/,
  ],
  [
    { dialogAction: { type: 'Close' } },
    /^dialogAction\.fulfillmentState: got nothing; allowed: Fulfilled, Failed/,
  ],
  [{ dialogAction: { type: 'Close', fulfillmentState: 'Done' } }, /fulfillmentState: got "Done"/],
  [
    { dialogAction: { type: 'ElicitSlot', intentName: 'BuyBook', slots: {} } },
    /^dialogAction\.slotToElicit: got nothing/,
  ],
  [
    {
      dialogAction: { type: 'ElicitSlot', intentName: 'BuyBook', slots: {}, slotToElicit: 'size' },
    },
    /slotToElicit: got "size"; allowed: the slots of BuyBook: genre, title/,
  ],
  [
    { dialogAction: { type: 'ElicitSlot', slots: {}, slotToElicit: 'title' } },
    /^dialogAction\.intentName: got nothing/,
  ],
  [
    { dialogAction: { type: 'ConfirmIntent', intentName: 'BuyBook' } },
    /^dialogAction\.slots: got nothing/,
  ],
  [
    { dialogAction: { type: 'Delegate', slots: { title: 4 } } },
    /^dialogAction\.slots\.title: got the number 4; allowed: text, or null/,
  ],
  [{ dialogAction: { type: 'Delegate', slots: [] } }, /^dialogAction\.slots: got a list of 0/],
  [
    { dialogAction: { type: 'Close', fulfillmentState: 'Failed', message: 'no' } },
    /^dialogAction\.message: got "no"; allowed: an object with contentType, content/,
  ],
  [
    {
      dialogAction: {
        type: 'Close',
        fulfillmentState: 'Failed',
        message: { contentType: 'Html', content: 'x' },
      },
    },
    /message\.contentType: got "Html"; allowed: PlainText, SSML, CustomPayload/,
  ],
  [
    {
      dialogAction: {
        type: 'Close',
        fulfillmentState: 'Failed',
        message: { contentType: 'SSML', content: 'x'.repeat(1001) },
      },
    },
    /message\.content: got a text of 1001 characters; allowed: text of 1 to 1000/,
  ],
  [
    { dialogAction: { type: 'Delegate' }, sessionAttributes: { n: 1 } },
    /^sessionAttributes\.n: got the number 1; allowed: text/,
  ],
  [
    { dialogAction: { type: 'Delegate' }, sessionAttributes: { n: 'x'.repeat(13_000) } },
    /^sessionAttributes: got "\d+ bytes"; allowed: at most 12288/,
  ],
  [
    { dialogAction: { type: 'Delegate' }, recentIntentSummaryView: [1, 2, 3, 4] },
    /recentIntentSummaryView: got a list of 4; allowed: a list of at most 3/,
  ],
])('names the field, what was got and what is allowed: %j', (answer, message) => {
  expect(() => read(answer)).toThrow(message)
})

it('warns of fields that mean nothing', () => {
  const warnings: string[] = []
  read({ dialogAction: { type: 'Delegate', slotsToElicit: 'x', message: {} } }, (text) =>
    warnings.push(text),
  )
  expect(warnings).toEqual([
    expect.stringMatching(/^dialogAction\.slotsToElicit is not known here/),
    expect.stringMatching(/^dialogAction\.message has no meaning with Delegate/),
  ])
})
