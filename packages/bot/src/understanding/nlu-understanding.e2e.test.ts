import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Vocabularies } from '@typestead/nlu'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { asked, bookShop } from '../../test/book-shop.ts'
import { compileBot } from '../model/compile-bot.ts'
import { defineBot } from '../model/define-bot.ts'
import { type NluUnderstander, nluUnderstanding } from './nlu-understanding.ts'

let folder = ''
let understander: NluUnderstander
const vocabularies = new Vocabularies()
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bot-models-'))
  vocabularies.add('Book.title', ['Emma', 'The Left Hand of Darkness'])
  understander = nluUnderstanding({ folder, vocabularies })
  await understander.prepare(bookShop, { version: '1' })
})
afterAll(() => rm(folder, { recursive: true }))

describe('understanding in process', () => {
  it.each([
    ['I want to buy a book', 'BuyBook'],
    ['i WANT to buy a book!', 'BuyBook'],
    ['when are you open?', 'Hours'],
  ])('is certain of an utterance word for word: %s', async (text, intent) => {
    const { intents, source } = await understander.understand(asked(text))
    expect([intents[0], source]).toEqual([{ name: intent, confidence: 1 }, 'classifier'])
  })

  it('reads values where an utterance has placeholders', async () => {
    const { intents, entities } = await understander.understand(asked('Get me a magic novel'))
    expect(intents[0]).toEqual({ name: 'BuyBook', confidence: 1 })
    expect(entities).toEqual([
      { entity: 'genre', value: 'fantasy', start: 9, end: 14, confidence: 1 },
    ])
  })

  it.each([
    ['could I buy some book', 'BuyBook'],
    ['please tell me your opening hours', 'Hours'],
  ])('understands other words: %s', async (text, intent) => {
    const { intents } = await understander.understand(asked(text))
    expect(intents[0]?.name).toBe(intent)
    expect(intents[0]?.confidence).toBeGreaterThan(0.4)
  })

  it.each(['hello', 'the weather is nice', 'pizza', 'asdf', '', '🙂'])(
    'is not sure of what it is not about: %s',
    async (text) => {
      const { intents } = await understander.understand(asked(text))
      expect(intents[0]?.confidence ?? 0).toBeLessThan(0.4)
    },
  )

  it('understands a value from the next sentence after it was added', async () => {
    const before = await understander.understand(asked('order A Scanner Darkly'))
    expect(before.intents[0]?.confidence).toBeLessThan(1)
    vocabularies.add('Book.title', ['A Scanner Darkly'])
    const { intents, entities } = await understander.understand(asked('order a scanner darkly'))
    expect(intents[0]).toEqual({ name: 'BuyBook', confidence: 1 })
    expect(entities).toMatchObject([
      { entity: 'title', value: 'A Scanner Darkly', start: 6, end: 22 },
    ])
    const free = await understander.understand(asked('I want to buy a scanner darkly please'))
    expect(free.entities).toMatchObject([{ value: 'A Scanner Darkly' }])
  })

  it('does not train after a restart, and trains again what is damaged', async () => {
    const [file] = await readdir(folder)
    const path = join(folder, file as string)
    const written = (await stat(path)).ino
    await nluUnderstanding({ folder, vocabularies }).prepare(bookShop, { version: '1' })
    expect((await stat(path)).ino).toBe(written)
    await writeFile(path, 'torn')
    const again = nluUnderstanding({ folder, vocabularies })
    expect((await again.understand(asked('opening hours'))).intents[0]?.name).toBe('Hours')
    expect((await stat(path)).size).toBeGreaterThan(1000)
  })

  it('reports progress and ends when cancelled', async () => {
    const done: number[] = []
    const fresh = nluUnderstanding()
    await fresh.prepare(bookShop, { version: '1', onProgress: (part) => done.push(part) })
    expect(done.at(-1)).toBe(1)
    await expect(
      nluUnderstanding().prepare(bookShop, {
        version: '1',
        signal: AbortSignal.abort(new Error('stopped')),
      }),
    ).rejects.toThrow()
  })

  it('is content with one utterance, and with none', async () => {
    const one = compileBot(
      defineBot({
        name: 'One',
        intents: { Go: { utterances: ['start the engine'], fulfil: 'return' } },
        clarification: { prompt: ['?'] },
      }),
    ).model
    expect(
      (await understander.understand(asked('please start engine', { model: one }))).intents[0]
        ?.name,
    ).toBe('Go')
    expect(
      (await understander.understand(asked('hello', { model: one }))).intents[0]?.confidence ?? 0,
    ).toBeLessThan(0.4)
  })

  it('says which languages there are', async () => {
    await expect(understander.understand(asked('hi', { locale: 'xx_XX' }))).rejects.toThrow(
      /does not speak xx_XX; it speaks en_US/,
    )
  })
})
