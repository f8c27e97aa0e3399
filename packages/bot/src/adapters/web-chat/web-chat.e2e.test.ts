/** Web chat over real sockets: resuming, identity, limits, two tabs, two processes on one journal. */

import type { IncomingMessage } from 'node:http'
import { type Journal, openJournal, type StorageSource } from '@typestead/journal'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { databases, type Places } from '../../../test/databases.ts'
import { answerTo, botDouble } from '../../../test/fakes/bot-double.ts'
import { ChatPage, serveChat } from '../../../test/fakes/chat-page.ts'
import type { OutgoingMessage } from '../adapter.ts'
import { JournalMailbox } from './journal-mailbox.ts'
import { type WebChatOptions, webChat } from './web-chat.ts'

const cleanups: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function open(options: Partial<WebChatOptions> = {}, journal?: Journal) {
  const errors: unknown[] = []
  const adapter = webChat({
    secret: 'w',
    patience: 300,
    onError: (error) => errors.push(error),
    ...options,
  })
  const bot = botDouble(adapter, { attempts: 20, journal })
  const server = await serveChat(adapter)
  cleanups.push(
    async () => {
      await server[Symbol.asyncDispose]()
    },
    async () => {
      await adapter.close?.()
    },
  )
  return { adapter, bot, url: server.url, errors }
}

async function opened(source: StorageSource): Promise<Journal> {
  const journal = await openJournal(source)
  cleanups.push(() => journal.close())
  return journal
}

const say = (n: number, text = `word ${n}`) => ({ type: 'say', id: `message-${n}`, text })

function cookieOf(page: ChatPage): { readonly headers: { readonly cookie: string } } {
  return { headers: { cookie: page.cookie.split(';')[0] ?? '' } }
}

function outgoing(conversation: string, id: string, content: string): OutgoingMessage {
  return {
    id,
    channel: 'chat',
    conversation,
    user: conversation,
    messages: [{ contentType: 'PlainText', content }],
    card: null,
    turn: null,
    attributes: {},
    from: 'bot',
    committedAt: Date.now(),
  }
}

describe('resuming', () => {
  test('a message said again after the connection broke is one, and the reply is there', async () => {
    const { url, bot } = await open()
    const first = await ChatPage.open(url)
    first.send(say(1))
    await first.until(() => bot.taken.length === 1)
    await first.close()
    const second = await ChatPage.open(url, cookieOf(first))
    second.send(say(1))
    await second.until(() => second.frames.some(({ type }) => type === 'kept'))
    expect(await second.replies(1)).toEqual(answerTo('word 1', 1).texts)
    expect(bot.taken).toHaveLength(1)
    second.send({ type: 'have', seq: second.shown.at(-1)?.seq })
    await bot.settled()
    expect(bot.delivered).toHaveLength(1)
  })

  test('a page that comes back is given what it lacks, by number', async () => {
    const { url, bot } = await open()
    const first = await ChatPage.open(url)
    for (const n of [1, 2, 3]) first.send(say(n))
    await first.replies(1)
    first.send({ type: 'have', seq: 6 })
    await first.replies(3)
    await first.close()
    const epoch = first.frames[0]?.epoch
    const after = first.shown[3]?.seq
    const second = await ChatPage.open(url, { ...cookieOf(first), hello: { after, epoch } })
    await second.until(() => second.shown.length === 2)
    expect(second.shown).toEqual(first.shown.slice(4))
    const reloaded = await ChatPage.open(url, cookieOf(first))
    await reloaded.until(() => reloaded.shown.length === 6)
    expect(reloaded.shown).toEqual(first.shown)
    await bot.settled()
  })

  test('without a journal a reply waits for a page that has it', async () => {
    const { adapter, url } = await open()
    const away = adapter.deliver(outgoing('v-nobody', 'o1', 'hi'), 0, AbortSignal.timeout(2_000))
    await expect(away).rejects.toThrow('the visitor is away')
    const page = await ChatPage.open(url, { hello: {} })
    page.send(say(1))
    await page.replies(1)
  })

  test('numbers of a process before this one are not taken for this one’s', async () => {
    const before = await open()
    const page = await ChatPage.open(before.url)
    page.send(say(1))
    await page.replies(1)
    const epoch = page.frames[0]?.epoch
    const after = await open()
    const again = await ChatPage.open(after.url, { ...cookieOf(page), hello: { after: 50, epoch } })
    again.send(say(2))
    expect(await again.replies(1)).toEqual(answerTo('word 2', 1).texts)
  })
})

