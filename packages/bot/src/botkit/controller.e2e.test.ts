/** The controller in process: ears, categories, middlewares, conversations, storage, installing. */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { FakeServer } from '../../test/fakes/far-side.ts'
import {
  botUser,
  FakeSlack,
  type SlackSaid,
  signedSlack,
  slackEvent,
} from '../../test/fakes/slack.ts'
import type { BotkitMessage } from './botkit-message.ts'
import type { Conversation } from './conversation.ts'
import { jsonStorage } from './json-storage.ts'
import { rasa } from './rasa.ts'
import { type SlackbotConfig, type SlackController, slackbot } from './slackbot.ts'

let slack: FakeSlack
const opened: SlackController[] = []
const errors: unknown[] = []

beforeEach(async () => {
  slack = await FakeSlack.start()
  errors.length = 0
})
afterEach(async () => {
  for (const controller of opened.splice(0)) await controller.shutdown()
  await slack[Symbol.asyncDispose]()
})

async function open(config: Partial<SlackbotConfig> = {}) {
  const controller = slackbot({
    token: 'xoxb-1',
    signingSecret: 's',
    apiUrl: slack.apiUrl,
    onError: (error) => errors.push(error),
    ...config,
  })
  opened.push(controller)
  await new Promise<void>((resolve, reject) => {
    controller.setupWebserver(0, (error, webserver) => {
      if (error || webserver === undefined) {
        reject(error)
        return
      }
      controller.createWebhookEndpoints(webserver)
      resolve()
    })
  })
  let n = 0
  const post = (body: string, type = 'application/json') =>
    fetch(signedSlack(`http://127.0.0.1:${controller.port}/slack/receive`, 's', body, { type }))
  const say = async (text: string, more: Partial<SlackSaid> = {}) => {
    const { status } = await post(
      slackEvent({ text, ts: `${1_700_000_000 + n++}.000100`, ...more }),
    )
    expect(status).toBe(200)
    await new Promise((resolve) => setTimeout(resolve, 60))
  }
  const said = () => slack.posted.map(({ text }) => text)
  return { controller, say, said, post }
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
    expect(said()).toEqual(['heard Ann', 'heard weather', 'five'])
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
  const { controller, say, said } = await open()
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
  const { controller, say, said } = await open()
  controller.hears('.*', 'direct_message', (bot, message) => bot.reply(message, 'once'))
  slack.server.troubles.push('lost')
  await say('hi')
  await new Promise((resolve) => setTimeout(resolve, 400))
  expect(said()).toEqual(['once'])
  expect(errors).toEqual([])
})

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

describe('storage', () => {
  test('records in files of this user alone, whatever their ids', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'botkit-'))
    try {
      const { users, teams } = jsonStorage(folder)
      const id = '../../etc/passwd'
      await users.save({ id, name: 'Ann' })
      const got = await new Promise(
        (resolve) => void users.get(id, (_error, record) => resolve(record)),
      )
      expect(got).toEqual({ id, name: 'Ann' })
      const [file] = await readdir(join(folder, 'users'))
      expect((await stat(join(folder, 'users', file ?? ''))).mode & 0o777).toBe(0o600)
      expect(await users.all()).toEqual([{ id, name: 'Ann' }])
      expect([await teams.get('T9'), await teams.all()]).toEqual([null, []])
      await users.delete(id)
      expect(await users.get(id)).toBe(null)
      const failed = await new Promise((resolve) => void users.save({ id: '' }, resolve))
      expect(String(failed)).toContain('needs an `id`')
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  test('an installed workspace answers with its own token', async () => {
    const { controller, say } = await open({
      token: '',
      clientId: 'id',
      clientSecret: 'secret',
      scopes: ['bot'],
    })
    slack.codes.set('code', 'xoxb-installed')
    const pages: unknown[] = []
    const port = await new Promise<number>((resolve) => {
      controller.setupWebserver(0, (_error, webserver) => {
        if (webserver === undefined) return
        controller.createOauthEndpoints(webserver, (error, _request, response) => {
          pages.push(error)
          response.send('Success!')
        })
        resolve(controller.port ?? 0)
      })
    })
    const login = await fetch(`http://127.0.0.1:${port}/login`, { redirect: 'manual' })
    const location = new URL(login.headers.get('location') ?? '')
    expect(location.searchParams.get('scope')).toContain('chat:write')
    const state = location.searchParams.get('state')
    const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? ''
    const done = await fetch(`http://127.0.0.1:${port}/oauth?code=code&state=${state}`, {
      headers: { cookie },
    })
    expect([await done.text(), pages]).toEqual(['Success!', [null]])
    expect(await controller.storage.teams.get('T2')).toMatchObject({
      name: 'Two',
      bot: { user_id: botUser },
    })
    void say
  })

  test('a workspace whose token nobody has is told of, not answered with 200', async () => {
    const { post } = await open({ token: '' })
    expect((await post(slackEvent({ text: 'hi', ts: '1.1' }))).status).toBe(503)
    expect(String(errors[0])).toContain('set SLACK_BOT_TOKEN')
  })
})

describe('rasa()', () => {
  const message = (text: string): BotkitMessage => ({
    type: 'direct_message',
    team: 'T1',
    channel: 'D1',
    user: 'U1',
    ts: '1',
    text,
    event: {},
    raw_message: {},
  })
  const received = (uri: string, text: string, timeout = 500) =>
    new Promise<BotkitMessage>((resolve) => {
      const one = message(text)
      rasa({ rasa_uri: uri, timeout }).receive(null, one, () => resolve(one))
    })
  const server = (body: unknown, path = '/parse') =>
    FakeServer.start(
      (request) => (request.path === path ? { body } : { status: 404, body: {} }),
      () => true,
    )

  test('fills intent, entities and confidence from either of Rasa’s addresses', async () => {
    for (const path of ['/parse', '/model/parse']) {
      await using fake = await server(
        { intent: { name: 'greet', confidence: 0.8 }, entities: [{ entity: 'a', value: 'b' }] },
        path,
      )
      expect(await received(fake.url, 'hi')).toMatchObject({
        intent: { name: 'greet' },
        entities: [{ value: 'b' }],
        confidence: 0.8,
      })
    }
  })

  test('an intent below the threshold is not heard', () => {
    const { hears } = rasa({ rasa_uri: 'http://127.0.0.1:1', threshold: 0.7 })
    const sure = { ...message('hi'), intent: { name: 'greet', confidence: 0.7 } }
    expect(hears(['greet'], sure)).toBe(true)
    expect(hears(['greet'], { ...sure, intent: { name: 'greet', confidence: 0.69 } })).toBe(false)
    expect(hears([/^gr/], sure)).toBe(true)
    expect(hears(['greet'], message('hi'))).toBe(false)
  })

  test.each([
    ['nonsense', { intent: 'greet' }],
    ['nothing', {}],
    ['a list', []],
  ])('a server that answers %s makes the message degraded', async (_what, body) => {
    await using fake = await server(body)
    expect(await received(fake.url, 'hi')).toMatchObject({
      intent: null,
      degraded: { reason: expect.stringContaining('without an intent') },
    })
  })

  test.each(['slow', 'lost', 'broken'] as const)('so does one that is %s', async (trouble) => {
    await using fake = await server({ intent: null })
    fake.troubles.push(trouble)
    const { degraded } = await received(fake.url, 'hi', 200)
    expect(degraded?.apology).toMatch(/^Sorry/)
  })

  test('an address that is none is refused at once', () => {
    expect(() => rasa({ rasa_uri: 'file:///etc/passwd' })).toThrow('rasa_uri must be an address')
  })
})
