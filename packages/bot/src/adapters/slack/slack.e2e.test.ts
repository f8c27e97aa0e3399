/** Slack against a loopback stand-in: storms, threads, mentions, buttons, lookups, installing by OAuth, secrets. */
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type BotDouble, botDouble } from '../../../test/fakes/bot-double.ts'
import {
  botUser,
  FakeSlack,
  type SlackSaid,
  signedSlack,
  slackEvent,
} from '../../../test/fakes/slack.ts'
import { fileInstallations } from './installations.ts'
import { type SlackOptions, slack } from './slack.ts'

const token = 'xoxb-very-secret'
let fake: FakeSlack
let errors: unknown[]

beforeEach(async () => {
  fake = await FakeSlack.start()
  errors = []
})
afterEach(() => fake[Symbol.asyncDispose]())

function open(options: Partial<SlackOptions> = {}, bot?: { readonly attempts?: number }) {
  const adapter = slack({
    signingSecret: 's',
    token,
    apiUrl: fake.apiUrl,
    onError: (error) => errors.push(error),
    ...options,
  })
  const double: BotDouble = botDouble(adapter, bot)
  const request = (path: string, init?: RequestInit) => {
    const route = adapter.routes[path.split('?')[0] ?? '']
    if (route === undefined) throw new Error(`no route ${path}`)
    return route(new Request(`http://app${path}`, init))
  }
  const post = (body: string, more: Parameters<typeof signedSlack>[3] = {}) =>
    (adapter.routes['/slack/receive'] as (request: Request) => Promise<Response>)(
      signedSlack('http://app/slack/receive', 's', body, more),
    )
  const say = async (said: SlackSaid, more?: Parameters<typeof signedSlack>[3]) => {
    const { status } = await post(slackEvent(said), more)
    await double.settled()
    return status
  }
  return { adapter, bot: double, post, say, request }
}

test('the address is verified', async () => {
  const { post } = open()
  const answer = await post(JSON.stringify({ type: 'url_verification', challenge: '3eZbrw1aB' }))
  expect(await answer.json()).toEqual({ challenge: '3eZbrw1aB' })
})

test('one message as 11 events with ids of their own is one, retries or not', async () => {
  const { say, bot } = open()
  const events = Array.from({ length: 11 }, (_, n) =>
    say(
      {
        text: 'hello',
        ts: '1700000000.000100',
        eventId: `Ev${n}`,
        type: n % 2 ? 'app_mention' : 'message',
      },
      {
        headers:
          n > 0 ? { 'x-slack-retry-num': String(n), 'x-slack-retry-reason': 'http_timeout' } : {},
      },
    ),
  )
  expect(await Promise.all(events)).toEqual(Array(11).fill(200))
  expect(bot.taken).toHaveLength(1)
  expect(fake.posted).toHaveLength(1)
})

test('a retry of what was not kept is taken', async () => {
  const { say, bot } = open()
  bot.refuse = 1
  expect(await say({ text: 'hello', ts: '1.000100' })).toBe(503)
  expect(
    await say({ text: 'hello', ts: '1.000100' }, { headers: { 'x-slack-retry-num': '1' } }),
  ).toBe(200)
  expect(fake.posted).toHaveLength(1)
})

test('the bot’s own words, other bots, edits and joins are not heard', async () => {
  const { say, bot } = open()
  await say({ text: 'mine', ts: '1.1', user: botUser })
  await say({ text: 'another bot', ts: '1.2', more: { bot_id: 'B1' } })
  for (const [n, subtype] of [
    'message_changed',
    'message_deleted',
    'channel_join',
    'bot_message',
  ].entries()) {
    await say({ text: 'x', ts: `2.${n}`, more: { subtype } })
  }
  expect(bot.taken).toEqual([])
})

test('in a channel it answers mentions in a thread, goes on there without them, and leaves the rest alone', async () => {
  const { say, bot } = open()
  await say({ text: 'lunch?', ts: '10.1', channel: 'C1' })
  await say({
    text: `<@${botUser}> hello &amp; <https://x.example|this>`,
    ts: '11.1',
    channel: 'C1',
    type: 'app_mention',
  })
  await say({ text: 'go on', ts: '12.1', channel: 'C1', thread: '11.1' })
  await say({ text: 'not to you', ts: '13.1', channel: 'C1', thread: '9.1' })
  expect(bot.taken.map(({ text, conversation }) => [text, conversation])).toEqual([
    ['hello & this', 'T1/C1/11.1'],
    ['go on', 'T1/C1/11.1'],
  ])
  expect(fake.posted.map(({ thread_ts }) => thread_ts)).toEqual(['11.1', '11.1'])
})

test('after a restart a thread that it spoke in is known from Slack', async () => {
  const before = open()
  await before.say({ text: `<@${botUser}> hi`, ts: '11.1', channel: 'C1' })
  const after = open()
  await after.say({ text: 'still there?', ts: '12.1', channel: 'C1', thread: '11.1' })
  expect(after.bot.taken.map(({ text }) => text)).toEqual(['still there?'])
})

test('with `ambient` it hears everything in its channels', async () => {
  const { say, bot } = open({ ambient: true })
  await say({ text: 'lunch?', ts: '10.1', channel: 'C1' })
  expect(bot.taken.map(({ conversation }) => conversation)).toEqual(['T1/C1'])
})

