/** What comes from outside is read by pure functions that are total: any JSON, any text, never an exception. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { messengerMessages } from './messenger/messenger-messages.ts'
import { plainTexts, splitText } from './plain-text.ts'
import { slackPosts } from './slack/slack-blocks.ts'
import { readableText, readInteraction, readMessage } from './slack/slack-event.ts'
import { readFrame } from './web-chat/chat-protocol.ts'
import { RateLimit } from './web-chat/rate-limit.ts'
import { VisitorTokens } from './web-chat/visitor-token.ts'
import { joined } from './web-chat/widget-script.ts'

const anything = fc.object({ maxDepth: 3 })

test('Slack’s events and interactions are read whatever they hold', () => {
  const event = fc.record(
    {
      team_id: fc.oneof(fc.string(), fc.constant(undefined)),
      event: fc.oneof(
        anything,
        fc.record({
          type: fc.constantFrom('message', 'app_mention', 1),
          channel: fc.oneof(fc.string(), fc.integer()),
          user: fc.string(),
          ts: fc.string(),
          text: fc.oneof(fc.string(), fc.constant(null)),
        }),
      ),
      authorizations: fc.oneof(fc.array(anything), fc.string()),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(fc.oneof(event, anything), (envelope) => {
      const message = readMessage(envelope)
      if (message !== null) expect(message.ids.length).toBeGreaterThan(0)
      readInteraction(envelope)
      readInteraction({ type: 'block_actions', ...envelope })
    }),
    { numRuns: 2_000 },
  )
})

test('Slack’s marks are undone', () => {
  expect(
    readableText('<@UBOT>: order <https://x.example|this book> &amp; <#C1|books> <!here>', 'UBOT'),
  ).toBe('order this book & #books @here')
  expect(readableText('please help <@UBOT>!', 'UBOT')).toBe('please help!')
  expect(readableText('ask <@U2|ann> or <mailto:a@b.example|a@b.example>', 'UBOT')).toBe(
    'ask @ann or a@b.example',
  )
  expect(readableText('&lt;!channel&gt;', undefined)).toBe('<!channel>')
})

test('what is said to Slack mentions nobody by a user’s words', () => {
  const [post] = slackPosts([{ contentType: 'PlainText', content: '<!channel> & <@U1>' }], null)
  expect(post?.text).toBe('&lt;!channel&gt; &amp; &lt;@U1&gt;')
})

test('what is too long for a button or a title is cut, never within a character', () => {
  const words = `${'x'.repeat(18)}👍👍👍`
  const card = { title: '👍'.repeat(100), buttons: [{ text: words, value: 'v' }] }
  const shown = JSON.stringify([
    slackPosts([], { attachments: [card] }),
    messengerMessages([], { attachments: [card] }),
  ])
  expect(shown).not.toMatch(/\\ud[89ab]/i)
  expect(shown).toContain(`"title":"${'x'.repeat(18)}…"`)
})

test('what a button asks for is answered below its message', () => {
  const pressed = (message: object) =>
    readInteraction({
      type: 'block_actions',
      team: null,
      enterprise: { id: 'E1' },
      channel: { id: 'C1' },
      user: { id: 'U1' },
      message,
      actions: [{ action_id: 'a', action_ts: '9.9', value: 'red' }],
    })
  expect(pressed({ ts: '1.5' })).toMatchObject({ team: 'E1', root: '1.5', thread: undefined })
  expect(pressed({ ts: '1.5', thread_ts: '1.1' })).toMatchObject({ thread: '1.1' })
})

test('frames are read whatever they hold', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.json(),
        anything.map((value) => JSON.stringify(value)),
      ),
      (frame) => {
        readFrame(frame)
      },
    ),
  )
  expect(readFrame('{"type":"say","id":"12345678","text":"hi"}')).toEqual({
    type: 'say',
    id: '12345678',
    text: 'hi',
  })
})

test('a text in parts is the text: none too long, none empty, no character cut', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('a', ' ', '\n', '😀', 'é'), maxLength: 200 }),
      fc.integer({ min: 2, max: 40 }),
      (text, limit) => {
        const parts = splitText(text, limit)
        for (const part of parts) {
          expect(part.length).toBeLessThanOrEqual(limit)
          expect(part.isWellFormed()).toBe(true)
        }
        expect(parts.join('').replaceAll(/\s/g, '')).toBe(text.replaceAll(/\s/g, ''))
      },
    ),
  )
})

test('cards and spoken text become lines', () => {
  const card = { title: 'Types', subTitle: 'of books', buttons: [{ text: 'Fiction', value: 'f' }] }
  expect(
    plainTexts([{ contentType: 'SSML', content: '<speak>Hi <break/>you &amp; me</speak>' }], {
      attachments: [card],
    }),
  ).toEqual(['Hi you & me', 'Types\nof books\n- Fiction'])
})

test('a visitor’s token is good for its visitor, its secret and its time', () => {
  const tokens = new VisitorTokens('secret', 60)
  const visitor = tokens.newVisitor()
  const token = tokens.issue(visitor, 1_000_000)
  expect(tokens.read(token, 1_059_000)).toBe(visitor)
  expect(tokens.read(token, 1_060_000)).toBe(null)
  expect(new VisitorTokens('other', 60).read(token, 1_000_000)).toBe(null)
  fc.assert(
    fc.property(fc.nat(token.length - 1), fc.stringMatching(/^[\w.-]$/), (at, other) => {
      const forged = token.slice(0, at) + other + token.slice(at + 1)
      if (forged !== token) expect(tokens.read(forged, 1_000_000)).toBe(null)
    }),
  )
})

test('a rate lets so many pass at once, and more with time', () => {
  const rate = new RateLimit(2, 1, 0)
  expect([rate.take(0), rate.take(0), rate.take(0), rate.take(1_000), rate.take(1_000)]).toEqual([
    true,
    true,
    false,
    true,
    false,
  ])
  expect(rate.take(0)).toBe(false)
})

test('the widget’s modules are joined to one', () => {
  const first =
    "/** A. */\nexport const a = 1\n  // why\nexport function b() {\n  return 'x // y'\n}\n"
  const second = "import {\n  a,\n  b,\n} from './first.ts'\nclass C {}\n"
  expect(joined([first, second])).toBe(
    "const a = 1\nfunction b() {\nreturn 'x // y'\n}\nclass C {}\n",
  )
})
