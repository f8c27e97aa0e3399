import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { lambda } from '@typestead/bot'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openBookShop } from './book-shop.ts'
import { purchaseBook } from './purchase-book.ts'

const here = import.meta.dirname
const article = join(here, '../../../shared/articles/09-serverless-chatbot-lex.txt')
let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lex-book-bot-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

it('plays its conversation, as the README shows it', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [join(here, 'main.ts')])
  const readme = await readFile(join(here, 'README.md'), 'utf8')
  expect(readme).toContain(`\`\`\`\n${stdout}\`\`\``)
})

it('takes "no" for an answer, and forgets nothing that was said', async () => {
  await using shop = await openBookShop(purchaseBook(), folder)
  expect(await shop.say('order a magic book')).toBe('Which book is it to be?')
  expect(await shop.say('wings of fire')).toBe(
    'Are you sure you want to purchase book named wings of fire?',
  )
  expect(await shop.say('no')).toBe('Okay, nothing is ordered.')
})

it('words each asking again of its own, then gives up', async () => {
  await using shop = await openBookShop(purchaseBook(), folder)
  const answers = []
  for (const text of ['hello', 'the weather is nice', 'pizza', 'hm'])
    answers.push(await shop.say(text))
  expect(answers.slice(0, 3)).toEqual([
    'Sorry, I did not get that.',
    'I sell books: try "order a book".',
    'One more try: what may I order for you?',
  ])
  expect(answers[3]).toBe('I am sorry, I can not help with that. Goodbye.')
})

describe.skipIf(!existsSync(article))("with the article's own handlers", () => {
  it('holds the conversation, and warns once that a handler called back twice', async () => {
    const [validate, order] = await handlersOf(article)
    const warnings: string[] = []
    const bot = purchaseBook({
      validate: lambda(await file('validate.cjs', validate)),
      order: lambda(await file('order.cjs', order)),
    })
    await using shop = await openBookShop(bot, folder, (_, message) => warnings.push(message))
    expect(await shop.say('I want to order some books')).toBe('what type of book you want to buy?')
    expect(await shop.say('fiction')).toBe('Which book is it to be?')
    expect(await shop.say('moby dick')).toMatch(/^We do not have book: moby dick/)
    expect(warnings).toEqual([expect.stringContaining('answered again by callback')])
    expect(await shop.say('twilight')).toBe(
      'Are you sure you want to purchase book named twilight?',
    )
    expect(await shop.say('yes')).toBe('Thanks for purchasing book.')
    expect(warnings).toHaveLength(1)
  })
})

async function file(name: string, code: string | undefined): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, code ?? '')
  return path
}

/** The code blocks of the article that hold a handler, letter by letter. */
async function handlersOf(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8')
  return [...text.matchAll(/'use strict';[\s\S]*?\n\};?\n/g)].map(([code]) => code)
}
