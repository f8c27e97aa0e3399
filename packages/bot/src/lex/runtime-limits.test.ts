/** Every limit of the runtime APIs at its value and one past it. */
import { gzipSync } from 'node:zlib'
import { beforeEach, describe, expect, it } from 'vitest'
import { purchaseModel } from '../../test/lex/purchase-model.ts'
import { type ScriptedService, scriptedService } from '../../test/lex/scripted-service.ts'
import { send, v1Path, v2Path } from '../../test/lex/send.ts'
import { type LexHandler, lexApi } from './lex-api.ts'

let service: ScriptedService
let api: LexHandler
beforeEach(() => {
  service = scriptedService(purchaseModel())
  api = lexApi(service, { basePath: '/lex', transcriber: async () => 'order it' })
})

const text = (length: number) => 'x'.repeat(length)
const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one)
const pairs = (count: number, key = (n: number) => `k${n}`, value = 'v') =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [key(n), value]))
/** JSON of one pair, so long. */
const sized = (bytes: number) => ({ a: text(bytes - '{"a":""}'.length) })

type Row = readonly [what: string, make: (n: number) => object, taken: number, refused: number]

/** Of the contexts of either generation. */
const contextRows = (
  member: 'parameters' | 'contextAttributes',
  wrap: (list: object) => object,
): Row[] => {
  const contexts = (over: object, count = 1) =>
    wrap(
      times(count, {
        name: 'at_home',
        timeToLive: { timeToLiveInSeconds: 60, turnsToLive: 3 },
        [member]: {},
        ...over,
      }),
    )
  const live = (seconds: number, turns: number) =>
    contexts({ timeToLive: { timeToLiveInSeconds: seconds, turnsToLive: turns } })
  return [
    ['contexts', (n) => contexts({}, n), 20, 21],
    ["a context's name", (n) => contexts({ name: text(n) }), 100, 101],
    ["a context's name, at least", (n) => contexts({ name: text(n) }), 1, 0],
    ["a context's seconds", (n) => live(n, 1), 86_400, 86_401],
    ["a context's seconds, at least", (n) => live(n, 1), 5, 4],
    ["a context's turns", (n) => live(5, n), 20, 21],
    ["a context's turns, at least", (n) => live(5, n), 1, 0],
    ["a context's parameters", (n) => contexts({ [member]: pairs(n) }), 10, 11],
    ["a parameter's name", (n) => contexts({ [member]: pairs(1, () => text(n)) }), 100, 101],
    ["a parameter's name, at least", (n) => contexts({ [member]: pairs(1, () => text(n)) }), 1, 0],
    ['a parameter', (n) => contexts({ [member]: pairs(1, undefined, text(n)) }), 1024, 1025],
    ['a parameter, at least', (n) => contexts({ [member]: pairs(1, undefined, text(n)) }), 1, 0],
  ]
}

const postTextRows: readonly Row[] = [
  ['inputText', (n) => ({ inputText: text(n) }), 1024, 1025],
  ['inputText in characters, not UTF-16 units', (n) => ({ inputText: '🙂'.repeat(n) }), 1024, 1025],
  ['inputText, at least', (n) => ({ inputText: text(n) }), 1, 0],
  ['sessionAttributes', (n) => ({ inputText: 'x', sessionAttributes: sized(n) }), 12_288, 12_291],
  [
    'both attributes together',
    (n) => ({ inputText: 'x', sessionAttributes: sized(n), requestAttributes: sized(6_000) }),
    12_288 - 6_000,
    12_288 - 5_990,
  ],
  ...contextRows('parameters', (activeContexts) => ({ inputText: 'x', activeContexts })),
]

