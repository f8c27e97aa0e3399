import { type Journal, openJournal } from '@typestead/journal'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anythingCounts, counting, countingHooks, Loopback } from '../../test/counting-bot.ts'
import { databases, type Place, type Places, until } from '../../test/databases.ts'
import type { HookAnswer, HookCall, HookRunner } from '../hooks/hook-contract.ts'
import type { Understander } from '../understanding/understanding.ts'
import { openBots } from './open-bots.ts'
import type { BotService } from './service-contract.ts'

/** What people say that is to be found nowhere afterwards. */
const secret = 'my cat is called Wilhelmine'

/** Counts, and remembers what was said last; `before` holds it up. */
function rememberingHooks(before: (call: HookCall) => unknown = () => {}): HookRunner {
  const counts = countingHooks()
  return {
    async run(call, signal) {
      await before(call)
      const result = await counts.run(call, signal)
      if (!result.ok) return result
      const answer: HookAnswer = { ...result.answer, remember: { last: call.text } }
      return { ok: true, answer }
    },
  }
}

/** Every cell of every table that the journal's database has. */
async function everything({ database }: Journal, of: Place): Promise<string> {
  const tables = await database.read({
    text:
      of.kind === 'sqlite'
        ? `select '"' || name || '"' from sqlite_master where type = 'table'`
        : `select quote_ident(table_schema) || '.' || quote_ident(table_name) from information_schema.tables
where table_schema not in ('pg_catalog', 'information_schema') and table_schema = '${of.address.split('#')[1]}'`,
    values: [],
  })
  expect(tables.length).toBeGreaterThan(10)
  const rows = await Promise.all(
    tables.map(([name]) => database.read({ text: `select * from ${name}`, values: [] })),
  )
  return JSON.stringify(rows.flat())
}

