/** Every limit of what a Lambda handler may answer, at its value and one past it, in both versions. */
import { describe, expect, it } from 'vitest'
import { bookCall } from '../../test/book-call.ts'
import { readV1Answer } from './lambda-v1.ts'
import { readV2Answer } from './lambda-v2.ts'

const text = (length: number) => 'x'.repeat(length)
const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one)
/** Of so many bytes, names and texts together. */
const sized = (bytes: number) => ({ a: text(bytes - 1) })

type Row = readonly [what: string, make: (n: number) => object, taken: number, refused: number]

const close = (over: object) => ({
  dialogAction: { type: 'Close', fulfillmentState: 'Fulfilled', ...over },
})
const said = (content: string) => close({ message: { contentType: 'PlainText', content } })
const cards = (over: object, count = 1) =>
  close({ responseCard: { version: 1, genericAttachments: times(count, { title: 'T', ...over }) } })
const summary = (over: object, count = 1) => ({
  ...close({}),
  recentIntentSummaryView: times(count, {
    intentName: 'BuyBook',
    dialogActionType: 'Close',
    ...over,
  }),
})
const contexts = (over: object, count: number) =>
  times(count, { name: 'c', timeToLive: { timeToLiveInSeconds: 5, turnsToLive: 1 }, ...over })
const live = (seconds: number, turns: number) => ({
  timeToLive: { timeToLiveInSeconds: seconds, turnsToLive: turns },
})

const v1: readonly Row[] = [
  [
    'bytes of an answer',
    (n) => ({ ...close({}), other: text(n - filled(close({}))) }),
    25_600,
    25_601,
  ],
  [
    'bytes of session attributes',
    (n) => ({ ...close({}), sessionAttributes: sized(n) }),
    12_288,
    12_289,
  ],
  ['a message', (n) => said(text(n)), 1000, 1001],
  ['a message, at least', (n) => said(text(n)), 1, 0],
  ['attachments', (n) => cards({}, n), 10, 11],
  ['a title', (n) => cards({ title: text(n) }), 80, 81],
  ['a subtitle', (n) => cards({ subTitle: text(n) }), 80, 81],
  ['an image address', (n) => cards({ imageUrl: text(n) }), 2048, 2049],
  ['a link', (n) => cards({ attachmentLinkUrl: text(n) }), 2048, 2049],
  ['buttons', (n) => cards({ buttons: times(n, { text: 'a', value: 'b' }) }), 5, 6],
  ["a button's text", (n) => cards({ buttons: [{ text: text(n), value: 'b' }] }), 15, 16],
  ["a button's value", (n) => cards({ buttons: [{ text: 'a', value: text(n) }] }), 1000, 1001],
  ['recent intents', (n) => summary({}, n), 3, 4],
  ['a checkpoint label', (n) => summary({ checkpointLabel: text(n) }), 255, 256],
  ['contexts', (n) => ({ ...close({}), activeContexts: contexts({}, n) }), 20, 21],
  [
    "a context's seconds",
    (n) => ({ ...close({}), activeContexts: contexts(live(n, 1), 1) }),
    86_400,
    86_401,
  ],
  ["a context's turns", (n) => ({ ...close({}), activeContexts: contexts(live(5, n), 1) }), 20, 21],
]

const answer = (over: object, state: object = {}) => ({
  sessionState: {
    dialogAction: { type: 'Close' },
    intent: { name: 'BuyBook', state: 'Fulfilled' },
    ...state,
  },
  ...over,
})
const messages = (over: object, count = 1) =>
  answer({ messages: times(count, { contentType: 'PlainText', content: 'x', ...over }) })
const card = (over: object) =>
  messages({ contentType: 'ImageResponseCard', imageResponseCard: { title: 'T', ...over } })

const v2: readonly Row[] = [
  ['bytes of an answer', (n) => answer({ other: text(n - filled(answer({}))) }), 25_600, 25_601],
  [
    'bytes of session attributes',
    (n) => answer({}, { sessionAttributes: sized(n) }),
    12_288,
    12_289,
  ],
  ['bytes of request attributes', (n) => answer({ requestAttributes: sized(n) }), 12_288, 12_289],
  ['messages', (n) => messages({}, n), 10, 11],
  ['a message', (n) => messages({ content: text(n) }), 1024, 1025],
  ['a message, at least', (n) => messages({ content: text(n) }), 1, 0],
  ['a title', (n) => card({ title: text(n) }), 250, 251],
  ['a subtitle', (n) => card({ subtitle: text(n) }), 250, 251],
  ['an image address', (n) => card({ imageUrl: text(n) }), 250, 251],
  ['buttons', (n) => card({ buttons: times(n, { text: 'a', value: 'b' }) }), 5, 6],
  ["a button's text", (n) => card({ buttons: [{ text: text(n), value: 'b' }] }), 50, 51],
  ["a button's value", (n) => card({ buttons: [{ text: 'a', value: text(n) }] }), 50, 51],
  ['contexts', (n) => answer({}, { activeContexts: contexts({}, n) }), 20, 21],
]

describe.each([
  ['V1', readV1Answer, v1],
  ['V2', readV2Answer, v2],
])('%s', (_, read, rows) => {
  it.each(rows)('%s', (_, make, taken, refused) => {
    const call = bookCall()
    expect(() => read(make(taken), call, () => {})).not.toThrow()
    expect(() => read(make(refused), call, () => {})).toThrow(/allowed: /)
  })
})

/** Bytes of an answer's JSON with an empty text `other` beside what is in it. */
function filled(answer: object): number {
  return JSON.stringify({ ...answer, other: '' }).length
}
