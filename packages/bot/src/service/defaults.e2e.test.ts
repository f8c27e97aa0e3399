import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openJournal, sqlite } from '@typestead/journal'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { anythingCounts, counting, countingHooks } from '../../test/counting-bot.ts'
import { replyText } from '../adapters/reply-text.ts'
import { hookRegistry } from '../hooks/hook-registry.ts'
import { defineBot } from '../model/define-bot.ts'
import { assisted } from '../understanding/assisted.ts'
import { nluUnderstanding } from '../understanding/nlu-understanding.ts'
import type { BotsOptions } from './bots-options.ts'
import { openBots } from './open-bots.ts'

let folder: string
let count = 0
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'typestead-bot-defaults-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const open = (options: Partial<BotsOptions> = {}) =>
  openBots({ journal: sqlite(join(folder, `${++count}.db`)), ...options })

test('a journal is enough: sentences are understood, and hooks run, in this process', async () => {
  const slots = { name: { type: 'AMAZON.FirstName', prompt: 'Who are you?' } } as const
  const bot = defineBot({
    name: 'Hello',
    intents: {
      Greet: {
        utterances: ['hello', 'my name is {name}'],
        slots,
        fulfil: (turn) => turn.close(`Hello, ${turn.slots.name}.`),
      },
    },
  })
  await using bots = await open()
  const { warnings } = await bots.release(bot, { alias: 'prod' })
  expect(warnings).toEqual([])
  const say = async (text: string) =>
    replyText(await bots.turn({ bot: 'Hello', alias: 'prod', user: 'ann', text }))
  expect(await say('my name is Ann')).toBe('Hello, Ann.')
  expect(await say('hello')).toBe('Who are you?')
})

test('hooks that nobody registered and vocabularies that nobody has are told at the build', async () => {
  const definition = {
    ...counting,
    slotTypes: { Title: { values: ['twilight'], vocabulary: 'titles' } },
  }
  const assist = assisted({ model: { complete: async () => '' }, mode: 'fallback' })
  for (const isAssisted of [false, true]) {
    const classifier = nluUnderstanding()
    const understander = isAssisted ? assist(classifier) : classifier
    await using hooks = hookRegistry()
    await using bots = await open({ understander, hooks })
    const { warnings } = await bots.build(definition)
    expect(warnings).toEqual([
      expect.stringContaining('intent Count calls the hook "count", which is not registered'),
      expect.stringContaining('the vocabulary "titles", which the understander does not have'),
    ])
    expect((await bots.release(definition, { alias: 'prod' })).warnings).toEqual(warnings)
    expect((await bots.release(definition, { alias: 'prod' })).warnings).toEqual(warnings)
    hooks.register('count', (turn) => turn.close('1'))
    classifier.vocabularies.add('titles', ['emma'])
    expect((await bots.build(definition)).warnings).toEqual([])
  }
})

test('nobody is told of what cannot be known', async () => {
  await using bots = await open({ understander: anythingCounts, hooks: countingHooks() })
  expect((await bots.build(counting)).warnings).toEqual([])
})

test.each([
  { sessionAttributes: { n: 1 } },
  { sessionAttributes: { n: null } },
  { sessionAttributes: ['n'] },
  { requestAttributes: { n: { of: 1 } } },
])('attributes that are no texts are refused: %j', async (attributes) => {
  await using journal = await openJournal(sqlite(join(folder, `${++count}.db`)))
  await using bots = await open({ journal, understander: anythingCounts, hooks: countingHooks() })
  await bots.release(counting, { alias: 'prod' })
  const request = { bot: 'Counter', alias: 'prod', user: 'ann', text: 'count' }
  // As JavaScript calls it.
  const turn = bots.turn({ ...request, ...(attributes as object) })
  await expect(turn).rejects.toMatchObject({
    code: 'BAD_INPUT',
    message: expect.stringMatching(/^(session|request)Attributes/),
  })
  expect((await bots.conversations()).conversations).toEqual([])
})
