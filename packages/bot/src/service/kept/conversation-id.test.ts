import fc from 'fast-check'
import { expect, test } from 'vitest'
import { conversationId, messengerUser, parseConversationId } from './conversation-id.ts'

test('an id gives back its parts, whatever they are', () => {
  const part = fc
    .string({ minLength: 1, maxLength: 20, unit: 'grapheme' })
    .filter((text) => !text.includes('\0'))
  fc.assert(
    fc.property(part, part, part, (bot, alias, user) => {
      expect(parseConversationId(conversationId({ bot, alias, user }))).toEqual({
        bot,
        alias,
        user,
      })
    }),
  )
})

test('what is no id is not found; what is too long is refused', () => {
  for (const id of ['', 'a', 'a/b', 'a/b/', 'a/b/c/d', 'a/b/%E0%A4%A'])
    expect(() => parseConversationId(id)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }))
  expect(() => conversationId({ bot: 'b', alias: 'a', user: 'x'.repeat(400) })).toThrow(
    expect.objectContaining({ code: 'LIMIT' }),
  )
  expect(() => conversationId({ bot: 'b', alias: 'a', user: '\ud800' })).toThrow(
    expect.objectContaining({ code: 'BAD_INPUT' }),
  )
})

test("a messenger's user is no user that a Lex client can name", () => {
  const message = { channel: 'slack', conversation: 'T1.C1', user: 'U1', text: '', ids: ['1'] }
  const more = { sentAt: 0, attributes: {} }
  expect(messengerUser({ ...message, ...more })).toBe('slack/T1.C1/U1')
  expect(messengerUser({ ...message, ...more, user: 'T1.C1' })).toBe('slack/T1.C1')
})
