/** Archives as AWS writes them come in, and what goes out has what theirs have. */
import { strFromU8, unzipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { zipped } from '../../../test/lex/aws-archive-parts.ts'
import { v1Early, v1Late, v1Returns } from '../../../test/lex/aws-archives-v1.ts'
import {
  v2Composite,
  v2Documented,
  v2Grammar,
  v2Settings,
} from '../../../test/lex/aws-archives-v2.ts'
import { v2Branches, v2Flows, v2Service } from '../../../test/lex/aws-flows-v2.ts'
import { BotError } from '../../bot-error.ts'
import type { LocaleModel } from '../../model/bot-model.ts'
import { exportV1 } from './export-v1.ts'
import { exportV2 } from './export-v2.ts'
import { importArchive } from './import-archive.ts'

const read = (files: Record<string, unknown>) => importArchive(zipped(files))
const localeOf = (files: Record<string, unknown>, locale = 'en_US') =>
  read(files).model.locales[locale] as LocaleModel
const messages = (
  said: { groups: readonly (readonly { content: string }[])[] } | null | undefined,
) => said?.groups.map((group) => group.map(({ content }) => content).join('|')).join(' + ')

describe('V2', () => {
  it('settings, as AWS wrote them in 2021', () => {
    const { model, warnings } = read(v2Settings)
    const { intents, slotTypes, fallbackIntent, outputVoice } = localeOf(v2Settings)
    const water = intents.find(({ name }) => name === 'Water')
    expect(model.name).toBe('Garden')
    expect({ fallbackIntent, outputVoice }).toEqual({
      fallbackIntent: 'FallbackIntent',
      outputVoice: 'Joanna',
    })
    expect(water).toMatchObject({
      dialogHook: 'lambda',
      fulfilmentHook: 'lambda',
      confirmation: { prompt: { retries: 4 } },
      outputContexts: [{ name: 'watered-plants', turnsToLive: 5, timeToLiveSeconds: 90 }],
      slots: [
        { name: 'plant', required: true, defaults: ['#watered-plants.last'], obfuscated: false },
        { name: 'code', required: false, obfuscated: true },
      ],
    })
    expect(messages(water?.success)).toBe('It rains.')
    expect(messages(water?.confirmation?.rejection)).toBe('It stays dry.')
    expect(slotTypes).toMatchObject([
      { name: 'Plant', strategy: 'TopResolution', values: [{}, { synonyms: ['fern R$1,00'] }] },
      { name: 'Code', parent: 'AMAZON.AlphaNumeric', pattern: '[A-Z]{2}[0-9]{2}' },
    ])
    // Marks in an utterance are let through, and told.
    expect(warnings).toEqual([
      'intents.Water.utterances[1]: {plant} needs a space on both sides',
      expect.stringContaining('intents.Water.utterances[1]: has ?'),
    ])
  })

  it('flows in their usual order, as AWS writes them since 2022, without a warning of what is the order here', () => {
    const { warnings } = read(v2Flows)
    const { intents } = localeOf(v2Flows, 'pt_BR')
    const buy = intents.find(({ name }) => name === 'Comprar')
    expect(buy).toMatchObject({
      // Hooks of the steps stand in every archive; the switch of the intent is off.
      dialogHook: null,
      fulfilmentHook: null,
      closing: null,
      slots: [{ name: 'dia', type: 'AMAZON.Date', prompt: { retries: 1, selection: 'Random' } }],
    })
    expect(messages(buy?.success)).toBe('Aqui está.')
    expect(messages(buy?.failure)).toBe('Não deu certo.')
    expect(warnings).toEqual([
      expect.stringContaining('intents.Comprar.initialResponseSetting.initialResponse: is said'),
      'intents.FallbackIntent: says nothing; give it a closing or a hook',
    ])
  })

  it('what a flow says and does between the steps is told, each with its place', () => {
    const place = 'intents.Comprar.slots.dia.slotCaptureSetting'
    expect(read(v2Branches).warnings).toEqual(
      expect.arrayContaining([
        expect.stringContaining(`${place}.captureResponse: is said`),
        expect.stringContaining(`${place}.captureConditional: branches`),
        expect.stringContaining(`${place}.failureNextStep: goes on with the intent Vender`),
        expect.stringContaining(`${place}.captureNextStep: sets attributes`),
      ]),
    )
  })

  it('as it is documented, with its other names', () => {
    const [book] = localeOf(v2Documented, 'en_GB').intents
    expect(messages(book?.confirmation?.prompt)).toBe('To {city}?')
    expect(messages(book?.slots[0]?.prompt)).toBe('Where to?|Which city?')
    expect(book?.slots[0]).toMatchObject({ utterances: ['to {city}'], required: true })
  })

  it('composite slots as a slot for each part, by the first way of their expression', () => {
    const { warnings } = read(v2Composite)
    const { intents, slotTypes } = localeOf(v2Composite, 'en_GB')
    const [book] = intents
    expect(book).toMatchObject({
      utterances: ['book a trip', 'book a trip for {who.first} {who.last} {who.nick}'],
      slots: [
        {
          name: 'who.first',
          type: 'AMAZON.FirstName',
          required: true,
          utterances: ['my first name is {who.first}'],
        },
        { name: 'who.last', type: 'Family', required: true },
        { name: 'who.nick', type: 'AMAZON.FirstName', required: false },
        { name: 'city' },
      ],
    })
    expect(messages(book?.slots[1]?.prompt)).toBe('Your last name?')
    expect(messages(book?.confirmation?.prompt)).toContain('for {who.first} {who.last} {who.nick}')
    expect(slotTypes.map(({ name }) => name)).toEqual(['Family'])
    expect(warnings).toContain(
      'intents.Book.slots.who: is a composite slot: who.first, who.last, who.nick',
    )
  })

  it('grammars and services of AWS are refused by name, with what to do', () => {
    expect(refusal(v2Grammar)).toMatchObject({
      code: 'BAD_INPUT',
      message: expect.stringMatching(
        /^slotTypes\.Codes is a grammar, .*make it a type with values or a pattern/,
      ),
    })
    expect(refusal(v2Service)).toMatchObject({
      code: 'BAD_INPUT',
      issues: expect.arrayContaining([
        expect.objectContaining({
          message: expect.stringContaining('AMAZON.QInConnectIntent is not supported'),
        }),
      ]),
    })
  })
})

describe('V1', () => {
  it('of 2018, without what came later', () => {
    const { intents, slotTypes, clarification } = localeOf(v1Early)
    expect(intents[0]).toMatchObject({
      dialogHook: expect.stringContaining(':function:shop'),
      slots: [
        { name: 'country', type: 'AMAZON.Country' },
        { name: 'plan', type: 'Plan' },
        { name: 'weeks', type: 'AMAZON.Number' },
      ],
    })
    expect(messages(intents[0]?.followUp?.prompt)).toBe('Added. Anything else?')
    expect(messages(intents[0]?.followUp?.rejection)).toBe('Have a nice day.')
    expect(clarification?.retries).toBe(5)
    expect(slotTypes[0]?.strategy).toBe('TopResolution')
  })

  it('of 2021, with cards, defaults, contexts and patterns', () => {
    const { model, warnings } = read(v1Late)
    const { intents, slotTypes, fallbackIntent } = localeOf(v1Late)
    expect(warnings).toEqual(['intents.Lost: says nothing; give it a closing or a hook'])
    expect(model.sessionTtlSeconds).toBe(600)
    expect(fallbackIntent).toBe('Lost')
    expect(intents[0]).toMatchObject({
      slots: [
        { name: 'risk', defaults: ['[lastRisk]'], prompt: { card: { attachments: [{}] } } },
        { name: 'age', obfuscated: true },
      ],
      inputContexts: ['at_bank'],
      outputContexts: [{ name: 'saved', timeToLiveSeconds: 90 }],
    })
    expect(slotTypes[1]).toMatchObject({ parent: 'AMAZON.AlphaNumeric', pattern: '[0-9]{4}' })
  })

  it('intents that only return, and a hook that was taken out', () => {
    const { warnings } = read(v1Returns)
    expect(localeOf(v1Returns)).toMatchObject({
      outputVoice: '0',
      intents: [{ fulfilmentHook: null }, { fulfilmentHook: null }],
    })
    expect(warnings).toContain(
      'intents.When.fulfillmentActivity: names no code hook; the slots are returned instead',
    )
  })
})

describe('what goes out has every file and every member that AWS writes', () => {
  it('V2', () => {
    for (const files of [v2Settings, v2Flows]) {
      const out = unpacked(exportV2(read(files).model).bytes)
      for (const [name, content] of Object.entries(files)) {
        if (name.endsWith('/ConversationFlow.json')) continue
        expect(missing(content, out[name]), name).toEqual([])
      }
    }
  })

  it('V1', () => {
    for (const files of [v1Early, v1Late]) {
      const out = unpacked(exportV1(read(files).model, { version: '1' }).bytes)
      for (const [name, content] of Object.entries(files)) {
        expect(missing(content, out[name]), name).toEqual([])
      }
    }
  })
})

it('tells what AWS would refuse of a bot that is good here, and cuts nothing', () => {
  const bot = read(v2Settings).model
  const locale = bot.locales.en_US as LocaleModel
  const [fallback, water] = locale.intents
  const said = (count: number) => ({
    groups: [
      Array.from({ length: count }, (_, i) => ({
        contentType: 'PlainText' as const,
        content: `${i}`,
      })),
    ],
    card: null,
  })
  const grown = {
    ...bot,
    description: 'x'.repeat(201),
    locales: {
      en_US: {
        ...locale,
        intents: [
          fallback,
          { ...water, dialogHook: './check.cjs', closing: said(5), utterances: ['x'.repeat(201)] },
        ],
      },
    },
  } as typeof bot
  expect(exportV1(grown).warnings).toEqual(
    expect.arrayContaining([
      'description: AWS takes a description of at most 200 characters here, not 201',
      'intents.Water.utterances: AWS takes an utterance of at most 200 characters here, not 201',
      'intents.Water: AWS takes ARNs of Lambda functions as hooks, not ./check.cjs; write it in before',
      'intents.Water.contexts.output: AWS takes letters and single underscores only in names of V1',
    ]),
  )
  const { bytes, warnings } = exportV2(grown)
  expect(warnings).toContain(
    'intents.Water.closing: AWS takes a message and two variations of it in V2, not more',
  )
  expect(messages(importArchive(bytes).model.locales.en_US?.intents[1]?.closing)).toBe('0|1|2|3|4')
})

function unpacked(bytes: Uint8Array): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(unzipSync(bytes)).map(([name, file]) => [name, JSON.parse(strFromU8(file))]),
  )
}

