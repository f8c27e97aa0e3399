import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import { purchaseModel } from '../../test/lex/purchase-model.ts'
import { type ScriptedService, scriptedService } from '../../test/lex/scripted-service.ts'
import { send as sendTo, v1Path, v2Path } from '../../test/lex/send.ts'
import { type LexApiOptions, type LexHandler, lexApi } from './lex-api.ts'

let service: ScriptedService
let api: LexHandler
const start = (options: LexApiOptions = {}) => {
  service = scriptedService(purchaseModel())
  api = lexApi(service, { basePath: '/lex', ...options })
}
beforeEach(() => start())

const send = (
  path: string,
  body?: unknown,
  init?: { method?: string; headers?: Record<string, string> },
) => sendTo(api, path, body, init)
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
      type: 'ValidationException',
    })
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

it('V2 gives the parts of a composite slot, each a slot of its own here', async () => {
  const value = (interpretedValue: string) => ({ value: { interpretedValue } })
  const who = { shape: 'Composite', subSlots: { first: value('Ada'), last: null } }
  await send(v2Path('reader'), {
    sessionState: {
      intent: { name: 'OrderBook', slots: { who, bookType: null } },
      dialogAction: {
        type: 'ElicitSlot',
        slotToElicit: 'who',
        subSlotToElicit: { name: 'last' },
      },
    },
  })
  const put = service.puts[0]?.put
  expect(Object.keys(put?.intent?.slots ?? {})).toEqual(['who.first'])
  expect(put?.action).toMatchObject({ slot: 'who.last', slots: { 'who.first': { value: 'Ada' } } })
  expect((await recognize({ text: 'hm' })).body.sessionState.intent.slots).toMatchObject({
    who: { shape: 'Composite', subSlots: { first: { shape: 'Scalar' } } },
  })
})
