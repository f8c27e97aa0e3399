import { expect, test } from 'vitest'
import { newSession } from '../../dialogue/new-session.ts'
import type { Session } from '../../dialogue/session.ts'
import { compileBot } from '../../model/compile-bot.ts'
import { maskJson, maskText, secretsOf } from './masking.ts'

const { model } = compileBot({
  name: 'Bank',
  intents: {
    Pay: {
      utterances: ['pay'],
      slots: {
        pin: { type: 'AMAZON.Number', prompt: ['Your PIN?'], obfuscate: true },
        amount: { type: 'AMAZON.Number', prompt: ['How much?'] },
      },
      fulfil: 'return',
    },
  },
  clarification: { prompt: ['Sorry?'] },
  abort: ['Goodbye.'],
})

const begun = newSession({
  bot: model,
  version: '1',
  alias: 'prod',
  locale: 'en_US',
  user: 'ann',
  now: 0,
})

function paying(pin: string | null): Session {
  const value = (text: string) => ({ original: text, value: text, resolved: [text] })
  return {
    ...begun,
    intent: {
      name: 'Pay',
      slots: { pin: pin === null ? null : value(pin), amount: value('12') },
      confirmation: 'None',
      state: 'InProgress',
      eliciting: { type: 'slot', slot: 'pin', custom: null },
      attempts: 0,
      confidence: 1,
    },
  }
}

test('values of obfuscated slots are masked in every text, others are not', () => {
  const secrets = secretsOf(model, [paying('4711')])
  const masked = maskJson({ text: 'pin 4711, 12 dollars', deep: [{ '4711': '4711' }] }, secrets)
  expect(masked).toEqual({ text: 'pin ****, 12 dollars', deep: [{ '4711': '****' }] })
})

test('an answer that was given to an obfuscated slot is masked also where it was not taken', () => {
  const secrets = secretsOf(model, [], { before: paying(null), text: 'my pin is secret' })
  expect(maskText('they said: My PIN is secret!', secrets)).toBe('they said: ****!')
})

test('a short value masks whole words only, and marks in a value are no pattern', () => {
  expect(maskText('7 of 17, 7.', ['7'])).toBe('**** of 17, ****.')
  expect(maskText('a.*b axxb', ['a.*b'])).toBe('**** axxb')
  // Each mark, as telephone numbers and passwords have them.
  for (const mark of '-/\\^$*+?.()[]{}|#&%,:;<=>@!~`\'" ') {
    expect(maskText(`it is 5${mark}7, or 5_7`, [`5${mark}7`])).toBe('it is ****, or 5_7')
  }
})