describe.each(databases)('with a journal on $name', ({ places: start }) => {
  let places: Places
  beforeAll(async () => {
    places = await start()
  })
  afterAll(() => places[Symbol.asyncDispose]())

  test('what was delivered while the visitor was away is there in the next process, once', async () => {
    const { source } = await places.fresh()
    const journal = await opened(source())
    const first = await open({}, journal)
    const page = await ChatPage.open(first.url)
    page.send(say(1))
    await page.replies(1)
    const conversation = first.bot.taken[0]?.conversation ?? ''
    await page.close()
    const reply = outgoing(conversation, 'pushed', 'while you were away')
    await first.adapter.deliver(reply, 0, AbortSignal.timeout(2_000))
    const second = await open({}, await opened(source()))
    await second.adapter.deliver(reply, 1, AbortSignal.timeout(2_000))
    const back = await ChatPage.open(second.url, cookieOf(page))
    expect(await back.replies(2)).toEqual([...answerTo('word 1', 1).texts, 'while you were away'])
    expect(back.shown.map(({ from }) => from)).toEqual(['visitor', 'bot', 'bot'])
  })

  test('a page connected to one process is shown what another delivers', async () => {
    const { source } = await places.fresh()
    const journal = await opened(source())
    const mailbox = new JournalMailbox(journal, { poll: 20 })
    const first = await open({ mailbox }, journal)
    const page = await ChatPage.open(first.url)
    page.send(say(1))
    await page.replies(1)
    const other = await opened(source())
    await using elsewhere = new JournalMailbox(other)
    const conversation = first.bot.taken[0]?.conversation ?? ''
    await elsewhere.put(`chat/${conversation}`, {
      id: 'x',
      from: 'person',
      texts: ['hi'],
      cards: [],
      at: 1,
    })
    expect((await page.replies(2)).at(-1)).toBe('hi')
  })

  test('a visitor who speaks to two bots has two conversations', async () => {
    const journal = await opened((await places.fresh()).source())
    const first = await open({}, journal)
    const second = await open({ name: 'chat-Support' }, journal)
    const one = await ChatPage.open(first.url)
    const two = await ChatPage.open(second.url, cookieOf(one))
    one.send(say(1, 'to the first'))
    await one.replies(1)
    two.send(say(2, 'to the second'))
    await two.replies(1)
    expect(one.shown.flatMap(({ texts }) => texts)).toEqual([
      'to the first',
      ...answerTo('to the first', 1).texts,
    ])
    expect(two.shown.flatMap(({ texts }) => texts)).toEqual([
      'to the second',
      ...answerTo('to the second', 1).texts,
    ])
  })

  test('who is forgotten leaves no words, and numbers go on for pages that are open', async () => {
    const journal = await opened((await places.fresh()).source())
    const { adapter, bot, url } = await open({}, journal)
    const page = await ChatPage.open(url)
    const other = await ChatPage.open(url)
    page.send(say(1, 'of the one'))
    other.send(say(1, 'of the other'))
    await Promise.all([page.replies(1), other.replies(1)])
    const { conversation, user } = bot.taken.find(({ text }) => text === 'of the one') ?? {}
    await adapter.forget?.({ user: user ?? '', conversations: [conversation ?? ''] })
    const rows = await journal.database.read({
      text: 'select body from typestead_chat_entry',
      values: [],
    })
    expect(JSON.stringify(rows)).not.toContain('of the one')
    expect(JSON.stringify(rows)).toContain('of the other')
    page.send(say(2, 'again'))
    expect(await page.replies(2)).toHaveLength(2)
  })

  test('many at once are numbered without a gap or a double, the oldest go', async () => {
    const journal = await opened((await places.fresh()).source())
    await using mailbox = new JournalMailbox(journal)
    const put = (n: number) =>
      mailbox.put('c', { id: `i${n}`, from: 'bot', texts: [`${n}`], cards: [], at: n })
    await Promise.all(Array.from({ length: 250 }, (_, n) => put(n)))
    await Promise.all(Array.from({ length: 250 }, (_, n) => put(n + 100)))
    const kept = await mailbox.after('c', 0)
    expect(kept).toHaveLength(200)
    expect(new Set(kept.map(({ id }) => id)).size).toBe(200)
    const seqs = kept.map(({ seq }) => seq)
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b))
  })
})