test('buttons of a card are pressed as the words they stand for, once', async () => {
  const { say, bot, post } = open()
  await say({ text: 'order', ts: '1.1' })
  expect(JSON.stringify(fake.posted[1]?.blocks)).toContain('"value":"fiction"')
  const payload = JSON.stringify({
    type: 'block_actions',
    trigger_id: 'trigger',
    team: { id: 'T1' },
    user: { id: 'U1' },
    channel: { id: 'D1' },
    message: { ts: fake.posted[1]?.ts },
    actions: [{ action_id: 'typestead-0', action_ts: '5.5', value: 'fiction' }],
  })
  const body = new URLSearchParams({ payload }).toString()
  for (let press = 0; press < 3; press++) {
    expect((await post(body, { type: 'application/x-www-form-urlencoded' })).status).toBe(200)
  }
  expect(bot.taken.map(({ text }) => text)).toEqual(['order', 'fiction'])
})

test('a reply of two posts that broke between them is made whole, and neither stands there twice', async () => {
  const { say, bot } = open()
  fake.server.troubles.push('lost', 'broken')
  await say({ text: 'order', ts: '1.1' })
  expect(bot.failures.length).toBeGreaterThan(0)
  expect(fake.posted).toHaveLength(2)
  expect(fake.posted.map(({ metadata }) => metadata)).toEqual([
    { event_type: 'typestead_reply', event_payload: { id: 'reply-T1/D1-1' } },
    { event_type: 'typestead_reply', event_payload: { id: 'reply-T1/D1-1/1' } },
  ])
})

test('without the permission to read, a reply goes out again rather than never, and the operator hears why', async () => {
  const { say } = open()
  fake.errors.set('conversations.history', 'missing_scope')
  fake.server.troubles.push('broken')
  await say({ text: 'hello', ts: '1.1' })
  expect(fake.posted).toHaveLength(1)
  expect(String(errors[0])).toContain('missing_scope')
})

test('what Slack would refuse again is given up at once', async () => {
  const { say, bot } = open()
  fake.errors.set('chat.postMessage', 'is_archived')
  await say({ text: 'hello', ts: '1.1' })
  expect(bot.failures.map((error) => (error as Error).name)).toEqual(['PermanentError'])
})

test('a workspace without a token is not acknowledged in silence', async () => {
  const { say, bot } = open({ token: undefined as never }, { attempts: 1 })
  await say({ text: 'hello', ts: '1.1' })
  expect(String(bot.failures[0])).toContain('there is no token of the Slack workspace T1')
})

test('the token is in no error', async () => {
  const { say, bot } = open()
  fake.server.troubles.push('broken', 'lost', 'refused')
  fake.errors.set('conversations.history', 'fatal_error')
  await say({ text: 'my secret words', ts: '1.1' })
  expect(bot.failures.length).toBeGreaterThan(1)
  const printed = inspect([bot.failures, errors], { depth: 20, showHidden: true })
  expect(printed).not.toContain(token)
  expect(printed).not.toContain('my secret words')
})

test('installing keeps a workspace’s token in a file of this user alone; its state is good once and for ten minutes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'installations-'))
  try {
    let now = Date.now()
    const installations = fileInstallations(join(folder, 'teams'))
    const { request, adapter } = open({
      installations,
      now: () => now,
      oauth: {
        clientId: 'id',
        clientSecret: 'client-secret',
        authorizeUrl: `${fake.server.url}/authorize`,
      },
    })
    const begin = async () => {
      const answer = await request('/slack/install')
      expect(answer.status).toBe(302)
      const location = new URL(answer.headers.get('location') ?? '')
      expect(location.searchParams.get('redirect_uri')).toBe('http://app/slack/oauth_redirect')
      const cookie = answer.headers.get('set-cookie') ?? ''
      expect(cookie).toMatch(/HttpOnly; SameSite=Lax/)
      return { state: location.searchParams.get('state') ?? '', cookie: cookie.split(';')[0] ?? '' }
    }
    const finish = (state: string, cookie: string, code = 'code') =>
      request(`/slack/oauth_redirect?code=${code}&state=${state}`, { headers: { cookie } })
    fake.codes.set('code', 'xoxb-two')

    const first = await begin()
    expect((await finish(first.state, '')).status).toBe(403)
    expect((await finish('forged', first.cookie)).status).toBe(403)
    const done = await finish(first.state, first.cookie)
    expect([done.status, await done.text()]).toEqual([200, 'Installed. You can close this page.'])
    expect((await finish(first.state, first.cookie)).status).toBe(403)
    const late = await begin()
    now += 600_001
    expect((await finish(late.state, late.cookie)).status).toBe(403)

    expect(await installations.get('T2')).toMatchObject({
      token: 'xoxb-two',
      teamName: 'Two',
      botUser,
    })
    const [file] = await readdir(join(folder, 'teams'))
    expect((await stat(join(folder, 'teams', file ?? ''))).mode & 0o777).toBe(0o600)
    await expect(installations.get('../T2')).rejects.toThrow('no id of a Slack workspace')
    const message = {
      id: 'o1',
      channel: 'slack',
      conversation: 'T2/D9',
      user: 'T2/U1',
      messages: [{ contentType: 'PlainText' as const, content: 'hi' }],
      card: null,
      turn: null,
      attributes: {},
      from: 'bot' as const,
      committedAt: now,
    }
    await adapter.deliver(message, 0, AbortSignal.timeout(2_000))
    expect(fake.posted.map((one) => one.token)).toEqual(['xoxb-two'])
  } finally {
    await rm(folder, { recursive: true })
  }
})
