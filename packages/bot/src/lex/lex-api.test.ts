import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { purchaseModel } from '../../test/lex/purchase-model.ts'
import { type ScriptedService, scriptedService } from '../../test/lex/scripted-service.ts'
import { type LexApiOptions, type LexHandler, lexApi } from './lex-api.ts'

let service: ScriptedService
let api: LexHandler
const start = (options: LexApiOptions = {}) => {
  service = scriptedService(purchaseModel())
  api = lexApi(service, { basePath: '/lex', ...options })
}
beforeEach(() => start())

const v1Path = (user: string, last: string, bot = 'PurchaseBook', alias = 'prod') =>
  `/lex/bot/${bot}/alias/${alias}/user/${user}/${last}`
const v2Path = (session: string, last = '', locale = 'en_US') =>
  `/lex/bots/PurchaseBook/botAliases/prod/botLocales/${locale}/sessions/${session}${last}`

async function send(
  path: string,
  body?: unknown,
  { method = 'POST', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
) {
  const response = await api(
    new Request(`http://127.0.0.1${path}`, {
      method,
      headers,
      ...(body !== undefined && {
        body:
          body instanceof Uint8Array
            ? Buffer.from(body)
            : typeof body === 'string'
              ? body
              : JSON.stringify(body),
      }),
    }),
  )
  const text = await response.text()
  return {
    status: response.status,
    type: response.headers.get('x-amzn-errortype'),
    headers: response.headers,
    body: text.startsWith('{') ? JSON.parse(text) : text,
  }
}

const postText = (members: object, user = 'reader') => send(v1Path(user, 'text'), members)
const recognize = (members: object, session = 'reader') => send(v2Path(session, '/text'), members)

describe('paths', () => {
  it('take $LATEST plain and escaped, and names with escapes', async () => {
    for (const alias of ['$LATEST', '%24LATEST', '1']) {
      const answer = await send(v1Path('reader%3A1', 'text', 'PurchaseBook', alias), {
        inputText: 'hi',
      })
      expect(answer.status).toBe(200)
      expect(service.turns.at(-1)).toMatchObject({
        user: 'reader:1',
        alias: decodeURIComponent(alias),
      })
    }
  })

  it('that are none of Lex are told so in the words of their generation', async () => {
    expect(await send('/lex/bot/PurchaseBook/text', {})).toMatchObject({
      status: 404,
      type: 'UnknownOperationException',
    })
    expect(await send(v1Path('reader', 'text'), undefined, { method: 'GET' })).toMatchObject({
      status: 404,
    })
    expect(await send('/lex/bots/%ff/botAliases', {})).toMatchObject({ status: 404 })
    expect(await send(v1Path('reader', 'text', 'Nobody'), { inputText: 'hi' })).toMatchObject({
      status: 404,
      type: 'NotFoundException',
    })
    expect(await send(v2Path('reader', '/text', 'xx_XX'), { text: 'hi' })).toMatchObject({
      status: 404,
      type: 'ResourceNotFoundException',
    })
    expect(await send(v2Path('reader', '/conversation'), 'x')).toMatchObject({
      status: 400,
      type: 'UnsupportedOperationException',
    })
  })
})

describe('every limit, and one past it', () => {
  const text = (length: number) => 'x'.repeat(length)
  const contexts = (
    count: number,
    over: object = {},
    parameters: 'parameters' | 'contextAttributes' = 'parameters',
  ) =>
    Array.from({ length: count }, () => ({
      name: 'at_home',
      timeToLive: { timeToLiveInSeconds: 60, turnsToLive: 3 },
      [parameters]: {},
      ...over,
    }))
  const pairs = (count: number, key = (n: number) => `k${n}`, value = 'v') =>
    Object.fromEntries(Array.from({ length: count }, (_, n) => [key(n), value]))

  it.each<[string, object, object]>([
    ['inputText of 1024 characters', { inputText: text(1024) }, { inputText: text(1025) }],
    [
      'inputText counts characters, not UTF-16 units',
      { inputText: '🙂'.repeat(1024) },
      { inputText: '🙂'.repeat(1025) },
    ],
    ['inputText of one character', { inputText: 'x' }, { inputText: '' }],
    ['inputText must be there', { inputText: 'x' }, {}],
    [
      '20 contexts',
      { inputText: 'x', activeContexts: contexts(20) },
      { inputText: 'x', activeContexts: contexts(21) },
    ],
    [
      'a context name of 100',
      { inputText: 'x', activeContexts: contexts(1, { name: text(100) }) },
      { inputText: 'x', activeContexts: contexts(1, { name: text(101) }) },
    ],
    [
      'a context name of letters',
      { inputText: 'x', activeContexts: contexts(1, { name: 'a_b' }) },
      { inputText: 'x', activeContexts: contexts(1, { name: 'a__b' }) },
    ],
    [
      '5 seconds of a context',
      { inputText: 'x', activeContexts: contexts(1, { timeToLive: { timeToLiveInSeconds: 5 } }) },
      { inputText: 'x', activeContexts: contexts(1, { timeToLive: { timeToLiveInSeconds: 4 } }) },
    ],
    [
      '86,400 seconds of a context',
      {
        inputText: 'x',
        activeContexts: contexts(1, { timeToLive: { timeToLiveInSeconds: 86_400 } }),
      },
      {
        inputText: 'x',
        activeContexts: contexts(1, { timeToLive: { timeToLiveInSeconds: 86_401 } }),
      },
    ],
    [
      '1 turn of a context',
      { inputText: 'x', activeContexts: contexts(1, { timeToLive: { turnsToLive: 1 } }) },
      { inputText: 'x', activeContexts: contexts(1, { timeToLive: { turnsToLive: 0 } }) },
    ],
    [
      '20 turns of a context',
      { inputText: 'x', activeContexts: contexts(1, { timeToLive: { turnsToLive: 20 } }) },
      { inputText: 'x', activeContexts: contexts(1, { timeToLive: { turnsToLive: 21 } }) },
    ],
    [
      '10 parameters',
      { inputText: 'x', activeContexts: contexts(1, { parameters: pairs(10) }) },
      { inputText: 'x', activeContexts: contexts(1, { parameters: pairs(11) }) },
    ],
    [
      'a parameter name of 100',
      { inputText: 'x', activeContexts: contexts(1, { parameters: pairs(1, () => text(100)) }) },
      { inputText: 'x', activeContexts: contexts(1, { parameters: pairs(1, () => text(101)) }) },
    ],
    [
      'a parameter of 1024',
      {
        inputText: 'x',
        activeContexts: contexts(1, { parameters: pairs(1, undefined, text(1024)) }),
      },
      {
        inputText: 'x',
        activeContexts: contexts(1, { parameters: pairs(1, undefined, text(1025)) }),
      },
    ],
    [
      '12 KB of attributes',
      { inputText: 'x', sessionAttributes: { a: text(12 * 1024 - 10) } },
      { inputText: 'x', sessionAttributes: { a: text(12 * 1024) } },
    ],
    [
      'attributes together',
      {
        inputText: 'x',
        sessionAttributes: { a: text(6_000) },
        requestAttributes: { b: text(6_000) },
      },
      {
        inputText: 'x',
        sessionAttributes: { a: text(7_000) },
        requestAttributes: { b: text(6_000) },
      },
    ],
    [
      'attributes are texts',
      { inputText: 'x', sessionAttributes: { a: '1' } },
      { inputText: 'x', sessionAttributes: { a: 1 } },
    ],
    [
      "Lex's own namespace",
      { inputText: 'x', requestAttributes: { 'x-amz-lex:accept-content-types': 'PlainText' } },
      { inputText: 'x', requestAttributes: { 'x-amz-lex:mine': 'x' } },
    ],
  ])('V1 PostText: %s', async (_, good, bad) => {
    expect(await postText(good)).toMatchObject({ status: 200 })
    const turns = service.turns.length
    const refused = await postText(bad)
    expect(refused).toMatchObject({ status: 400, type: 'BadRequestException' })
    expect(refused.body.message).toMatch(/^1 validation error detected: Value at '/)
    expect(service.turns.length).toBe(turns)
  })

  it.each<[string, object, object]>([
    ['text of 1024 characters', { text: text(1024) }, { text: text(1025) }],
    ['text must be there', { text: 'x' }, { text: null }],
    [
      '20 contexts',
      { text: 'x', sessionState: { activeContexts: contexts(20, {}, 'contextAttributes') } },
      { text: 'x', sessionState: { activeContexts: contexts(21, {}, 'contextAttributes') } },
    ],
    [
      'an intent has a name',
      { text: 'x', sessionState: { intent: { name: 'OrderBook' } } },
      { text: 'x', sessionState: { intent: {} } },
    ],
    [
      'a state of the list',
      { text: 'x', sessionState: { intent: { name: 'OrderBook', state: 'InProgress' } } },
      { text: 'x', sessionState: { intent: { name: 'OrderBook', state: 'Happy' } } },
    ],
    [
      'ElicitSlot names its slot',
      {
        text: 'x',
        sessionState: {
          intent: { name: 'OrderBook' },
          dialogAction: { type: 'ElicitSlot', slotToElicit: 'bookType' },
        },
      },
      {
        text: 'x',
        sessionState: { intent: { name: 'OrderBook' }, dialogAction: { type: 'ElicitSlot' } },
      },
    ],
    [
      'an action has an intent',
      { text: 'x', sessionState: { dialogAction: { type: 'ElicitIntent' } } },
      { text: 'x', sessionState: { dialogAction: { type: 'Delegate' } } },
    ],
    [
      'slots have values',
      { text: 'x', sessionState: { intent: { name: 'OrderBook', slots: { bookType: null } } } },
      {
        text: 'x',
        sessionState: { intent: { name: 'OrderBook', slots: { bookType: { value: {} } } } },
      },
    ],
    [
      'no composite slots',
      {
        text: 'x',
        sessionState: {
          intent: { name: 'OrderBook', slots: { a: { shape: 'List', values: [] } } },
        },
      },
      {
        text: 'x',
        sessionState: { intent: { name: 'OrderBook', slots: { a: { shape: 'Composite' } } } },
      },
    ],
    [
      'request attributes are texts',
      { text: 'x', requestAttributes: {} },
      { text: 'x', requestAttributes: { a: {} } },
    ],
  ])('V2 RecognizeText: %s', async (_, good, bad) => {
    expect(await recognize(good)).toMatchObject({ status: 200 })
    expect(await recognize(bad)).toMatchObject({ status: 400, type: 'ValidationException' })
  })

  it.each<[string, object, object]>([
    [
      '3 summaries',
      { recentIntentSummaryView: Array(3).fill({ dialogActionType: 'Close' }) },
      { recentIntentSummaryView: Array(4).fill({ dialogActionType: 'Close' }) },
    ],
    [
      'a label of 255',
      { recentIntentSummaryView: [{ dialogActionType: 'Close', checkpointLabel: text(255) }] },
      { recentIntentSummaryView: [{ dialogActionType: 'Close', checkpointLabel: text(256) }] },
    ],
    [
      'a label of letters, digits and hyphens',
      { recentIntentSummaryView: [{ dialogActionType: 'Close', checkpointLabel: 'a-1' }] },
      { recentIntentSummaryView: [{ dialogActionType: 'Close', checkpointLabel: 'a b' }] },
    ],
    [
      'a message of 1024',
      { dialogAction: { type: 'ElicitIntent', message: text(1024) } },
      { dialogAction: { type: 'ElicitIntent', message: text(1025) } },
    ],
    [
      'Close has a state',
      { dialogAction: { type: 'Close', fulfillmentState: 'Failed' } },
      { dialogAction: { type: 'Close' } },
    ],
    [
      'a type of the list',
      { dialogAction: { type: 'Delegate' } },
      { dialogAction: { type: 'Dance' } },
    ],
  ])('V1 PutSession: %s', async (_, good, bad) => {
    expect(await send(v1Path('putter', 'session'), good)).toMatchObject({ status: 200 })
    expect(await send(v1Path('putter', 'session'), bad)).toMatchObject({
      status: 400,
      type: 'BadRequestException',
    })
  })

  it.each<[string, object, object]>([
    [
      '10 messages',
      { messages: Array(10).fill({ contentType: 'PlainText', content: 'x' }) },
      { messages: Array(11).fill({ contentType: 'PlainText', content: 'x' }) },
    ],
    [
      'a message of 1024',
      { messages: [{ contentType: 'PlainText', content: text(1024) }] },
      { messages: [{ contentType: 'PlainText', content: text(1025) }] },
    ],
    [
      'a title of 250',
      { messages: [{ contentType: 'ImageResponseCard', imageResponseCard: { title: text(250) } }] },
      { messages: [{ contentType: 'ImageResponseCard', imageResponseCard: { title: text(251) } }] },
    ],
    [
      '5 buttons',
      {
        messages: [
          {
            contentType: 'ImageResponseCard',
            imageResponseCard: { title: 'x', buttons: Array(5).fill({ text: 'a', value: 'b' }) },
          },
        ],
      },
      {
        messages: [
          {
            contentType: 'ImageResponseCard',
            imageResponseCard: { title: 'x', buttons: Array(6).fill({ text: 'a', value: 'b' }) },
          },
        ],
      },
    ],
    [
      'a button of 50',
      {
        messages: [
          {
            contentType: 'ImageResponseCard',
            imageResponseCard: { title: 'x', buttons: [{ text: text(50), value: 'b' }] },
          },
        ],
      },
      {
        messages: [
          {
            contentType: 'ImageResponseCard',
            imageResponseCard: { title: 'x', buttons: [{ text: text(51), value: 'b' }] },
          },
        ],
      },
    ],
  ])('V2 PutSession: %s', async (_, good, bad) => {
    expect(await send(v2Path('putter'), { sessionState: {}, ...good })).toMatchObject({
      status: 200,
    })
    expect(await send(v2Path('putter'), { sessionState: {}, ...bad })).toMatchObject({
      status: 400,
      type: 'ValidationException',
    })
  })

  it.each(['ab', text(100), 'a.b_c:d-1'])('user and session ids: %s', async (user) => {
    expect(await postText({ inputText: 'x' }, user)).toMatchObject({ status: 200 })
    expect(await recognize({ text: 'x' }, user)).toMatchObject({ status: 200 })
  })
  it.each(['a', text(101), 'a%20b', 'a%2Fb', '%C3%BCa'])(
    'no user or session id: %s',
    async (user) => {
      expect(await postText({ inputText: 'x' }, user)).toMatchObject({
        status: 400,
        type: 'BadRequestException',
      })
      expect(await recognize({ text: 'x' }, user)).toMatchObject({
        status: 400,
        type: 'ValidationException',
      })
      expect(await send(v2Path(user), undefined, { method: 'GET' })).toMatchObject({ status: 400 })
      expect(await send(v1Path(user, 'session'), undefined, { method: 'DELETE' })).toMatchObject({
        status: 400,
      })
    },
  )

  it('a label to filter by', async () => {
    await send(v1Path('reader', 'session'), {})
    const get = (label: string) =>
      send(`${v1Path('reader', 'session')}?checkpointLabelFilter=${label}`, undefined, {
        method: 'GET',
      })
    expect(await get(text(255))).toMatchObject({ status: 200 })
    expect(await get(text(256))).toMatchObject({ status: 400 })
    expect(await get('a%20b')).toMatchObject({ status: 400 })
  })

  it('a body of 128 KB, whatever its header says', async () => {
    const big = JSON.stringify({ inputText: 'x', other: text(128 * 1024) })
    expect(await send(v1Path('reader', 'text'), big)).toMatchObject({
      status: 400,
      type: 'BadRequestException',
    })
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

describe('errors', () => {
  it.each([
    ['flood', 429, 'LimitExceededException', 'ThrottlingException'],
    ['race', 409, 'ConflictException', 'ConflictException'],
    ['away', 502, 'BadGatewayException', 'BadGatewayException'],
    ['hook fails', 424, 'DependencyFailedException', 'DependencyFailedException'],
    ['no message', 400, 'BadRequestException', 'ValidationException'],
    ['broken', 500, 'InternalFailureException', 'InternalServerException'],
  ])('%s', async (text, status, v1, v2) => {
    const first = await postText({ inputText: text })
    expect(first).toMatchObject({ status, type: v1 })
    expect(await recognize({ text })).toMatchObject({ status, type: v2 })
    expect(first.headers.get('retry-after')).toBe(status === 429 ? '1' : null)
    expect(first.headers.get('x-amzn-requestid')).toBeTruthy()
    expect(JSON.stringify(first.body)).not.toContain('secret')
  })

  it('what failed inside is told to the owner only', async () => {
    const told: unknown[] = []
    start({ onError: (error) => told.push(error) })
    await postText({ inputText: 'broken' })
    expect(told).toMatchObject([{ message: 'secret inside' }])
    await postText({ inputText: '' })
    expect(told).toHaveLength(1)
  })

  it('every body is answered, none with 500', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('text', 'session', 'content'),
        fc.boolean(),
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.jsonValue().map((value) =>
            JSON.stringify({
              inputText: 'x',
              text: 'x',
              sessionAttributes: value,
              sessionState: {
                intent: value,
                activeContexts: value,
                dialogAction: value,
                sessionAttributes: value,
              },
              dialogAction: value,
              activeContexts: value,
              recentIntentSummaryView: value,
              messages: value,
              requestAttributes: value,
            }),
          ),
        ),
        async (last, second, body) => {
          const path = second
            ? v2Path('reader', last === 'session' ? '' : last === 'text' ? '/text' : '/utterance')
            : v1Path('reader', last)
          const { status } = await send(path, body, { headers: { 'content-type': 'text/plain' } })
          expect([200, 400]).toContain(status)
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('streams', () => {
  const content = (body: string | Uint8Array, headers: Record<string, string>) =>
    send(v1Path('reader', 'content'), body, { headers })
  const utterance = (body: string | Uint8Array, headers: Record<string, string>) =>
    send(v2Path('reader', '/utterance'), body, { headers })

  it('text and forms are read', async () => {
    expect(
      await content('order it', { 'content-type': 'text/plain; charset=utf-8' }),
    ).toMatchObject({ status: 200 })
    await content('inputText=order+it+%C3%BC', {
      'content-type': 'application/x-www-form-urlencoded',
    })
    expect(service.turns.at(-1)?.text).toBe('order it ü')
    await utterance('order+it', { 'content-type': 'application/x-www-form-urlencoded' })
    expect(service.turns.at(-1)?.text).toBe('order it')
  })

  it('audio without a transcriber, and what is no text, is refused', async () => {
    expect(
      await content('x', { 'content-type': 'audio/l16; rate=16000; channels=1' }),
    ).toMatchObject({ status: 415, type: 'UnsupportedMediaTypeException' })
    expect(await content('x', { 'content-type': 'application/json' })).toMatchObject({
      status: 415,
    })
    expect(await content('x', { 'content-type': 'text/plain; charset=latin1' })).toMatchObject({
      status: 415,
    })
    expect(await utterance('x', { 'content-type': 'audio/l16' })).toMatchObject({
      status: 400,
      type: 'ValidationException',
    })
    expect(
      await content(new Uint8Array([0xff, 0xfe]), { 'content-type': 'text/plain' }),
    ).toMatchObject({ status: 400 })
  })

  it('a transcriber hears, and one that fails is a gateway', async () => {
    start({
      transcriber: async ({ bytes }) =>
        bytes.length > 3 ? 'order it' : Promise.reject(new Error('deaf')),
    })
    expect(await content('audio', { 'content-type': 'audio/l16' })).toMatchObject({ status: 200 })
    expect(await content('x', { 'content-type': 'audio/l16' })).toMatchObject({
      status: 502,
      type: 'BadGatewayException',
    })
  })

  it('speech as an answer is refused', async () => {
    const text = { 'content-type': 'text/plain' }
    expect(await content('x', { ...text, accept: 'audio/mpeg' })).toMatchObject({
      status: 406,
      type: 'NotAcceptableException',
    })
    expect(await content('x', { ...text, accept: 'audio/mpeg, */*' })).toMatchObject({
      status: 200,
    })
    expect(await utterance('x', { ...text, 'response-content-type': 'audio/pcm' })).toMatchObject({
      status: 400,
      type: 'ValidationException',
    })
    expect(
      await send(v1Path('reader', 'session'), {}, { headers: { accept: 'audio/ogg' } }),
    ).toMatchObject({ status: 406 })
  })

  it('headers that are no base64, no gzip, no JSON, or a bomb are refused', async () => {
    const text = { 'content-type': 'text/plain' }
    const packed = (value: string) => gzipSync(value).toString('base64')
    for (const header of ['%%%', 'e30', Buffer.from('{').toString('base64')]) {
      expect((await content('x', { ...text, 'x-amz-lex-session-attributes': header })).status).toBe(
        header === 'e30' ? 200 : 400,
      )
    }
    for (const header of [
      'e30=',
      packed('{'),
      packed(`{"sessionAttributes":{"a":"${'x'.repeat(10_000_000)}"}}`),
    ]) {
      expect(await utterance('x', { ...text, 'x-amz-lex-session-state': header })).toMatchObject({
        status: 400,
      })
    }
    expect(
      await utterance('x', { ...text, 'x-amz-lex-session-state': packed('{}') }),
    ).toMatchObject({ status: 200 })
    const large = Buffer.from(JSON.stringify({ a: 'x'.repeat(12 * 1024) })).toString('base64')
    expect(await content('x', { ...text, 'x-amz-lex-session-attributes': large })).toMatchObject({
      status: 400,
    })
  })
})

it('a repeat by its invocation id is the same turn', async () => {
  const headers = { 'amz-sdk-invocation-id': '1bc6ae75-6482-4c55-bde9-49b4a5054682' }
  const first = await send(v1Path('reader', 'text'), { inputText: 'order it' }, { headers })
  const second = await send(v1Path('reader', 'text'), { inputText: 'order it' }, { headers })
  expect(second.body).toEqual(first.body)
  expect(service.turns).toHaveLength(1)
})

it('V2 sets the state in the same request', async () => {
  await recognize({
    text: 'Twilight',
    sessionState: {
      intent: {
        name: 'OrderBook',
        slots: {
          bookType: {
            shape: 'List',
            values: [{ value: { interpretedValue: 'a' } }, { value: { interpretedValue: 'b' } }],
          },
        },
      },
    },
  })
  expect(service.turns[0]?.put?.intent).toMatchObject({
    name: 'OrderBook',
    slots: { bookType: { value: 'a, b', values: [{ value: 'a' }, { value: 'b' }] } },
  })
})
