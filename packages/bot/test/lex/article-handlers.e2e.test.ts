/**
 * The article's two handlers, letter by letter, behind Lex's HTTP APIs: AWS's own V1 and V2 clients, the endpoint, the service on
 * SQLite, understanding, the dialogue step, and the handlers in workers. Beside them a handler of V2's events.
 */
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { LexRuntimeServiceClient, PostTextCommand } from '@aws-sdk/client-lex-runtime-service'
import {
  GetSessionCommand,
  LexRuntimeV2Client,
  RecognizeTextCommand,
  RecognizeUtteranceCommand,
} from '@aws-sdk/client-lex-runtime-v2'
import { sqlite } from '@typestead/journal'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type HookRegistry, hookRegistry } from '../../src/hooks/hook-registry.ts'
import { lambda } from '../../src/hooks/lambda-ref.ts'
import { importArchive } from '../../src/lex/archive/import-archive.ts'
import { fromGzipJson } from '../../src/lex/response-headers.ts'
import { type LexServer, serveLex } from '../../src/lex/serve-lex.ts'
import { type BotDefinition, defineBot } from '../../src/model/define-bot.ts'
import { openBots } from '../../src/service/open-bots.ts'
import type { BotService } from '../../src/service/service-contract.ts'
import { nluUnderstanding } from '../../src/understanding/nlu-understanding.ts'
import { zipped } from './aws-archive-parts.ts'
import { v2Composite } from './aws-archives-v2.ts'

const article = join(
  import.meta.dirname,
  '../../../../../shared/articles/09-serverless-chatbot-lex.txt',
)
const key = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'not-a-real-secret' }
const warnings: string[] = []
let folder: string
let hooks: HookRegistry
let service: BotService
let server: LexServer
let v1: LexRuntimeServiceClient
let v2: LexRuntimeV2Client

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'typestead-article-'))
  hooks = hookRegistry({ root: folder, onWarning: (_, message) => warnings.push(message) })
  service = await openBots({
    journal: sqlite(join(folder, 'bots.db')),
    understander: nluUnderstanding({ folder: join(folder, 'models') }),
    hooks,
  })
  server = await serveLex({ service, credentials: key })
  const options = { endpoint: server.url, region: 'us-east-1', credentials: key }
  v1 = new LexRuntimeServiceClient(options)
  v2 = new LexRuntimeV2Client(options)
})
beforeEach(() => {
  warnings.length = 0
})
afterAll(async () => {
  v1.destroy()
  v2.destroy()
  await server.stop(1_000)
  await service.close()
  await hooks.close()
  await rm(folder, { recursive: true })
})

/** The state, the slot that is asked for, and what is said. */
type Answer = readonly [string | undefined, string | null, string | undefined]

const generations: readonly [string, (text: string) => Promise<Answer>][] = [
  [
    'V1 PostText',
    async (inputText) => {
      const answer = await v1.send(
        new PostTextCommand({
          botName: 'PurchaseBook',
          botAlias: 'prod',
          userId: 'reader-1',
          inputText,
        }),
      )
      return [answer.dialogState, answer.slotToElicit ?? null, answer.message]
    },
  ],
  [
    'V2 RecognizeText',
    async (text) => {
      const names = { botId: 'PurchaseBook', botAliasId: 'prod', localeId: 'en_US' }
      const answer = await v2.send(
        new RecognizeTextCommand({ ...names, sessionId: 'reader-2', text }),
      )
      const { dialogAction, intent } = answer.sessionState ?? {}
      return [
        dialogAction?.type === 'Close' ? intent?.state : dialogAction?.type,
        dialogAction?.slotToElicit ?? null,
        answer.messages?.map(({ content }) => content).join('|'),
      ]
    },
  ],
]

describe.skipIf(!existsSync(article))("the article's own handlers", () => {
  beforeAll(async () => {
    const text = await readFile(article, 'utf8')
    const code = [...text.matchAll(/'use strict';[\s\S]*?\n\};?\n/g)].map(([block]) => block)
    expect(code).toHaveLength(2)
    await writeFile(join(folder, 'validate.cjs'), code[0] ?? '')
    await writeFile(join(folder, 'order.cjs'), code[1] ?? '')
    await service.build(purchaseBook())
    await service.publish('PurchaseBook', { alias: 'prod' })
  })

  it.each(generations)(
    '%s: from the first words to the thanks, with one warning',
    async (_, say) => {
      expect(await say('I want to order some books')).toEqual([
        'ElicitSlot',
        'bookType',
        'what type of book you want to buy?',
      ])
      expect(await say('fiction')).toEqual(['ElicitSlot', 'bookName', 'Which book is it to be?'])
      expect(await say('moby dick')).toEqual([
        'ElicitSlot',
        'bookName',
        expect.stringMatching(/^We do not have book: moby dick/),
      ])
      expect(warnings).toEqual([expect.stringContaining('answered again by callback')])
      expect(await say('twilight')).toEqual([
        'ConfirmIntent',
        null,
        'Are you sure you want to purchase book named twilight?',
      ])
      expect(await say('yes')).toEqual(['Fulfilled', null, 'Thanks for purchasing book.'])
      expect(warnings).toHaveLength(1)
    },
  )
})

