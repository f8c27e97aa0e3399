/** The controller in process: ears, categories, middlewares, replies. */
import { afterEach, describe, expect, test, vi } from 'vitest'
import { type OpenedController, openController } from '../../test/botkit/controller.ts'
import { botUser } from '../../test/fakes/slack.ts'
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

describe('hearing', () => {
  test('patterns are regular expressions without regard to case, until the ears are changed', async () => {
    const { controller, say, said } = await open()
    controller.hears(['^call me (.*)$', /weather/], 'direct_message', (bot, message) =>
      bot.reply(message, `heard ${message.match?.[1] ?? message.match?.[0]}`),
    )
    await say('Call me Ann')
    await say('how is the weather')
    await say('nothing of it')
    controller.changeEars((patterns, message) => patterns.includes(message.text.length.toString()))
    controller.hears('5', 'direct_message', (bot, message) => bot.reply(message, 'five'))
    await say('12345')
    // What was heard before keeps its ears, as Botkit's do.
    await say('call me Bob')
    expect(said()).toEqual(['heard Ann', 'heard weather', 'five', 'heard Bob'])
  })

  test('a pattern that is no regular expression is refused when it is given', async () => {
    const { controller } = await open()
    expect(() => controller.hears(['fine', '(('], 'direct_message', () => undefined)).toThrow(
      /^hears\(\): Invalid regular expression: \/\(\(/,
    )
    controller.changeEars(() => false)
    controller.hears(['(('], 'direct_message', () => undefined)
  })

  test('the first that hears keeps the others from it; ears of its own may be given', async () => {
    const { controller, say, said } = await open()
    controller.hears(
      ['x'],
      'direct_message',
      () => true,
      (bot, message) => bot.reply(message, 'first'),
    )
    controller.hears(['.*'], 'direct_message', (bot, message) => bot.reply(message, 'second'))
    await say('anything')
    expect(said()).toEqual(['first'])
  })

  test('messages have their kinds, without the mention in front', async () => {
    const { controller, say } = await open()
    const heard: string[] = []
    for (const kind of [
      'direct_message',
      'direct_mention',
      'mention',
      'ambient',
      'reaction_added',
    ]) {
      controller.on(kind, (_bot, message) => {
        heard.push(`${kind}: ${message.text}`)
      })
    }
    await say('hi')
    await say(`<@${botUser}>: hi`, { channel: 'C1', type: 'app_mention' })
    await say(`oh <@${botUser}> hi`, { channel: 'C1' })
    await say('hi all', { channel: 'C1' })
    await say('', { more: { type: 'reaction_added', item: { channel: 'C1' } } })
    await say('mine', { user: botUser })
    expect(heard).toEqual([
      'direct_message: hi',
      'direct_mention: hi',
      `mention: oh @${botUser} hi`,
      'ambient: hi all',
      'reaction_added: ',
    ])
  })

  test('one message as 11 events is one', async () => {
    const { controller, say, said } = await open()
    controller.hears('.*', 'direct_message', (bot, message) => bot.reply(message, 'once'))
    await Promise.all(
      Array.from({ length: 11 }, (_, n) => say('hi', { ts: '5.5', eventId: `Ev${n}` })),
    )
    expect(said()).toEqual(['once'])
  })

  test('slash commands and buttons are events too', async () => {
    const { controller, post } = await open()
    const heard: string[] = []
    controller.on(['slash_command', 'interactive_message_callback'], (_bot, message) => {
      heard.push(`${message.type} ${message.text}`)
    })
    const type = 'application/x-www-form-urlencoded'
    await post('team_id=T1&channel_id=C1&user_id=U1&command=%2Fhelp&text=me&trigger_id=t1', type)
    const payload = {
      type: 'block_actions',
      trigger_id: 't2',
      team: { id: 'T1' },
      channel: { id: 'C1' },
      user: { id: 'U1' },
      actions: [{ value: 'yes' }],
    }
    await post(new URLSearchParams({ payload: JSON.stringify(payload) }).toString(), type)
    await vi.waitFor(() =>
      expect(heard).toEqual(['slash_command me', 'interactive_message_callback yes']),
    )
  })
})

test('middlewares see what is received, heard and sent, in their order', async () => {
  const { controller, say, said } = await open()
  const seen: string[] = []
  controller.middleware.receive.use((_bot, message, next) => {
    message.text += '!'
    seen.push('receive')
    next()
  })
  controller.middleware.heard.use(async (_bot, _message, next) => {
    seen.push('heard')
    next()
  })
  controller.middleware.send.use((_bot, message, next) => {
    seen.push('send')
    message.text = message.text?.toUpperCase() ?? ''
    next()
  })
  controller.hears('.*', 'direct_message', (bot, message) => bot.reply(message, message.text))
  await say('hi')
  expect([seen, said()]).toEqual([['receive', 'heard', 'send'], ['HI!']])
})

test('what a middleware or handler throws is told, and the next message is handled', async () => {
  const { controller, say, said, errors } = await open()
  controller.middleware.receive.use((_bot, message, next) =>
    next(message.text === 'bad' ? new Error('refused') : undefined),
  )
  controller.hears('throw', 'direct_message', () => {
    throw new Error('thrown')
  })
  controller.hears('.*', 'direct_message', (bot, message) => bot.reply(message, 'fine'))
  await say('bad')
  await say('throw')
  await say('good')
  expect(said()).toEqual(['fine'])
  expect(errors.map(String)).toEqual(['Error: refused', 'Error: thrown'])
})

test('a reply whose answer was lost stands there once', async () => {
  const { controller, slack, say, said, errors } = await open()
  controller.hears('.*', 'direct_message', (bot, message) => bot.reply(message, 'once'))
  slack.server.troubles.push('lost')
  await say('hi')
  expect(said()).toEqual(['once'])
  expect(errors).toEqual([])
})

test('Slack’s methods are called by their names, with a callback or a promise', async () => {
  const { controller, say, said } = await open()
  controller.hears('who', 'direct_message', async (bot, message) => {
    const { team } = await bot.api.auth.test()
    bot.api.users.profile.get({ user: message.user }, (error) => {
      void bot.replyWithTyping(message, `${team}, ${error}`)
    })
  })
  await say('who is it')
  await vi.waitFor(() => expect(said()).toHaveLength(1))
  expect(said()[0]).toMatch(
    /^Testers, BotError: Slack's users\.profile\.get answered unknown_method/,
  )
})
