/** Conversations of the controller. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type OpenedController, openController } from '../../test/botkit/controller.ts'
import type { Conversation } from './conversation.ts'
import type { SlackbotConfig } from './slackbot.ts'

const opened: OpenedController[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one[Symbol.asyncDispose]()
})

async function open(config: Partial<SlackbotConfig> = {}): Promise<OpenedController> {
  const one = await openController(config)
  opened.push(one)
  return one
}

describe('conversations', () => {
  async function ordering() {
    const bot = await open()
    let conversation: Conversation | undefined
    const ends: string[] = []
    bot.controller.hears('order', 'direct_message', (worker, message) => {
      worker.startConversation(message, (_error, convo) => {
        conversation = convo
        convo.on('end', ({ status }) => ends.push(status))
        convo.ask(
          'Which book?',
          (answer, it) => {
            it.setVar('book', answer.text)
            it.next()
          },
          { key: 'book' },
        )
        convo.ask('Really {{vars.book}}?', [
          {
            pattern: worker.utterances.yes,
            callback: (_answer, it) => {
              it.say('Ordered {{responses.book}}.')
              it.next()
            },
          },
          { pattern: worker.utterances.no, callback: (_answer, it) => it.stop() },
          { default: true, callback: (_answer, it) => it.repeat() },
        ])
      })
    })
    bot.controller.hears('.*', 'direct_message', (worker, message) =>
      worker.reply(message, 'something else'),
    )
    return { ...bot, ends, conversation: () => conversation }
  }

  test('ask, repeat, fill in, end; others are not taken for its answers', async () => {
    const { say, said, ends, conversation } = await ordering()
    await say('order')
    await say('hello', { user: 'U2' })
    await say('Twilight')
    await say('hmm')
    await say('yes please')
    await say('thanks')
    expect(said()).toEqual([
      'Which book?',
      'something else',
      'Really Twilight?',
      'Really Twilight?',
      'Ordered Twilight.',
      'something else',
    ])
    expect(ends).toEqual(['completed'])
    expect(conversation()?.extractResponses()).toEqual({ book: 'Twilight' })
  })

  test('stopped by its own words', async () => {
    const { say, ends } = await ordering()
    for (const text of ['order', 'Twilight', 'no']) await say(text)
    expect(ends).toEqual(['stopped'])
  })

  test('an answer that does not come in time', async () => {
    const { controller, say, said } = await open()
    controller.hears('wait', 'direct_message', (bot, message) =>
      bot.startConversation(message, (_error, convo) => {
        convo.setTimeout(20)
        convo.onTimeout((it) => {
          it.say('Too late.')
          it.next()
        })
        convo.ask('Well?', (_answer, it) => it.next())
      }),
    )
    await say('wait')
    await vi.waitFor(() => expect(said()).toEqual(['Well?', 'Too late.']))
  })

  test('threads of lines, and middleware that captures answers', async () => {
    const { controller, say, said } = await open()
    const captured: string[] = []
    controller.middleware.capture.use((_bot, message, _conversation, next) => {
      captured.push(message.text)
      next()
    })
    controller.hears('go', 'direct_message', (bot, message) =>
      bot.createConversation(message, (_error, convo) => {
        convo.addMessage('In the other thread.', 'other')
        convo.addQuestion('Where to?', (_answer, it) => it.gotoThread('other'))
        convo.activate()
      }),
    )
    await say('go')
    await say('there')
    expect([said(), captured]).toEqual([['Where to?', 'In the other thread.'], ['there']])
  })
})
