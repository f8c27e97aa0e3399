/** AWS's own clients against a real server: every operation of both generations, signed and unsigned, over HTTP/1.1 and HTTP/2. */
import { gunzipSync, gzipSync } from 'node:zlib'
import {
  DeleteSessionCommand,
  GetSessionCommand,
  LexRuntimeServiceClient,
  PostContentCommand,
  PostTextCommand,
  PutSessionCommand,
} from '@aws-sdk/client-lex-runtime-service'
import {
  DeleteSessionCommand as DeleteV2,
  GetSessionCommand as GetV2,
  LexRuntimeV2Client,
  PutSessionCommand as PutV2,
  RecognizeTextCommand,
  RecognizeUtteranceCommand,
  StartConversationCommand,
} from '@aws-sdk/client-lex-runtime-v2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type LexServer, serveLex } from '../../src/lex/serve-lex.ts'
import { purchaseModel } from './purchase-model.ts'
import { type ScriptedService, scriptedService } from './scripted-service.ts'

const key = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'not-a-real-secret' }

describe.each([
  { name: 'signed', credentials: key },
  { name: 'unsigned', credentials: undefined },
])('AWS clients, $name', ({ credentials }) => {
  let server: LexServer
  let service: ScriptedService
  let v1: LexRuntimeServiceClient
  let v2: LexRuntimeV2Client

  beforeAll(async () => {
    service = scriptedService(purchaseModel())
    server = await serveLex({
      service,
      basePath: '/lex',
      ...(credentials && { credentials }),
      transcriber: async () => 'I want to order some books',
    })
    const options = { endpoint: server.url, region: 'us-east-1', credentials: key }
    v1 = new LexRuntimeServiceClient(options)
    v2 = new LexRuntimeV2Client(options)
  })
  afterAll(async () => {
    v1.destroy()
    v2.destroy()
    await server.stop(1_000)
  })

  const bot = { botName: 'PurchaseBook', botAlias: '$LATEST' }

  it('PostText holds a conversation to its end', async () => {
    const names = { ...bot, userId: 'reader:1' }
    const say = (inputText: string) => v1.send(new PostTextCommand({ ...names, inputText }))
    const first = await v1.send(
      new PostTextCommand({
        ...names,
        inputText: 'I want to order some books',
        sessionAttributes: { shop: 'north' },
        requestAttributes: { mood: 'good' },
        activeContexts: [
          {
            name: 'at_home',
            timeToLive: { timeToLiveInSeconds: 60, turnsToLive: 3 },
            parameters: { a: 'b' },
          },
        ],
      }),
    )
    expect(first).toMatchObject({
      intentName: 'OrderBook',
      dialogState: 'ElicitSlot',
      slotToElicit: 'bookType',
      slots: { bookType: null, bookName: null },
      message: 'Which type? „Märchen“?',
      messageFormat: 'PlainText',
      nluIntentConfidence: { score: 0.9 },
      alternativeIntents: [{ intentName: 'Help', nluIntentConfidence: { score: 0.3 }, slots: {} }],
      sessionAttributes: { shop: 'north' },
      botVersion: '$LATEST',
      activeContexts: [{ name: 'at_home', timeToLive: { turnsToLive: 3 }, parameters: { a: 'b' } }],
    })
    expect(first.sessionId).toMatch(/^\d+-reader:1$/)
    expect(await say('Fantasy')).toMatchObject({
      slots: { bookType: 'fantasy' },
      responseCard: {
        contentType: 'application/vnd.amazonaws.card.generic',
        genericAttachments: [
          { title: 'Books', buttons: [{ text: 'Twilight', value: 'twilight' }] },
        ],
      },
    })
    const confirm = await say('Twilight')
    expect(confirm).toMatchObject({ dialogState: 'ConfirmIntent', messageFormat: 'Composite' })
    expect(JSON.parse(confirm.message ?? '')).toEqual({
      messages: [
        { type: 'PlainText', group: 0, value: 'Purchase twilight?' },
        { type: 'SSML', group: 1, value: '<speak>Sure?</speak>' },
      ],
    })
    expect(await say('yes')).toMatchObject({
      dialogState: 'Fulfilled',
      message: 'Thanks for purchasing book.',
    })
  })

  it('PostContent takes text as a stream and answers in headers', async () => {
    const answer = await v1.send(
      new PostContentCommand({
        ...bot,
        userId: 'reader-2',
        contentType: 'text/plain; charset=utf-8',
        accept: 'text/plain; charset=utf-8',
        inputStream: Buffer.from('I want to order some bücher'),
        sessionAttributes: JSON.stringify({ shop: 'süd' }),
      }),
    )
    expect(answer).toMatchObject({
      intentName: 'OrderBook',
      dialogState: 'ElicitSlot',
      slotToElicit: 'bookType',
      messageFormat: 'PlainText',
      botVersion: '$LATEST',
    })
    expect(JSON.parse(String(answer.slots))).toEqual({ bookType: null, bookName: null })
    expect(JSON.parse(String(answer.sessionAttributes))).toEqual({ shop: 'süd' })
    expect(JSON.parse(String(answer.nluIntentConfidence))).toEqual({ score: 0.9 })
    expect(Buffer.from(answer.encodedMessage ?? '', 'base64').toString()).toBe(
      'Which type? „Märchen“?',
    )
    expect(Buffer.from(answer.encodedInputTranscript ?? '', 'base64').toString()).toBe(
      'I want to order some bücher',
    )
  })

  it('PostContent takes audio where there is a transcriber', async () => {
    const answer = await v1.send(
      new PostContentCommand({
        ...bot,
        userId: 'reader-3',
        contentType: 'audio/l16; rate=16000; channels=1',
        accept: 'text/plain; charset=utf-8',
        inputStream: Buffer.alloc(32_000),
      }),
    )
    expect(answer.inputTranscript).toBe('I want to order some books')
  })

  it('PutSession, GetSession and DeleteSession of V1', async () => {
    const names = { ...bot, userId: 'reader-4' }
    const put = await v1.send(
      new PutSessionCommand({
        ...names,
        sessionAttributes: { a: 'b' },
        dialogAction: {
          type: 'ElicitSlot',
          intentName: 'OrderBook',
          slots: { bookType: 'fantasy' },
          slotToElicit: 'bookName',
          message: 'Which one then?',
          messageFormat: 'PlainText',
        },
        recentIntentSummaryView: [
          { dialogActionType: 'ElicitSlot', intentName: 'OrderBook', checkpointLabel: 'begin' },
          { dialogActionType: 'Close', intentName: 'Help', fulfillmentState: 'Fulfilled' },
        ],
      }),
    )
    expect(put).toMatchObject({
      dialogState: 'ElicitSlot',
      slotToElicit: 'bookName',
      message: 'Which one then?',
    })
    expect(await v1.send(new GetSessionCommand(names))).toMatchObject({
      sessionAttributes: { a: 'b' },
      dialogAction: {
        type: 'ElicitSlot',
        slots: { bookType: 'fantasy' },
        slotToElicit: 'bookName',
      },
      recentIntentSummaryView: [{ intentName: 'OrderBook' }, { intentName: 'Help' }],
    })
    const filtered = await v1.send(
      new GetSessionCommand({ ...names, checkpointLabelFilter: 'begin' }),
    )
    expect(filtered.recentIntentSummaryView).toMatchObject([{ checkpointLabel: 'begin' }])
    expect(await v1.send(new DeleteSessionCommand(names))).toMatchObject({
      botName: 'PurchaseBook',
      userId: 'reader-4',
    })
    await expect(v1.send(new GetSessionCommand(names))).rejects.toMatchObject({
      name: 'NotFoundException',
      $metadata: { httpStatusCode: 404 },
    })
  })

  const v2Bot = { botId: 'PurchaseBook', botAliasId: 'prod', localeId: 'en_US' }

  it('RecognizeText holds a conversation to its end over HTTP/2', async () => {
    const names = { ...v2Bot, sessionId: 'visitor:1' }
    const say = (text: string) => v2.send(new RecognizeTextCommand({ ...names, text }))
    const first = await v2.send(
      new RecognizeTextCommand({
        ...names,
        text: 'order a book',
        sessionState: { sessionAttributes: { shop: 'north' } },
        requestAttributes: { mood: 'good' },
      }),
    )
    expect(first).toMatchObject({
      messages: [{ contentType: 'PlainText', content: 'Which type? „Märchen“?' }],
      sessionState: {
        dialogAction: { type: 'ElicitSlot', slotToElicit: 'bookType' },
        intent: {
          name: 'OrderBook',
          state: 'InProgress',
          confirmationState: 'None',
          slots: { bookType: null, bookName: null },
        },
        sessionAttributes: { shop: 'north' },
      },
      interpretations: [
        {
          intent: { name: 'OrderBook' },
          nluConfidence: { score: 0.9 },
          interpretationSource: 'Lex',
        },
        { intent: { name: 'Help', slots: {} }, nluConfidence: { score: 0.3 } },
      ],
      requestAttributes: { mood: 'good' },
      sessionId: 'visitor:1',
    })
    expect(first.sessionState?.originatingRequestId).toBeTruthy()
    expect(await say('Fantasy')).toMatchObject({
      messages: [
        { contentType: 'PlainText', content: 'Which book?' },
        {
          contentType: 'ImageResponseCard',
          imageResponseCard: {
            title: 'Books',
            subtitle: 'in stock',
            buttons: [{ value: 'twilight' }],
          },
        },
      ],
      sessionState: {
        intent: {
          slots: {
            bookType: {
              shape: 'Scalar',
              value: {
                originalValue: 'Fantasy',
                interpretedValue: 'fantasy',
                resolvedValues: ['fantasy'],
              },
            },
          },
        },
      },
    })
    await say('Twilight')
    expect(await say('yes')).toMatchObject({
      sessionState: {
        dialogAction: { type: 'Close' },
        intent: { state: 'Fulfilled', confirmationState: 'Confirmed' },
      },
    })
  })

  it('RecognizeUtterance over HTTP/2 in compressed headers', async () => {
    const packed = (value: unknown) => gzipSync(JSON.stringify(value)).toString('base64')
    const unpacked = (text: string | undefined) =>
      JSON.parse(gunzipSync(Buffer.from(text ?? '', 'base64')).toString())
    const answer = await v2.send(
      new RecognizeUtteranceCommand({
        ...v2Bot,
        sessionId: 'visitor-2',
        requestContentType: 'text/plain; charset=utf-8',
        responseContentType: 'text/plain; charset=utf-8',
        inputStream: Buffer.from('order a book'),
        sessionState: packed({ sessionAttributes: { stadt: 'Köln' } }),
        requestAttributes: packed({ mood: 'good' }),
      }),
    )
    expect(answer).toMatchObject({ inputMode: 'Text', sessionId: 'visitor-2' })
    expect(unpacked(answer.messages)).toMatchObject([{ content: 'Which type? „Märchen“?' }])
    expect(unpacked(answer.sessionState)).toMatchObject({
      sessionAttributes: { stadt: 'Köln' },
      intent: { name: 'OrderBook' },
    })
    expect(unpacked(answer.interpretations)).toHaveLength(2)
    expect(unpacked(answer.requestAttributes)).toEqual({ mood: 'good' })
    expect(unpacked(answer.inputTranscript)).toBe('order a book')
  })

  it('PutSession, GetSession and DeleteSession of V2', async () => {
    const names = { ...v2Bot, sessionId: 'visitor-3' }
    const put = await v2.send(
      new PutV2({
        ...names,
        sessionState: {
          sessionAttributes: { a: 'b' },
          intent: {
            name: 'OrderBook',
            slots: { bookType: { value: { interpretedValue: 'fantasy' } } },
          },
          dialogAction: { type: 'ElicitSlot', slotToElicit: 'bookName' },
        },
        messages: [{ contentType: 'PlainText', content: 'Which one then?' }],
      }),
    )
    expect(put.sessionId).toBe('visitor-3')
    expect(await v2.send(new GetV2(names))).toMatchObject({
      sessionId: 'visitor-3',
      messages: [{ content: 'Which one then?' }],
      sessionState: {
        dialogAction: { type: 'ElicitSlot', slotToElicit: 'bookName' },
        intent: {
          name: 'OrderBook',
          slots: { bookType: { value: { originalValue: 'fantasy', interpretedValue: 'fantasy' } } },
        },
        sessionAttributes: { a: 'b' },
      },
    })
    expect(await v2.send(new DeleteV2(names))).toMatchObject({
      botId: 'PurchaseBook',
      sessionId: 'visitor-3',
    })
    await expect(v2.send(new GetV2(names))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
  })

  it('StartConversation is refused by name', async () => {
    const sending = v2.send(
      new StartConversationCommand({
        ...v2Bot,
        sessionId: 'visitor-4',
        conversationMode: 'TEXT',
        requestEventStream: (async function* () {
          yield { TextInputEvent: { text: 'hello' } }
        })(),
      }),
    )
    await expect(sending).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('RecognizeText'),
    })
  })

  it.each([
    ['hook fails', 424, 'DependencyFailedException', 'DependencyFailedException'],
    ['no message', 400, 'BadRequestException', 'ValidationException'],
    ['race', 409, 'ConflictException', 'ConflictException'],
    ['flood', 429, 'LimitExceededException', 'ThrottlingException'],
    ['away', 502, 'BadGatewayException', 'BadGatewayException'],
    ['broken', 500, 'InternalFailureException', 'InternalServerException'],
    ['x'.repeat(1025), 400, 'BadRequestException', 'ValidationException'],
  ])('errors have the names and statuses of AWS: %s', async (text, status, name1, name2) => {
    // What may pass is asked again, which is not what is asked here.
    const once = { endpoint: server.url, region: 'us-east-1', credentials: key, maxAttempts: 1 }
    const first = new LexRuntimeServiceClient(once)
    const second = new LexRuntimeV2Client(once)
    const told = (name: string) => ({
      name,
      $metadata: { httpStatusCode: status },
      message: expect.stringMatching(/\w/),
    })
    await expect(
      first.send(new PostTextCommand({ ...bot, userId: 'u9', inputText: text })),
    ).rejects.toMatchObject(told(name1))
    await expect(
      first.send(
        new PostContentCommand({
          ...bot,
          userId: 'u9',
          contentType: 'text/plain; charset=utf-8',
          inputStream: Buffer.from(text),
        }),
      ),
    ).rejects.toMatchObject(told(name1))
    await expect(
      second.send(new RecognizeTextCommand({ ...v2Bot, sessionId: 'u9', text })),
    ).rejects.toMatchObject(told(name2))
    await expect(
      second.send(
        new RecognizeUtteranceCommand({
          ...v2Bot,
          sessionId: 'u9',
          requestContentType: 'text/plain; charset=utf-8',
          inputStream: Buffer.from(text),
        }),
      ),
    ).rejects.toMatchObject(told(name2))
    first.destroy()
    second.destroy()
  })

  it('a retry of a lost answer is the same turn', async () => {
    const before = service.turns.length
    const client = new LexRuntimeServiceClient({
      endpoint: server.url,
      region: 'us-east-1',
      credentials: key,
    })
    let lost = 0
    client.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args)
        if (lost++ > 0) return answer
        throw Object.assign(new Error('the connection broke'), { name: 'TimeoutError' })
      },
      { step: 'finalizeRequest', priority: 'low' },
    )
    const answer = await client.send(
      new PostTextCommand({ ...bot, userId: 'reader-5', inputText: 'order it' }),
    )
    client.destroy()
    expect(answer.$metadata.attempts).toBe(2)
    expect(service.turns.length - before).toBe(1)
  })
})