const summary = (over: object) => ({
  recentIntentSummaryView: [{ dialogActionType: 'Close', ...over }],
})
const v1PutRows: readonly Row[] = [
  [
    'summaries',
    (n) => ({ recentIntentSummaryView: times(n, { dialogActionType: 'Close' }) }),
    3,
    4,
  ],
  ['a checkpoint label', (n) => summary({ checkpointLabel: text(n) }), 255, 256],
  ['a checkpoint label, at least', (n) => summary({ checkpointLabel: text(n) }), 1, 0],
  ['a message', (n) => ({ dialogAction: { type: 'ElicitIntent', message: text(n) } }), 1024, 1025],
  [
    'a message, at least',
    (n) => ({ dialogAction: { type: 'ElicitIntent', message: text(n) } }),
    1,
    0,
  ],
  ['sessionAttributes', (n) => ({ sessionAttributes: sized(n) }), 12_288, 12_291],
  ...contextRows('parameters', (activeContexts) => ({ activeContexts })),
]

const state = (sessionState: object) => ({ text: 'x', sessionState })
const hint = (over: object) =>
  state({ runtimeHints: { slotHints: { OrderBook: { bookName: over } } } })
const phrases = (count: number, phrase = 'x') => ({ runtimeHintValues: times(count, { phrase }) })
const value = (over: object) =>
  state({
    intent: {
      name: 'OrderBook',
      slots: { bookName: { value: { interpretedValue: 'x', ...over } } },
    },
  })
const recognizeRows: readonly Row[] = [
  ['text', (n) => ({ text: text(n) }), 1024, 1025],
  ['text, at least', (n) => ({ text: text(n) }), 1, 0],
  [
    'a name of an attribute, at least',
    (n) => ({ text: 'x', requestAttributes: { [text(n)]: '' } }),
    1,
    0,
  ],
  [
    'a name of a session attribute, at least',
    (n) => state({ sessionAttributes: { [text(n)]: '' } }),
    1,
    0,
  ],
  ['attributes together', (n) => state({ sessionAttributes: sized(n) }), 12_288, 12_291],
  ['originatingRequestId, at least', (n) => state({ originatingRequestId: text(n) }), 1, 0],
  ['an intent name, at least', (n) => state({ intent: { name: text(n) } }), 1, 0],
  ['interpretedValue, at least', (n) => value({ interpretedValue: text(n) }), 1, 0],
  ['originalValue, at least', (n) => value({ originalValue: text(n) }), 1, 0],
  ['a resolved value, at least', (n) => value({ resolvedValues: [text(n)] }), 1, 0],
  ['hints of a slot', (n) => hint(phrases(n)), 100, 101],
  ['hints of a slot, at least', (n) => hint(phrases(n)), 1, 0],
  ['a hint', (n) => hint(phrases(1, text(n))), 140, 141],
  ['a hint, at least', (n) => hint(phrases(1, text(n))), 1, 0],
  ['a hinted name', (n) => state({ runtimeHints: { slotHints: { [text(n)]: {} } } }), 100, 101],
  ...contextRows('contextAttributes', (activeContexts) => state({ activeContexts })),
]

const saying = (over: object, count = 1) => ({
  sessionState: {},
  messages: times(count, { contentType: 'PlainText', content: 'x', ...over }),
})
const card = (over: object) =>
  saying({ contentType: 'ImageResponseCard', imageResponseCard: { title: 'x', ...over } })
const v2PutRows: readonly Row[] = [
  ['messages', (n) => saying({}, n), 10, 11],
  ['a message', (n) => saying({ content: text(n) }), 1024, 1025],
  ['a message, at least', (n) => saying({ content: text(n) }), 1, 0],
  ['a title', (n) => card({ title: text(n) }), 250, 251],
  ['a title, at least', (n) => card({ title: text(n) }), 1, 0],
  ['a subtitle', (n) => card({ subtitle: text(n) }), 250, 251],
  ['an image address', (n) => card({ imageUrl: text(n) }), 250, 251],
  ['buttons', (n) => card({ buttons: times(n, { text: 'a', value: 'b' }) }), 5, 6],
  ["a button's text", (n) => card({ buttons: [{ text: text(n), value: 'b' }] }), 50, 51],
  ["a button's value", (n) => card({ buttons: [{ text: 'a', value: text(n) }] }), 50, 51],
]

