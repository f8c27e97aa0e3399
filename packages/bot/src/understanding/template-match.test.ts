import { expect, it } from 'vitest'
import { compileBot } from '../model/compile-bot.ts'
import { defineBot } from '../model/define-bot.ts'
import { Templates } from './template-match.ts'

const slots = {
  a: { type: 'AMAZON.Book', prompt: ['?'] },
  b: { type: 'AMAZON.Book', prompt: ['?'] },
} as const
const { model } = compileBot(
  defineBot({
    name: 'Templates',
    intents: {
      One: { utterances: ['send {a} to {b}', 'send {a}', "what's up"], slots, fulfil: 'return' },
      Two: { utterances: ['{a} please', 'send all', '{a}'], slots, fulfil: 'return' },
    },
    clarification: { prompt: ['?'] },
  }),
)
const templates = new Templates(Object.values(model.locales)[0] as (typeof model.locales)[string])
const matched = (text: string) =>
  templates
    .match(text)
    .map(({ intent, slots: found }) => [
      intent,
      ...found.map(({ start, end }) => text.slice(start, end)),
    ])

it('fills placeholders with the words between, those with most words of their own first', () => {
  expect(matched('Send the red book to Ada Lovelace!')).toEqual([
    ['One', 'the red book', 'Ada Lovelace'],
    ['One', 'the red book to Ada Lovelace'],
    ['Two', 'Send the red book to Ada Lovelace'],
  ])
  expect(matched('📖 Emma, please')).toEqual([
    ['Two', 'Emma'],
    ['Two', 'Emma, please'],
  ])
})

it('knows an utterance without placeholders whatever its case and marks', () => {
  expect(matched('WHAT’S up?')[0]).toEqual(['One'])
  expect(matched('send all')).toEqual([['Two'], ['One', 'all'], ['Two', 'send all']])
})

it('needs a word for each placeholder', () => {
  expect(matched('send')).toEqual([['Two', 'send']])
  expect(matched('send to')).toEqual([
    ['One', 'to'],
    ['Two', 'send to'],
  ])
  expect(matched('please')).toEqual([['Two', 'please']])
  expect(matched('')).toEqual([])
})