describe("a handler of V2's events", () => {
  const names = { botId: 'Echo', botAliasId: 'prod', localeId: 'en_US', sessionId: 'reader-3' }

  beforeAll(async () => {
    await writeFile(join(folder, 'greet.cjs'), greet)
    await service.build(
      defineBot({
        name: 'Echo',
        intents: {
          Greet: {
            utterances: ['good morning'],
            success: '((channel)) says hello.',
            dialogHook: lambda('./greet.cjs', { event: 'v2' }),
            fulfil: lambda('./greet.cjs', { event: 'v2' }),
          },
        },
      }),
    )
    await service.publish('Echo', { alias: 'prod' })
  })

  it('gives the request other attributes, for what is said and for the caller', async () => {
    const answer = await v2.send(
      new RecognizeTextCommand({
        ...names,
        text: 'good morning',
        requestAttributes: { channel: 'web' },
      }),
    )
    expect(answer).toMatchObject({
      messages: [{ content: 'web by mail says hello.' }],
      requestAttributes: { channel: 'web by mail' },
      sessionState: { intent: { state: 'Fulfilled' }, sessionAttributes: { seen: 'web by mail' } },
    })
  })

  it('and so in the headers of RecognizeUtterance', async () => {
    const answer = await v2.send(
      new RecognizeUtteranceCommand({
        ...names,
        sessionId: 'reader-4',
        requestContentType: 'text/plain; charset=utf-8',
        inputStream: Buffer.from('good morning'),
      }),
    )
    expect(fromGzipJson(answer.requestAttributes ?? '', 'requestAttributes')).toEqual({
      channel: 'nobody by mail',
    })
  })
})

describe('a bot of an archive of AWS with a composite slot', () => {
  const names = { botId: 'Trips', botAliasId: 'prod', localeId: 'en_GB', sessionId: 'reader-5' }

  beforeAll(async () => {
    await writeFile(join(folder, 'trips.cjs'), trips)
    hooks.register('trips', lambda('./trips.cjs', { event: 'v2' }))
    await service.build(importArchive(zipped(v2Composite), { hook: 'trips' }).model)
    await service.publish('Trips', { alias: 'prod' })
  })

  it('is asked for by its parts, which clients and handlers see as one slot', async () => {
    const say = async (text: string) => {
      const { sessionState, messages } = await v2.send(new RecognizeTextCommand({ ...names, text }))
      return { action: sessionState?.dialogAction, slots: sessionState?.intent?.slots, messages }
    }
    const first = await say('book a trip')
    expect(first).toMatchObject({
      action: { type: 'ElicitSlot', slotToElicit: 'who', subSlotToElicit: { name: 'first' } },
      messages: [{ content: 'Your first name?' }],
    })
    expect(first.slots).toMatchObject({ who: null, city: null })
    expect(await say('Ada')).toMatchObject({
      action: { slotToElicit: 'who', subSlotToElicit: { name: 'last' } },
      slots: { who: { shape: 'Composite', subSlots: { first: {}, last: null, nick: null } } },
    })
    expect(await say('Lovelace')).toMatchObject({
      action: { slotToElicit: 'city' },
      slots: { who: { value: { interpretedValue: 'Ada Lovelace' } } },
    })
    expect(await say('London')).toMatchObject({
      action: { type: 'ConfirmIntent' },
      messages: [{ content: expect.stringMatching(/^A trip for Ada Lovelace +to London\?$/) }],
    })
    // A client may send back what it was sent.
    const standing = await v2.send(new GetSessionCommand(names))
    const again = await v2.send(
      new RecognizeTextCommand({ ...names, text: 'yes', sessionState: standing.sessionState }),
    )
    expect(again.sessionState?.intent?.slots).toMatchObject({
      who: { value: { interpretedValue: 'Ada Lovelace' } },
    })
  })
})

/** Goes on with the slots that it was given. */
const trips = `
exports.handler = async ({ sessionState: { intent } }) => ({
  sessionState: { intent, dialogAction: { type: 'Delegate' } },
})`

/** First it gives the request another channel and goes on; then it keeps what it was given. */
const greet = `
exports.handler = async ({ invocationSource, requestAttributes, sessionState }) => {
  if (invocationSource === 'DialogCodeHook') {
    const channel = (requestAttributes.channel ?? 'nobody') + ' by mail'
    return { sessionState: { dialogAction: { type: 'Delegate' } }, requestAttributes: { channel } }
  }
  const intent = { ...sessionState.intent, state: 'Fulfilled' }
  const sessionAttributes = { seen: requestAttributes.channel }
  return { sessionState: { sessionAttributes, intent, dialogAction: { type: 'Close' } } }
}`

function purchaseBook(): BotDefinition {
  return defineBot({
    name: 'PurchaseBook',
    sessionTtlSeconds: 300,
    slotTypes: { BookType: { values: ['fiction', 'fantasy', 'biography'] } },
    intents: {
      OrderBook: {
        utterances: ['I want to order some books', 'Can you please order a book for me'],
        slots: {
          bookType: {
            type: 'BookType',
            priority: 1,
            prompt: ['what type of book you want to buy?'],
          },
          bookName: { type: 'AMAZON.Book', priority: 2, prompt: ['Which book is it to be?'] },
        },
        confirm: {
          prompt: ['Are you sure you want to purchase book named {bookName}?'],
          rejection: ['Okay, nothing is ordered.'],
        },
        dialogHook: lambda('./validate.cjs'),
        fulfil: lambda('./order.cjs'),
      },
    },
  })
}