describe('identity', () => {
  test('the cookie is out of a script’s reach, and nobody is another by changing it', async () => {
    const { url, bot } = await open()
    const page = await ChatPage.open(url)
    expect(page.cookie).toMatch(
      /^typestead_chat=[\w.-]+; Path=\/chat; Max-Age=\d+; HttpOnly; SameSite=Lax$/,
    )
    expect(page.frames[0]).not.toHaveProperty('token')
    page.send(say(1))
    await page.replies(1)
    const forged = page.cookie.split(';')[0]?.replace(/=.{3}/, '=abc') ?? ''
    const other = await ChatPage.open(url, { headers: { cookie: forged } })
    other.send(say(2))
    await other.replies(1)
    expect(other.shown).toHaveLength(2)
    expect(new Set(bot.taken.map(({ user }) => user)).size).toBe(2)
  })

  test('pages of other sites keep a token themselves', async () => {
    const { url, bot } = await open({ tokenInPage: true })
    const page = await ChatPage.open(url)
    expect(page.cookie).toBe('')
    page.send(say(1))
    await page.replies(1)
    const token = page.frames[0]?.token
    const again = await ChatPage.open(url, { hello: { token } })
    again.send(say(2))
    await again.replies(2)
    expect(new Set(bot.taken.map(({ user }) => user)).size).toBe(1)
  })

  test('who is signed in has one conversation everywhere, and no token makes another of them', async () => {
    const identify = ({ headers }: IncomingMessage) =>
      headers.authorization
        ? { user: headers.authorization, attributes: { role: 'reader' } }
        : undefined
    const { url, bot } = await open({ identify })
    const anonymous = await ChatPage.open(url)
    const token = /=([^;]+)/.exec(anonymous.cookie)?.[1]
    const headers = { authorization: 'ann' }
    const one = await ChatPage.open(url, { headers, hello: { token } })
    const two = await ChatPage.open(url, { headers })
    one.send(say(1))
    await Promise.all([one.replies(1), two.replies(1)])
    expect(bot.taken[0]).toMatchObject({
      user: 'ann',
      conversation: 'u-ann',
      attributes: { role: 'reader' },
    })
    expect(two.shown.map(({ from }) => from)).toEqual(['visitor', 'bot'])
  })
})

describe('limits', () => {
  test.each([
    ['what is no JSON', 'hello'],
    ['an unknown type', { type: 'shout' }],
    ['an id that is none', { type: 'say', id: 'x', text: 'hi' }],
    ['a second hello', { type: 'hello' }],
    ['a number that is none', { type: 'have', seq: -1 }],
  ])('%s ends the connection', async (_what, frame) => {
    const { url } = await open()
    const page = await ChatPage.open(url)
    page.send(frame)
    await page.until(() => page.closed !== undefined)
    expect(page.closed).toBe(4400)
  })

  test('nothing is heard before hello, and no other subprotocol', async () => {
    const { url, bot } = await open()
    const page = new ChatPage(url)
    page.socket.once('open', () => page.send(say(1)))
    await page.until(() => page.closed !== undefined)
    expect(page.closed).toBe(4400)
    const other = new ChatPage(url, {}, 'typestead-chat.v9')
    await other.until(() => other.closed !== undefined)
    expect(other.closed).toBe(1006)
    expect(bot.taken).toEqual([])
  })

  test('pages of other origins get no socket where origins are named', async () => {
    const { url } = await open({ origins: ['https://shop.example'] })
    const other = new ChatPage(url, { origin: 'https://evil.example' })
    await other.until(() => other.closed !== undefined)
    expect(other.closed).toBe(1006)
    const own = await ChatPage.open(url, { origin: 'https://shop.example' })
    expect(own.frames[0]).toMatchObject({ type: 'welcome' })
    expect((await ChatPage.open(url)).frames[0]).toMatchObject({ type: 'welcome' })
  })

  test('a message too long is refused, a frame too big ends the connection', async () => {
    const { url } = await open()
    const page = await ChatPage.open(url)
    page.send(say(1, 'x'.repeat(4_001)))
    await page.until(() => page.frames.length > 1)
    expect(page.frames[1]).toEqual({ type: 'refused', id: 'message-1', reason: 'tooLong' })
    page.send(say(2, 'x'.repeat(40_000)))
    await page.until(() => page.closed !== undefined)
    expect(page.closed).toBe(1009)
  })

  test('a visitor has a rate, over all pages together, and so many pages', async () => {
    const limits = { burst: 3, perSecond: 0, socketsPerVisitor: 2 }
    const { url, bot } = await open({ limits })
    const one = await ChatPage.open(url)
    const two = await ChatPage.open(url, cookieOf(one))
    for (const n of [1, 2]) one.send(say(n))
    for (const n of [3, 4]) two.send(say(n))
    const refused = () => [...one.frames, ...two.frames].filter(({ type }) => type === 'refused')
    await two.until(() => refused().length === 1 && bot.taken.length === 3)
    expect(refused()[0]).toMatchObject({ reason: 'tooMany' })
    const three = await ChatPage.open(url, cookieOf(one))
    await three.until(() => three.closed !== undefined)
    expect(three.closed).toBe(4429)
  })

  test('a page that answers no heartbeat is gone', async () => {
    const { url } = await open({ limits: { heartbeat: 50 } })
    const deaf = await ChatPage.open(url, { autoPong: false })
    const well = await ChatPage.open(url)
    await deaf.until(() => deaf.closed !== undefined)
    expect(well.closed).toBeUndefined()
  })

  test('what could not be kept is refused, and said again it is taken', async () => {
    const { url, bot, errors } = await open()
    bot.refuse = 1
    const page = await ChatPage.open(url)
    page.send(say(1))
    await page.until(() => page.frames.some(({ type }) => type === 'refused'))
    page.send(say(1))
    await page.replies(1)
    expect(page.shown.map(({ from }) => from)).toEqual(['visitor', 'bot'])
    expect(errors).toHaveLength(1)
  })
})
