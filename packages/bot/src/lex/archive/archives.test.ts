import fc from 'fast-check'
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { purchaseModel } from '../../../test/lex/purchase-model.ts'
import { randomModel } from '../../../test/lex/random-model.ts'
import { BotError } from '../../bot-error.ts'
import type { BotModel } from '../../model/bot-model.ts'
import { compileBot, sealModel } from '../../model/compile-bot.ts'
import { exportV1 } from './export-v1.ts'
import { exportV2 } from './export-v2.ts'
import { importArchive } from './import-archive.ts'

const model = sealModel(purchaseModel())

describe('a bot goes out and comes in again', () => {
  it('as V1, the same to its hash, its ARN a hook name', () => {
    const arn = 'arn:aws:lambda:us-east-1:123456789012:function:botCodeHook'
    const hooked = withIntent(model, { dialogHook: arn, fulfilmentHook: arn })
    const { bytes, warnings, fileName } = exportV1(hooked)
    expect(warnings).toEqual([])
    expect(fileName).toBe('PurchaseBook_LATEST_Bot_LEX_V1.zip')
    const back = importArchive(bytes)
    expect(back.model).toEqual(hooked)
    expect(back.format).toBe('lex-v1')
    expect(back.model.locales.en_US?.intents[0]?.dialogHook).toBe(arn)
  })

  it('as V2, hooks under the name that the importer gives them', () => {
    const { bytes, warnings } = exportV2(model)
    expect(warnings).toContain(
      'intents.OrderBook: V2 names hooks at the alias; validate becomes lambda when it is imported',
    )
    const hooked = withIntent(model, { dialogHook: 'shop', fulfilmentHook: 'shop' })
    const out = exportV2(hooked, { hook: 'shop' })
    expect(out.warnings.filter((text) => text.includes('hook'))).toEqual([])
    expect(importArchive(out.bytes, { hook: 'shop' }).model.locales.en_US?.intents).toEqual(
      hooked.locales.en_US?.intents,
    )
    expect(importArchive(bytes).format).toBe('lex-v2')
  })

  it('has the files that Lex V2 has', () => {
    const names = Object.keys(unzipSync(exportV2(model).bytes))
    expect(names).toEqual([
      'Manifest.json',
      'PurchaseBook/Bot.json',
      'PurchaseBook/BotLocales/en_US/BotLocale.json',
      'PurchaseBook/BotLocales/en_US/Intents/OrderBook/Intent.json',
      'PurchaseBook/BotLocales/en_US/Intents/OrderBook/Slots/bookType/Slot.json',
      'PurchaseBook/BotLocales/en_US/Intents/OrderBook/Slots/bookName/Slot.json',
      'PurchaseBook/BotLocales/en_US/Intents/Help/Intent.json',
      'PurchaseBook/BotLocales/en_US/SlotTypes/BookType/SlotType.json',
    ])
  })

  it('is warned of where the format has no words', () => {
    const compiled = compileBot({
      name: 'PurchaseBook',
      intents: {
        OrderBook: {
          utterances: ['order a {bookType} book'],
          slots: {
            bookType: {
              type: 'BookType',
              priority: 1,
              prompt: ['Type?'],
              retries: ['One of…', 'Last…'],
            },
          },
          fulfil: 'return',
        },
      },
      slotTypes: { BookType: { vocabulary: 'types' } },
    }).model
    expect(exportV1(compiled).warnings).toEqual(
      expect.arrayContaining([
        'intents.OrderBook.slots.bookType.prompt: V1 has no wording of its own for each retry; left out',
        'slotTypes.BookType.vocabulary: values that come live from types are left out',
      ]),
    )
    const { bytes, warnings } = exportV2(compiled)
    expect(warnings).toContain(
      'intents.OrderBook.slots.bookType.prompt: the wording of each retry becomes variations that are said in their order',
    )
    const slot = strFromU8(
      unzipSync(bytes)[
        'PurchaseBook/BotLocales/en_US/Intents/OrderBook/Slots/bookType/Slot.json'
      ] as Uint8Array,
    )
    expect(slot).toContain('"messageSelectionStrategy": "Ordered"')
  })

  it.each(['v1', 'v2'] as const)(
    '%s: no warning, or the same hash — whatever the bot',
    (format) => {
      let same = 0
      fc.assert(
        fc.property(randomModel(format), (drawn) => {
          const before = sealModel(drawn)
          const out = format === 'v1' ? exportV1(before) : exportV2(before)
          const { model: after } = importArchive(out.bytes)
          if (out.warnings.length === 0) {
            same++
            expect(after).toEqual(before)
          }
          // What has gone through the format once changes no more.
          const again = format === 'v1' ? exportV1(after) : exportV2(after)
          expect(importArchive(again.bytes).model.hash).toBe(after.hash)
        }),
        { numRuns: 200 },
      )
      expect(same).toBeGreaterThan(20)
    },
  )
})