describe.each([
  ['V1 PostText', v1Path('reader', 'text'), 'BadRequestException', postTextRows],
  ['V1 PutSession', v1Path('reader', 'session'), 'BadRequestException', v1PutRows],
  ['V2 RecognizeText', v2Path('reader', '/text'), 'ValidationException', recognizeRows],
  ['V2 PutSession', v2Path('reader'), 'ValidationException', v2PutRows],
])('%s', (_, path, type, rows) => {
  it.each(rows)('%s', async (_, make, taken, refused) => {
    expect(await send(api, path, make(taken))).toMatchObject({ status: 200 })
    const before = service.turns.length + service.puts.length
    const answer = await send(api, path, make(refused))
    expect(answer).toMatchObject({ status: 400, type })
    expect(answer.body.message).toMatch(/^1 validation error detected: Value at '/)
    expect(service.turns.length + service.puts.length).toBe(before)
  })
})

describe('what must be there, and what it may be', () => {
  const home = { name: 'home', timeToLive: { timeToLiveInSeconds: 5, turnsToLive: 1 } }
  const slot = { name: 'OrderBook', slots: { bookType: null } }
  it.each<[string, string, object, object]>([
    ['text', v1Path('reader', 'text'), { inputText: 'x' }, {}],
    [
      'attributes are texts',
      v1Path('reader', 'text'),
      { inputText: 'x', sessionAttributes: { a: '1' } },
      { inputText: 'x', sessionAttributes: { a: 1 } },
    ],
    [
      "Lex's own namespace",
      v1Path('reader', 'text'),
      { inputText: 'x', requestAttributes: { 'x-amz-lex:time-zone': 'UTC' } },
      { inputText: 'x', requestAttributes: { 'x-amz-lex:mine': '' } },
    ],
    [
      'V1 contexts: parameters',
      v1Path('reader', 'text'),
      { inputText: 'x', activeContexts: [{ ...home, parameters: {} }] },
      { inputText: 'x', activeContexts: [home] },
    ],
    [
      'V1 contexts: letters and single underscores',
      v1Path('reader', 'text'),
      { inputText: 'x', activeContexts: [{ ...home, name: 'a_b', parameters: {} }] },
      { inputText: 'x', activeContexts: [{ ...home, name: 'a1', parameters: {} }] },
    ],
    [
      'V1 contexts: how long they live may be left out',
      v1Path('reader', 'text'),
      { inputText: 'x', activeContexts: [{ name: 'a', timeToLive: {}, parameters: {} }] },
      { inputText: 'x', activeContexts: [{ name: 'a', parameters: {} }] },
    ],
    [
      'V1 Close: a state',
      v1Path('reader', 'session'),
      { dialogAction: { type: 'Close', fulfillmentState: 'Failed' } },
      { dialogAction: { type: 'Close' } },
    ],
    [
      'V1 actions',
      v1Path('reader', 'session'),
      { dialogAction: { type: 'Delegate' } },
      { dialogAction: { type: 'None' } },
    ],
    [
      'V1 labels: letters, digits, hyphens',
      v1Path('reader', 'session'),
      summary({ checkpointLabel: 'a-1' }),
      summary({ checkpointLabel: 'a_1' }),
    ],
    [
      'V1 summaries: a type',
      v1Path('reader', 'session'),
      summary({}),
      { recentIntentSummaryView: [{}] },
    ],
    ['text', v2Path('reader', '/text'), { text: 'x' }, { text: null }],
    ['a state to put', v2Path('reader'), { sessionState: {} }, {}],
    [
      'V2 contexts: both ends of their life',
      v2Path('reader', '/text'),
      state({ activeContexts: [{ ...home, contextAttributes: {} }] }),
      state({
        activeContexts: [{ ...home, timeToLive: { turnsToLive: 1 }, contextAttributes: {} }],
      }),
    ],
    [
      'V2 contexts: digits',
      v2Path('reader', '/text'),
      state({ activeContexts: [{ ...home, name: 'a1_2', contextAttributes: {} }] }),
      state({ activeContexts: [{ ...home, name: 'a-b', contextAttributes: {} }] }),
    ],
    [
      'V2 states',
      v2Path('reader', '/text'),
      state({ intent: { ...slot, state: 'FulfillmentInProgress' } }),
      state({ intent: { ...slot, state: 'Happy' } }),
    ],
    [
      'V2 confirmations',
      v2Path('reader', '/text'),
      state({ intent: { ...slot, confirmationState: 'Denied' } }),
      state({ intent: { ...slot, confirmationState: 'Maybe' } }),
    ],
    [
      'V2 actions',
      v2Path('reader', '/text'),
      state({ dialogAction: { type: 'None' } }),
      state({ dialogAction: { type: 'Dance' } }),
    ],
    [
      'V2 ElicitSlot: its slot',
      v2Path('reader', '/text'),
      state({ intent: slot, dialogAction: { type: 'ElicitSlot', slotToElicit: 'bookType' } }),
      state({ intent: slot, dialogAction: { type: 'ElicitSlot' } }),
    ],
    [
      'V2 Delegate: an intent',
      v2Path('reader', '/text'),
      state({ intent: slot, dialogAction: { type: 'Delegate' } }),
      state({ dialogAction: { type: 'Delegate' } }),
    ],
    [
      'V2 slots: values',
      v2Path('reader', '/text'),
      state({ intent: slot }),
      state({ intent: { ...slot, slots: { bookType: { value: {} } } } }),
    ],
    [
      'V2 slots: parts without parts',
      v2Path('reader', '/text'),
      state({ intent: { ...slot, slots: { a: { shape: 'Composite', subSlots: { b: null } } } } }),
      state({ intent: { ...slot, slots: { a: { subSlots: { b: { subSlots: {} } } } } } }),
    ],
    [
      'V2 styles',
      v2Path('reader', '/text'),
      state({ intent: slot, dialogAction: { type: 'None', slotElicitationStyle: 'SpellByWord' } }),
      state({ intent: slot, dialogAction: { type: 'None', slotElicitationStyle: 'Loud' } }),
    ],
    ['V2 messages: a kind', v2Path('reader'), saying({}), saying({ contentType: 'Html' })],
    ['V2 cards: a title', v2Path('reader'), card({}), card({ title: null })],
  ])('%s', async (_, path, good, bad) => {
    expect(await send(api, path, good)).toMatchObject({ status: 200 })
    expect(await send(api, path, bad)).toMatchObject({
      status: 400,
      type: path.startsWith('/lex/bots') ? 'ValidationException' : 'BadRequestException',
    })
  })

  it.each([
    [true, ['ab', text(100), 'a.b_c:d-1']],
    [false, ['a', text(101), 'a%20b', 'a%2Fb', '%C3%BCa']],
  ])('user and session ids: %s', async (fits, ids) => {
    for (const id of ids) {
      for (const [path, body, method, type] of [
        [v1Path(id, 'text'), { inputText: 'x' }, 'POST', 'BadRequestException'],
        [v1Path(id, 'session'), undefined, 'DELETE', 'BadRequestException'],
        [v2Path(id, '/text'), { text: 'x' }, 'POST', 'ValidationException'],
        [v2Path(id), undefined, 'DELETE', 'ValidationException'],
      ] as const) {
        const answer = await send(api, path, body, { method })
        expect(answer, `${method} ${path}`).toMatchObject(
          fits ? { status: 200 } : { status: 400, type },
        )
      }
    }
  })

  it('a label to filter by', async () => {
    const path = v1Path('reader', 'session')
    await send(api, path, {})
    const get = (label: string) =>
      send(api, `${path}?checkpointLabelFilter=${label}`, undefined, { method: 'GET' })
    expect(await get(text(255))).toMatchObject({ status: 200 })
    for (const label of [text(256), 'a%20b']) {
      expect(await get(label)).toMatchObject({ status: 400, type: 'BadRequestException' })
    }
  })
})

describe('streams', () => {
  const say = (path: string, body: Uint8Array | string, headers: Record<string, string>) =>
    send(api, path, body, { headers })
  const content = v1Path('reader', 'content')
  const utterance = v2Path('reader', '/utterance')
  const plain = { 'content-type': 'text/plain; charset=utf-8' }

  it.each([
    ['audio/l16; rate=16000; channels=1', 480_000],
    ['audio/x-l16; sample-rate=16000; channel-count=1', 480_000],
    ['audio/lpcm; sample-rate=8000; sample-size-bits=16; channel-count=1', 240_000],
    ['audio/x-cbr-opus-with-preamble; bit-rate=256000', 480_000],
  ])('fifteen seconds of %s', async (type, bytes) => {
    const headers = { 'content-type': type }
    for (const path of [content, utterance]) {
      expect(await say(path, new Uint8Array(bytes), headers)).toMatchObject({ status: 200 })
    }
    expect(await say(content, new Uint8Array(bytes + 1), headers)).toMatchObject({
      status: 408,
      type: 'RequestTimeoutException',
    })
    expect(await say(utterance, new Uint8Array(bytes + 1), headers)).toMatchObject({
      status: 400,
      type: 'ValidationException',
    })
  })

  it('text of 1024 characters', async () => {
    for (const path of [content, utterance]) {
      expect(await say(path, text(1024), plain)).toMatchObject({ status: 200 })
      expect(await say(path, text(1025), plain)).toMatchObject({ status: 400 })
    }
  })

  it("V1's attributes in headers: 12 KB together", async () => {
    const encoded = (bytes: number) => Buffer.from(JSON.stringify(sized(bytes))).toString('base64')
    const both = (bytes: number) =>
      say(content, 'x', {
        ...plain,
        'x-amz-lex-session-attributes': encoded(bytes),
        'x-amz-lex-request-attributes': encoded(6_000),
      })
    expect(await both(6_288)).toMatchObject({ status: 200 })
    expect(await both(6_289)).toMatchObject({ status: 400, type: 'BadRequestException' })
  })

  it("V2's state in headers: 12 KB together, as sent", async () => {
    const packed = (value: object) => gzipSync(JSON.stringify(value)).toString('base64')
    const attributes = packed({})
    const state = packed({})
    const fits = 12 * 1024 - attributes.length
    const withState = (length: number) =>
      say(utterance, 'x', {
        ...plain,
        // What follows gzip's end is passed over, and what is long stays long.
        'x-amz-lex-session-state': Buffer.concat([
          Buffer.from(state, 'base64'),
          Buffer.alloc((length / 4) * 3 - Buffer.byteLength(state, 'base64')),
        ]).toString('base64'),
        'x-amz-lex-request-attributes': attributes,
      })
    expect(await withState(fits)).toMatchObject({ status: 200 })
    expect(await withState(fits + 4)).toMatchObject({ status: 400, type: 'ValidationException' })
  })

  it('a body of 128 KB, whatever its header says', async () => {
    const big = JSON.stringify({ inputText: 'x', other: text(128 * 1024) })
    expect(await send(api, v1Path('reader', 'text'), big)).toMatchObject({ status: 400 })
    const stream = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024)),
    })
    const request = new Request(`http://127.0.0.1${v1Path('reader', 'text')}`, {
      method: 'POST',
      body: stream,
      duplex: 'half',
    } as RequestInit)
    expect((await api(request)).status).toBe(400)
  })
})