/** Paths of members that are in AWS's and not in ours; where AWS has null, null is enough, and what flows do is not ours. */
function missing(theirs: unknown, ours: unknown, path = ''): string[] {
  if (theirs === null || typeof theirs !== 'object') return ours === undefined ? [path] : []
  if (Array.isArray(theirs)) {
    if (theirs.length === 0) return ours === undefined ? [path] : []
    if (!Array.isArray(ours)) return [path]
    return theirs.flatMap((one, at) => {
      const name = nameOf(one)
      const same = name === undefined ? ours[at] : ours.find((other) => nameOf(other) === name)
      return missing(one, same, `${path}[${at}]`)
    })
  }
  if (flows.test(path)) return ours === undefined ? [path] : []
  if (ours === null || typeof ours !== 'object') return [path]
  return Object.entries(theirs).flatMap(([key, value]) =>
    key in ours ? missing(value, Reflect.get(ours, key), `${path}.${key}`) : [`${path}.${key}`],
  )
}

/** Lists have an order of their own; what has a name is found by it. */
function nameOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, 'name') : undefined
}

const flows =
  /(?:NextStep|nextStep|CodeHook|codeHook|Setting\.slotCaptureSetting|initialResponseSetting|intentClosingSetting|generativeAISettings|multipleValuesSetting)$/

function refusal(files: Record<string, unknown>): BotError {
  try {
    read(files)
  } catch (error) {
    if (error instanceof BotError) return error
    throw error
  }
  throw new Error('it was taken')
}