describe('archives from elsewhere', () => {
  const v1 = (resource: object, metadata: object = {}) =>
    zipped({
      'Bot.json': {
        metadata: { schemaVersion: '1.0', importType: 'LEX', importFormat: 'JSON', ...metadata },
        resource,
      },
    })
  const bot = { name: 'Shop', intents: [{ name: 'Hello', sampleUtterances: ['hello'] }] }

  it('a V1 export of AWS, with its own spellings', () => {
    const { model: read } = importArchive(
      v1({
        ...bot,
        voiceId: '0',
        version: '3',
        locale: 'en-GB',
        enableModelImprovements: true,
        intents: [
          {
            name: 'Hello',
            version: '7',
            sampleUtterances: ['hello {When}'],
            slots: [
              {
                sampleUtterances: [],
                slotType: 'AMAZON.DATE',
                obfuscationSetting: 'NONE',
                slotConstraint: 'Required',
                valueElicitationPrompt: {
                  messages: [{ contentType: 'PlainText', content: 'When?' }],
                  maxAttempts: 2,
                },
                priority: 1,
                name: 'When',
              },
            ],
            fulfillmentActivity: { type: 'ReturnIntent' },
          },
        ],
        abortStatement: { messages: [{ contentType: 'PlainText', content: 'Bye.' }] },
        clarificationPrompt: {
          messages: [{ contentType: 'PlainText', content: 'Sorry?' }],
          maxAttempts: 5,
        },
      }),
    )
    expect(read.defaultLocale).toBe('en_GB')
    expect(read.locales.en_GB).toMatchObject({ outputVoice: '0', clarification: { retries: 5 } })
    expect(read.locales.en_GB?.intents[0]?.slots[0]).toMatchObject({
      type: 'AMAZON.Date',
      priority: 1,
    })
  })

  it('a V2 export of AWS, in a folder and with what is documented otherwise than it is written', () => {
    const prompt = {
      messageGroupList: [{ message: { plainTextMessage: { value: 'Which?' } } }],
      maxRetries: 2,
    }
    const { model: read, warnings } = importArchive(
      zipped({
        'x/Manifest.json': {
          metadata: { schemaVersion: '1.0', fileFormat: 'LexJson', resourceType: 'Bot' },
        },
        'x/Shop/Bot.json': {
          name: 'Shop',
          dataPrivacy: { childDirected: true },
          idleSessionTTLInSeconds: 600,
        },
        'x/Shop/BotLocales/de_DE/BotLocale.json': {
          name: 'German',
          identifier: 'de_DE',
          nluConfidenceThreshold: 0.5,
        },
        'x/Shop/BotLocales/de_DE/Intents/Car/Intent.json': {
          name: 'Car',
          sampleUtterances: [{ utterance: 'auto' }],
          intentConfirmationSetting: {
            confirmationPrompt: prompt,
            declinationResponse: { messageGroupList: [] },
          },
          slotPriorities: [{ slotName: 'kind', priority: 1 }],
          initialResponseSetting: { initialResponse: { messageGroupsList: [] } },
        },
        'x/Shop/BotLocales/de_DE/Intents/Car/Slots/kind/Slot.json': {
          name: 'kind',
          slotTypeName: 'AMAZON.Number',
          slotConstraint: 'Required',
          multipleValuesSetting: { allowMutlipleValues: true },
          slotValueElicitationSetting: { promptSpecification: prompt },
        },
        'x/Shop/BotLocales/de_DE/CustomVocabulary/CustomVocabulary.json': {},
      }),
    )
    expect(read).toMatchObject({
      name: 'Shop',
      defaultLocale: 'de_DE',
      sessionTtlSeconds: 600,
      childDirected: true,
    })
    expect(read.locales.de_DE?.intents[0]).toMatchObject({
      confirmation: { prompt: { groups: [[{ content: 'Which?' }]], retries: 2 } },
      slots: [{ name: 'kind', multiple: true }],
    })
    expect(warnings).toEqual(
      expect.arrayContaining([
        expect.stringContaining('initialResponse'),
        expect.stringContaining('CustomVocabulary'),
      ]),
    )
  })

  it('wrong JSON is told with file and path', () => {
    expect(
      problem(v1({ ...bot, intents: [{ name: 'Hello', slots: [{ name: 1 }] }] })),
    ).toMatchObject({
      code: 'BAD_INPUT',
      issues: expect.arrayContaining([
        expect.objectContaining({ path: 'Bot.json: resource.intents.0.slots.0.name' }),
      ]),
    })
    expect(problem(zipSync({ 'a.json': strToU8('{') }))).toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringContaining('a.json'),
    })
    expect(problem(v1({ ...bot, name: '' }))).toMatchObject({
      code: 'BAD_INPUT',
      issues: [{ path: 'name' }],
    })
    expect(problem(v1({ name: 'OnlyAType', enumerationValues: [] }))).toMatchObject({
      code: 'BAD_INPUT',
    })
  })

  it('a newer schema is refused', () => {
    expect(problem(v1(bot, { schemaVersion: '2.0' }))).toMatchObject({ code: 'FORMAT' })
    const manifest = {
      metaData: { schemaVersion: '2', fileFormat: 'LexJson', resourceType: 'BOT' },
    }
    expect(problem(zipped({ 'Manifest.json': manifest }))).toMatchObject({ code: 'FORMAT' })
  })

  it('paths that lead outside are refused', () => {
    for (const name of [
      '../evil.json',
      '/etc/evil.json',
      'a\\..\\evil.json',
      'c:evil.json',
      'a/__proto__/b.json',
    ]) {
      expect(problem(zipSync({ [name]: strToU8('{}') })), name).toMatchObject({ code: 'BAD_INPUT' })
    }
  })

  it('a bomb is refused before it is unpacked', () => {
    const bomb = zipSync({ 'Bot.json': new Uint8Array(40 * 1024 * 1024) }, { level: 9 })
    expect(bomb.byteLength).toBeLessThan(100_000)
    expect(problem(bomb)).toMatchObject({ code: 'LIMIT' })
    const many = zipSync(
      Object.fromEntries(
        Array.from({ length: 5 }, (_, n) => [`${n}.json`, new Uint8Array(15 * 1024 * 1024)]),
      ),
      { level: 9 },
    )
    expect(problem(many)).toMatchObject({ code: 'LIMIT' })
    // One that lies about its size has nowhere to unpack to, and is no JSON.
    const lying = Buffer.from(bomb)
    const central = lying.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1'))
    lying.writeUInt32LE(1000, central + 24)
    expect(problem(lying)).toMatchObject({ code: 'BAD_INPUT' })
  })

  it('bytes of any kind are refused by a BotError and by nothing else', () => {
    const good = exportV2(model).bytes
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.tuple(fc.nat(good.length - 1), fc.nat(255)).map(([at, byte]) => {
            const bytes = good.slice()
            bytes[at] = byte
            return bytes
          }),
          fc.nat(good.length).map((length) => good.slice(0, length)),
        ),
        (bytes) => {
          try {
            importArchive(bytes)
          } catch (error) {
            expect(error).toBeInstanceOf(BotError)
          }
        },
      ),
      { numRuns: 500 },
    )
  })
})

function withIntent(of: BotModel, change: object): BotModel {
  const locale = of.locales.en_US as NonNullable<BotModel['locales'][string]>
  const [first, ...rest] = locale.intents
  const intents = [{ ...first, ...change } as NonNullable<typeof first>, ...rest]
  return sealModel({ ...of, locales: { en_US: { ...locale, intents } } })
}

function zipped(files: Record<string, unknown>): Uint8Array {
  return zipSync(
    Object.fromEntries(
      Object.entries(files).map(([name, content]) => [name, strToU8(JSON.stringify(content))]),
    ),
  )
}

function problem(bytes: Uint8Array): unknown {
  try {
    return importArchive(bytes).model
  } catch (error) {
    return error
  }
}
