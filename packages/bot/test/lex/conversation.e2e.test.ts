/** The whole of it: AWS's clients, the endpoint, the service on SQLite, understanding, the dialogue step, and Lambda handlers in workers. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LexRuntimeServiceClient, PostTextCommand } from '@aws-sdk/client-lex-runtime-service'
import {
  DeleteSessionCommand,
  GetSessionCommand,
  LexRuntimeV2Client,
  PutSessionCommand,
  RecognizeTextCommand,
} from '@aws-sdk/client-lex-runtime-v2'
import { sqlite } from '@typestead/journal'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type HookRegistry, hookRegistry } from '../../src/hooks/hook-registry.ts'
import { lambda } from '../../src/hooks/lambda-ref.ts'
import { exportV1 } from '../../src/lex/archive/export-v1.ts'
import { importArchive } from '../../src/lex/archive/import-archive.ts'
import { type LexServer, serveLex } from '../../src/lex/serve-lex.ts'
import { defineBot } from '../../src/model/define-bot.ts'
import { openBots } from '../../src/service/open-bots.ts'
import type { BotService } from '../../src/service/service-contract.ts'
import { nluUnderstanding } from '../../src/understanding/nlu-understanding.ts'

const validate = `
exports.handler = (event, context, callback) => {
  const { name, slots } = event.currentIntent
  const known = ['harry potter', 'twilight', 'wings of fire']
  const { sessionAttributes } = event
  if (slots.bookName && !known.includes(slots.bookName.toLowerCase())) {
    const message = { contentType: 'PlainText', content: 'We do not have ' + slots.bookName + '.' }
    callback(null, { sessionAttributes, dialogAction: { type: 'ElicitSlot', intentName: name, slots, slotToElicit: 'bookName', message } })
    return
  }
  callback(null, { sessionAttributes, dialogAction: { type: 'Delegate', slots } })
}`
const fulfil = `
exports.handler = async (event) => {
  if (event.currentIntent.slots.bookType === 'fiction') throw new Error('the shop is closed')
  return {
    sessionAttributes: event.sessionAttributes,
    dialogAction: { type: 'Close', fulfillmentState: 'Fulfilled', message: { contentType: 'PlainText', content: 'Thanks for your order.' } },
  }
}`

const key = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'not-a-real-secret' }
let folder: string
let hooks: HookRegistry
let service: BotService
let server: LexServer
let v1: LexRuntimeServiceClient
let v2: LexRuntimeV2Client

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'typestead-lex-'))
  await writeFile(join(folder, 'validate.cjs'), validate)
  await writeFile(join(folder, 'fulfil.cjs'), fulfil)
  hooks = hookRegistry({ root: folder })
  service = await openBots({
    journal: sqlite(join(folder, 'bots.db')),
    understander: nluUnderstanding({ folder: join(folder, 'models') }),
    hooks,
  })
  await service.build(
    defineBot({
      name: 'PurchaseBook',
      sessionTtlSeconds: 300,
      slotTypes: {
        BookType: {
          values: ['fiction', { value: 'fantasy', synonyms: ['magic'] }],
          resolve: 'top',
        },
      },
      intents: {
        OrderBook: {
          utterances: [
            'I want to order some books',
            'please order a book for me',
            'order a {bookType} book',
          ],
          slots: {
            bookType: {
              type: 'BookType',
              priority: 1,
              prompt: ['What type?'],
              retries: ['Which type of book?'],
            },
            bookName: { type: 'AMAZON.Book', priority: 2, prompt: ['Which book?'] },
          },
          confirm: { prompt: ['Order {bookName}?'], rejection: ['Okay.'] },
          dialogHook: lambda('./validate.cjs'),
          fulfil: lambda('./fulfil.cjs'),
        },
      },
      clarification: { prompt: ['Sorry?'], retries: ['Try: order a book'] },
      abort: ['Goodbye.'],
    }),
  )
  await service.publish('PurchaseBook', { alias: 'prod' })
  server = await serveLex({ service, credentials: key })
  const options = { endpoint: server.url, region: 'us-east-1', credentials: key }
  v1 = new LexRuntimeServiceClient(options)
  v2 = new LexRuntimeV2Client(options)
})

afterAll(async () => {
  v1.destroy()
  v2.destroy()
  await server.stop(1_000)
  await service.close()
  await hooks.close()
  await rm(folder, { recursive: true })
})

const v1Says = (userId: string) => async (inputText: string) => {
  const answer = await v1.send(
    new PostTextCommand({ botName: 'PurchaseBook', botAlias: 'prod', userId, inputText }),
  )
  return [answer.dialogState, answer.slotToElicit ?? null, answer.message]
}

const v2Bot = { botId: 'PurchaseBook', botAliasId: 'prod', localeId: 'en_US' }
const v2Says = (sessionId: string) => async (text: string) => {
  const answer = await v2.send(new RecognizeTextCommand({ ...v2Bot, sessionId, text }))
  const { dialogAction, intent } = answer.sessionState ?? {}
  const state = dialogAction?.type === 'Close' ? intent?.state : dialogAction?.type
  return [
    state,
    dialogAction?.slotToElicit ?? null,
    answer.messages?.map(({ content }) => content).join('|'),
  ]
}

describe.each([
  ['V1', v1Says],
  ['V2', v2Says],
])('a conversation through %s', (name, says) => {
  it('from the first words to the order', async () => {
    const say = says(`reader-${name}`)
    expect(await say('I want to order some books')).toEqual([
      'ElicitSlot',
      'bookType',
      'What type?',
    ])
    expect(await say('fantasy')).toEqual(['ElicitSlot', 'bookName', 'Which book?'])
    expect(await say('moby dick')).toEqual(['ElicitSlot', 'bookName', 'We do not have moby dick.'])
    expect(await say('Twilight')).toEqual([
      'ConfirmIntent',
      null,
      expect.stringMatching(/^Order twilight\?$/i),
    ])
    expect(await say('yes')).toEqual(['Fulfilled', null, 'Thanks for your order.'])
  })

  it('what is not understood is asked again in other words, then given up', async () => {
    const say = says(`mumbler-${name}`)
    await say('order a book for me please')
    expect(await say('xyzzy')).toEqual(['ElicitSlot', 'bookType', 'Which type of book?'])
    expect(await say('qwertz')).toEqual(['Failed', null, 'Goodbye.'])
  })

  it('a hook that throws is a dependency that failed', async () => {
    const say = says(`unlucky-${name}`)
    await say('order a fiction book')
    await say('twilight')
    await expect(say('yes')).rejects.toMatchObject({
      name: 'DependencyFailedException',
      $metadata: { httpStatusCode: 424 },
    })
  })
})

it('V2 puts, gets and deletes a session, and goes on from what was put', async () => {
  const names = { ...v2Bot, sessionId: 'putter' }
  const slots = { bookType: { value: { interpretedValue: 'fantasy' } } }
  await v2.send(
    new PutSessionCommand({
      ...names,
      sessionState: {
        intent: { name: 'OrderBook', slots },
        dialogAction: { type: 'ElicitSlot', slotToElicit: 'bookName' },
        sessionAttributes: { a: 'b' },
      },
      messages: [{ contentType: 'PlainText', content: 'Which one then?' }],
    }),
  )
  expect(await v2.send(new GetSessionCommand(names))).toMatchObject({
    messages: [{ content: 'Which one then?' }],
    sessionState: {
      dialogAction: { type: 'ElicitSlot', slotToElicit: 'bookName' },
      sessionAttributes: { a: 'b' },
    },
  })
  expect(await v2Says('putter')('twilight')).toEqual([
    'ConfirmIntent',
    null,
    expect.stringMatching(/twilight/i),
  ])
  await v2.send(new DeleteSessionCommand(names))
  await expect(v2.send(new GetSessionCommand(names))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  })
})

it('V2 sets the state with the words', async () => {
  const answer = await v2.send(
    new RecognizeTextCommand({
      ...v2Bot,
      sessionId: 'setter',
      text: 'twilight',
      sessionState: {
        intent: {
          name: 'OrderBook',
          slots: { bookType: { value: { interpretedValue: 'fantasy' } } },
        },
        dialogAction: { type: 'ElicitSlot', slotToElicit: 'bookName' },
      },
    }),
  )
  expect(answer.sessionState).toMatchObject({
    dialogAction: { type: 'ConfirmIntent' },
    intent: { slots: { bookType: { value: { interpretedValue: 'fantasy' } } } },
  })
})

it('unknown bots, aliases and locales are not found', async () => {
  const recognize = (over: object) =>
    v2.send(new RecognizeTextCommand({ ...v2Bot, sessionId: 'nobody', text: 'hi', ...over }))
  for (const over of [{ botId: 'Nobody' }, { botAliasId: 'none' }, { localeId: 'fr_FR' }]) {
    await expect(recognize(over), JSON.stringify(over)).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
  }
  const post = new PostTextCommand({
    botName: 'PurchaseBook',
    botAlias: 'none',
    userId: 'nobody',
    inputText: 'hi',
  })
  await expect(v1.send(post)).rejects.toMatchObject({ name: 'NotFoundException' })
})

it('an exported bot comes in and speaks as before', async () => {
  const { model } = await service.model('PurchaseBook', 'prod')
  const { model: imported } = importArchive(exportV1(model).bytes)
  await service.build({ ...imported, name: 'Imported' })
  const answer = await v2.send(
    new RecognizeTextCommand({
      ...v2Bot,
      botId: 'Imported',
      botAliasId: '$LATEST',
      sessionId: 'again',
      text: 'I want to order some books',
    }),
  )
  expect(answer.messages).toMatchObject([{ content: 'What type?' }])
})