describe.each(databases)('forgetting a person on $name', ({ places: start }) => {
  let places: Places
  beforeAll(async () => {
    places = await start()
  })
  afterAll(() => places[Symbol.asyncDispose]())

  async function open(hooks: HookRunner = rememberingHooks()) {
    const place = await places.fresh()
    const journal = await openJournal(place.source(), { onError: () => {} })
    const bots = await serve(journal, hooks)
    await bots.build(counting)
    await bots.publish('Counter', { alias: 'prod' })
    await bots.publish('Counter', { alias: 'test' })
    return {
      place,
      journal,
      bots,
      async [Symbol.asyncDispose]() {
        await bots.close()
        await journal.close()
      },
    }
  }

  const serve = (journal: Journal, hooks: HookRunner, understander = anythingCounts) =>
    openBots({
      journal,
      hooks,
      understander,
      onError: () => {},
      retry: { deliver: 2, first: 5 },
    })

  const say = async (bots: BotService, user: string, text: string, more = {}) => {
    const { reply } = await bots.turn({ bot: 'Counter', alias: 'prod', user, text, ...more })
    return reply?.said?.messages.map(({ content }) => content).join('|')
  }

  test('a caller’s user: conversations of all aliases and memory are gone, others’ stay', async () => {
    await using opened = await open()
    const { bots, journal, place } = opened
    await say(bots, 'ann', secret, { requestId: 'r1' })
    await say(bots, 'ann', secret, { alias: 'test' })
    await say(bots, 'bob', 'what bob says')
    expect(await everything(journal, place)).toContain(secret)

    const whom = { bot: 'Counter', user: 'ann' }
    expect(await bots.forget(whom)).toEqual({
      ...whom,
      channel: null,
      conversations: 2,
      turns: 2,
      memories: 1,
      messages: 0,
    })
    const left = await everything(journal, place)
    expect(left).not.toContain(secret)
    expect(left).not.toContain('ann')
    expect(left).toContain('what bob says')
    expect(await bots.forget(whom)).toMatchObject({ conversations: 0, turns: 0, memories: 0 })

    // A repeat of an old request is a new one.
    expect(await say(bots, 'ann', 'again', { requestId: 'r1' })).toBe('1:again')
    expect(await say(bots, 'bob', 'more')).toBe('2:more')
  })

  test('a messenger’s user, wherever they speak: what waits and what was given up goes too', async () => {
    await using opened = await open()
    const { bots, journal, place } = opened
    const loop = new Loopback()
    const gone: string[] = []
    Object.assign(loop, {
      forget: async (person: { conversations: readonly string[] }) => {
        gone.push(...person.conversations)
      },
    })
    bots.connect(loop, { bot: 'Counter', alias: 'prod' })
    loop.before = ({ user, conversation }) => {
      if (user === 'ann' && conversation === 'dead') throw new Error('away')
    }
    await loop.say(secret, { conversation: 'ann', user: 'ann' })
    await loop.say(secret, { conversation: 'team', user: 'ann' })
    await loop.say('what bob says', { conversation: 'team', user: 'bob' })
    await loop.say(secret, { conversation: 'dead', user: 'ann' })
    await until(async () => (await journal.inspect.deadLetters()).length === 1)
    await until(() => loop.delivered.length === 3)
    // Another's messages of the same name in another channel, and one whose name ends alike.
    await loop.say('what joann says', { conversation: 'team', user: 'joann' })

    const [conversation] = (await bots.conversations({ search: 'wilhelmine' })).conversations
    const forgotten = await bots.forget({ conversation: conversation?.id ?? '' })
    expect(forgotten).toMatchObject({ channel: 'loop', user: 'ann', conversations: 3, turns: 3 })
    expect(forgotten).toMatchObject({ memories: 1, messages: 1 })
    expect(new Set(gone)).toEqual(new Set(['ann', 'team', 'dead']))
    const left = await everything(journal, place)
    expect(left).not.toContain(secret)
    expect(left).toContain('what bob says')
    expect(left).toContain('what joann says')
    await loop.say('hello', { conversation: 'ann', user: 'ann' })
    await until(() => loop.said('ann').includes('1:hello'))
  })

  test('messages that wait go, may be sent again, and whoever stood behind them goes on', async () => {
    let held = Promise.withResolvers<void>()
    await using opened = await open(
      rememberingHooks(({ text }) => (text.startsWith('hold') ? held.promise : undefined)),
    )
    const { bots, journal, place } = opened
    const loop = new Loopback()
    bots.connect(loop, { bot: 'Counter', alias: 'prod' })
    const from = { conversation: 'ann', user: 'ann' }
    await loop.say('hold on', { ...from, ids: ['1'] })
    await loop.say(secret, { ...from, ids: ['2'] })
    expect(await everything(journal, place)).toContain(secret)
    const whom = { bot: 'Counter', channel: 'loop', user: 'ann' }
    expect(await bots.forget(whom)).toMatchObject({ messages: 2 })
    expect(await everything(journal, place)).not.toContain(secret)
    held.resolve()
    held = Promise.withResolvers()
    // The one under way is forgotten with its conversation.
    expect(await loop.say('after', { ...from, ids: ['2'] })).toBe('accepted')
    await until(() => loop.said('ann').length > 0)
    expect(loop.said('ann')).toEqual(['1:after'])
    expect(await everything(journal, place)).not.toContain('hold on')
  })

  test.each([
    ['its first turn', false],
    ['a later turn', true],
  ])('%s under way does not bring back what was known', async (_, isLater) => {
    let entered = Promise.withResolvers<void>()
    const go = Promise.withResolvers<void>()
    let calls: HookCall[] = []
    await using opened = await open(
      rememberingHooks(async (call) => {
        calls.push(call)
        if (!call.text.startsWith('slow')) return
        entered.resolve()
        await go.promise
      }),
    )
    const { bots, journal, place } = opened
    // Memory of another alias is read by the first turn in this one.
    await say(bots, 'ann', secret, { alias: isLater ? 'prod' : 'test' })
    calls = []
    entered = Promise.withResolvers()
    const slow = say(bots, 'ann', 'slow')
    await entered.promise
    expect(calls[0]?.memory).toEqual({ last: secret })
    await bots.forget({ bot: 'Counter', user: 'ann' })
    go.resolve()
    expect(await slow).toBe('1:slow')
    // It began anew, and knew nothing.
    expect(calls.map(({ memory }) => memory)).toEqual([{ last: secret }, {}])
    expect(await everything(journal, place)).not.toContain(secret)
    expect(await bots.replay('Counter/prod/ann')).toEqual({ turns: 1 })
  })

  test('a turn that read the conversation before never takes the one after for it', async () => {
    await using opened = await open()
    const { bots, place } = opened
    await using journal = await openJournal(place.source())
    const read = Promise.withResolvers<void>()
    const go = Promise.withResolvers<void>()
    const understander: Understander = {
      async understand(request) {
        if (request.text === 'slow') {
          read.resolve()
          await go.promise
        }
        return anythingCounts.understand(request)
      },
    }
    await using other = await serve(journal, rememberingHooks(), understander)
    await say(bots, 'ann', secret)
    const slow = say(other, 'ann', 'slow')
    await read.promise
    await bots.forget({ bot: 'Counter', user: 'ann' })
    // As many turns as there were.
    expect(await say(bots, 'ann', 'anew')).toBe('1:anew')
    go.resolve()
    expect(await slow).toBe('2:slow')
    expect(await everything(journal, place)).not.toContain(secret)
    expect(await bots.replay('Counter/prod/ann')).toEqual({ turns: 2 })
  })

  test('beside turns of two services nothing of before stays, and what comes goes on counting', async () => {
    await using opened = await open()
    const { bots, place } = opened
    await using journal = await openJournal(place.source())
    await using other = await serve(journal, rememberingHooks())
    for (let round = 0; round < 20; round++) {
      const said = [bots, other, bots, other].map((one, n) => say(one, 'ann', `${secret} ${n}`))
      const forgotten = bots.forget({ bot: 'Counter', user: 'ann' })
      await Promise.all([...said, forgotten])
      await bots.forget({ bot: 'Counter', user: 'ann' })
      expect(await everything(journal, place)).not.toContain(secret)
      expect(await say(other, 'ann', 'x')).toBe('1:x')
      expect(await bots.replay('Counter/prod/ann')).toEqual({ turns: 1 })
    }
  })

  test('what is no person is refused', async () => {
    await using opened = await open()
    const { bots } = opened
    await expect(bots.forget({ conversation: 'Counter/prod/nobody' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    await expect(bots.forget({ bot: 'Counter', user: '' })).rejects.toMatchObject({
      code: 'BAD_INPUT',
    })
  })
})
