import { expect, it } from 'vitest'
import { Talk } from '../../test/talk.ts'
import { compileBot } from '../model/compile-bot.ts'
import { replyText } from './reply-text.ts'

it('is what the bot said, a message a line, with its buttons; nothing for silence', () => {
  const { model } = compileBot({
    name: 'Words',
    intents: {
      Hi: {
        utterances: ['hi'],
        closing: {
          messages: [['Hello.'], ['Which?']],
          card: { title: 'Colour', buttons: ['red'] },
        },
      },
    },
  })
  const t = new Talk(model)
  t.say('hi')
  expect(replyText({ reply: t.last?.reply ?? null })).toBe('Hello.\nWhich?\nColour\n- red')
  expect(replyText({ reply: null })).toBe('')
})
