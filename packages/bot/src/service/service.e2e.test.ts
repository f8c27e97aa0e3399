import { openJournal } from '@typestead/journal'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { anythingCounts, counting, countingHooks, Loopback } from '../../test/counting-bot.ts'
import { databases, type Places, until } from '../../test/databases.ts'
import type { HookCall } from '../hooks/hook-contract.ts'
import type { BotsOptions } from './bots-options.ts'
import { RetentionSweep } from './kept/retention.ts'
import { openBots } from './open-bots.ts'
import type { BotService, Happening } from './service-contract.ts'

const key = { bot: 'Counter', alias: 'prod', user: 'ann' }

describe.each(databases)('the service on $name', ({ places: start }) => {
  let places: Places
  beforeAll(async () => {
    places = await start()
  })
  afterAll(() => places[Symbol.asyncDispose]())

  async function open(options: Partial<BotsOptions> = {}): Promise<BotService> {
    return openBots({
      journal: (await places.fresh()).source(),
      understander: anythingCounts,
      hooks: countingHooks(),
      onError: () => {},
      ...options,
    })
  }

  async function published(options: Partial<BotsOptions> = {}): Promise<BotService> {
    const bots = await open(options)
    await bots.build(counting)
    await bots.publish('Counter', { alias: 'prod' })
    return bots
  }

  const words = async (bots: BotService, text: string, requestId?: string) => {
    const { reply } = await bots.turn({ ...key, text, ...(requestId ? { requestId } : {}) })
    return reply?.said?.messages.map(({ content }) => content).join('|')
  }

  test('turns of a conversation see the ones before; other users have their own', async () => {
    await using bots = await published()
    expect(await words(bots, 'a')).toBe('1:a')
    expect(await words(bots, 'b')).toBe('2:b')
    const other = await bots.turn({ ...key, user: 'bob', text: 'c' })
    expect(other.session.attributes).toEqual({ n: '1' })
    expect((await bots.session(key))?.attributes).toEqual({ n: '2' })
    expect(await bots.session({ ...key, user: 'eve' })).toBeNull()
  })

  test('a repeat of a request gets the recorded answer, also when it comes at once or after a restart', async () => {
    const place = await places.fresh()
    const calls: HookCall[] = []
    const hooks = countingHooks((call) => calls.push(call))
    const bots = await published({ journal: place.source(), hooks })
    const twice = await Promise.all([words(bots, 'a', 'r1'), words(bots, 'a', 'r1')])
    expect(twice).toEqual(['1:a', '1:a'])
    const first = await bots.turn({ ...key, text: 'a', requestId: 'r1' })
    await bots.close()
    await using again = await open({ journal: place.source(), hooks })
    expect(await again.turn({ ...key, text: 'something else', requestId: 'r1' })).toEqual(first)
    expect(calls).toHaveLength(1)
    expect(await words(again, 'b', 'r2')).toBe('2:b')
  })

  test('a session that ran out begins anew, by the version that the alias names then', async () => {
    let now = Date.UTC(2026, 0, 1)
    await using bots = await published({ now: () => now })
    expect(await words(bots, 'a')).toBe('1:a')
    await bots.build({ ...counting, description: 'the second' })
    const second = await bots.publish('Counter', { alias: 'prod' })
    expect(second.version).toBe('2')
    const pinned = await bots.turn({ ...key, text: 'b' })
    expect([pinned.session.version, pinned.session.attributes.n]).toEqual(['1', '2'])
    now += 301_000
    expect(await bots.session(key)).toBeNull()
    const anew = await bots.turn({ ...key, text: 'c' })
    expect([anew.session.version, anew.session.attributes.n]).toEqual(['2', '1'])
    const id = 'Counter/prod/ann'
    expect(await bots.replay(id)).toEqual({ turns: 3 })
    expect((await bots.transcript(id)).turns.map(({ version }) => version)).toEqual(['1', '1', '2'])
  })

  test('versions: the same content is numbered once, stale checksums are refused, aliases move', async () => {
    await using bots = await open()
    const first = await bots.build(counting)
    expect(await bots.build(counting)).toMatchObject({ checksum: first.checksum })
    const one = await bots.publish('Counter', { alias: 'prod' })
    expect(await bots.publish('Counter')).toEqual(one)
    const changed = { ...counting, description: 'x' }
    const second = await bots.build(changed, { checksum: first.checksum })
    await expect(bots.build(counting, { checksum: first.checksum })).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    await expect(bots.publish('Counter', { checksum: first.checksum })).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    expect((await bots.publish('Counter', { checksum: second.checksum })).version).toBe('2')
    const [alias] = await bots.aliases('Counter')
    expect(alias?.version).toBe('1')
    const moved = await bots.setAlias('Counter', 'prod', '2', alias?.checksum)
    expect(moved.version).toBe('2')
    await expect(bots.setAlias('Counter', 'prod', '1', alias?.checksum)).rejects.toMatchObject({
      code: 'CONFLICT',
    })
    await expect(bots.setAlias('Counter', 'prod', '3')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(bots.setAlias('Counter', '1x', '1')).rejects.toMatchObject({ code: 'BAD_INPUT' })
    expect(await bots.bots()).toMatchObject([
      { bot: 'Counter', versions: 2, checksum: second.checksum, aliases: [{ version: '2' }] },
    ])
    expect((await bots.model('Counter', 'prod')).version).toBe('2')
    expect((await bots.model('Counter', '1')).model.hash).toBe(one.hash)
    expect((await bots.model('Counter', '$LATEST')).model.description).toBe('x')
    expect(await bots.deleteAlias('Counter', 'prod')).toBe(true)
    expect(await bots.deleteAlias('Counter', 'prod')).toBe(false)
    expect(await bots.deleteBot('Counter')).toBe(true)
    expect(await bots.bots()).toEqual([])
    await expect(bots.turn({ ...key, text: 'a' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    // Numbers are never given twice.
    await bots.build(counting)
    expect((await bots.publish('Counter')).version).toBe('3')
  })

  test('the draft is talked to by $LATEST, a version by its number, an unknown name is refused', async () => {
    await using bots = await published()
    for (const alias of ['$LATEST', '1', 'prod']) {
      expect((await bots.turn({ ...key, alias, text: 'a' })).session.alias).toBe(alias)
    }
    for (const alias of ['2', 'test', '']) {
      await expect(bots.turn({ ...key, alias, text: 'a' })).rejects.toMatchObject({
        code: alias === '' ? 'BAD_INPUT' : 'NOT_FOUND',
      })
    }
    await expect(bots.turn({ ...key, text: 'a', locale: 'xx_XX' })).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
  })

  test('sessions are put and deleted', async () => {
    await using bots = await published()
    const put = await bots.putSession(key, { attributes: { n: '41' }, requestAttributes: {} })
    expect(put.session.attributes).toEqual({ n: '41' })
    expect(await words(bots, 'a')).toBe('42:a')
    expect(await bots.deleteSession(key)).toBe(true)
    expect(await bots.deleteSession(key)).toBe(false)
    expect(await words(bots, 'a')).toBe('1:a')
  })

  test('two services on one journal interleave 200 turns of one session: each hook once, one answer each', async () => {
    const place = await places.fresh()
    const calls: HookCall[] = []
    const options = { hooks: countingHooks((call) => calls.push(call)) }
    await using one = await published({ ...options, journal: place.source() })
    await using two = await open({ ...options, journal: place.source() })
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) => words(n % 2 ? one : two, `m${n}`)),
    )
    expect(new Set(calls.map(({ text }) => text)).size).toBe(200)
    expect(calls).toHaveLength(200)
    const counts = answers.map((answer) => Number(answer?.split(':')[0]))
    expect([...counts].sort((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, n) => n + 1))
    for (const half of [0, 1]) {
      const own = counts.filter((_, n) => n % 2 === half)
      expect(own).toEqual(own.toSorted((a, b) => a - b))
    }
    expect(await one.replay('Counter/prod/ann')).toEqual({ turns: 200 })
  })

  test('a messenger: a storm of one message under different ids is answered once, in order', async () => {
    const calls: HookCall[] = []
    await using bots = await published({ hooks: countingHooks((call) => calls.push(call)) })
    const loop = new Loopback()
    bots.connect(loop, { bot: 'Counter', alias: 'prod' })
    const storm = Array.from({ length: 11 }, (_, n) =>
      loop.say('hello', { ids: [`event${n}`, 'c1:17'] }),
    )
    expect((await Promise.all(storm)).toSorted()).toEqual([
      'accepted',
      ...Array.from({ length: 10 }, () => 'repeated'),
    ])
    for (let n = 0; n < 20; n++) await loop.say(`m${n}`, { ids: [`m${n}`] })
    expect(await loop.say('late', { ids: ['event3'] })).toBe('repeated')
    await until(() => loop.delivered.length === 21)
    expect(loop.said()).toEqual([
      '1:hello',
      ...Array.from({ length: 20 }, (_, n) => `${n + 2}:m${n}`),
    ])
    expect(calls).toHaveLength(21)
    expect(loop.delivered[0]).toMatchObject({
      channel: 'loop',
      conversation: 'c1',
      from: 'bot',
      turn: expect.any(String),
    })
  })

  test('a delivery that fails is tried again in order; one that never works is told and holds nobody up', async () => {
    const happenings: Happening[] = []
    await using bots = await published({ retry: { deliver: 3, first: 1, longest: 5 } })
    bots.watch((one) => happenings.push(one))
    const loop = new Loopback()
    let left = 2
    loop.before = (message) => {
      if (message.messages[0]?.content === '1:bad') throw new Error('refused')
      if (message.messages[0]?.content === '2:slow' && left-- > 0) throw new Error('busy')
    }
    bots.connect(loop, { bot: 'Counter', alias: 'prod' })
    for (const text of ['bad', 'slow', 'good']) await loop.say(text)
    await until(() => loop.delivered.length === 2)
    expect(loop.said()).toEqual(['2:slow', '3:good'])
    expect(loop.attempts).toEqual([0, 1, 2, 0, 1, 2, 0])
    await until(() => happenings.filter(({ type }) => type === 'delivered').length === 2)
    expect(happenings.filter(({ type }) => type === 'undelivered')).toHaveLength(1)
    expect(happenings.filter(({ type }) => type === 'turn')).toHaveLength(3)
  })

  test('understanding that is away, or never answers, gives an apology and tells operators', async () => {
    const happenings: Happening[] = []
    let mode: 'throws' | 'stalls' = 'throws'
    await using bots = await published({
      understandingTimeout: 50,
      understander: {
        understand: () =>
          mode === 'throws' ? Promise.reject(new Error('no model server')) : new Promise(() => {}),
      },
    })
    bots.watch((one) => happenings.push(one))
    const loop = new Loopback()
    bots.connect(loop, { bot: 'Counter', alias: 'prod' })
    const { phrases } = (await bots.model('Counter', 'prod')).model.locales.en_US ?? {}
    await loop.say('a')
    await until(() => loop.delivered.length === 1)
    mode = 'stalls'
    await loop.say('b')
    await until(() => loop.delivered.length === 2)
    expect(loop.said()).toEqual([phrases?.apology, phrases?.apology])
    const reasons = happenings.flatMap((one) => (one.type === 'degraded' ? [one.reason] : []))
    expect(reasons).toEqual([
      expect.stringContaining('no model server'),
      expect.stringContaining('50 ms'),
    ])
  })

  test('a hook that fails gives API callers a failure, messengers an apology', async () => {
    const failing = {
      run: async () =>
        ({ ok: false, error: { code: 'THROWN', message: 'no stock service' } }) as const,
    }
    await using bots = await published({ hooks: failing })
    const { failure, reply } = await bots.turn({ ...key, text: 'a' })
    expect([failure?.code, reply]).toEqual(['HOOK_FAILED', null])
    const loop = new Loopback()
    bots.connect(loop, { bot: 'Counter', alias: 'prod' })
    await loop.say('a')
    await until(() => loop.delivered.length === 1)
    const { phrases } = (await bots.model('Counter', 'prod')).model.locales.en_US ?? {}
    expect(loop.said()).toEqual([phrases?.apology])
  })

  test('a messenger whose bot is not there answers with an apology, and says why', async () => {
    const errors: unknown[] = []
    await using bots = await open({ onError: (error) => errors.push(error) })
    const loop = new Loopback()
    bots.connect(loop, { bot: 'Nobody', alias: 'prod' })
    await loop.say('a')
    await until(() => loop.delivered.length === 1)
    expect(loop.said()[0]).toContain('Sorry')
    expect(errors).toMatchObject([{ code: 'NOT_FOUND' }])
  })

  test('a person takes over, speaks and hands back; the bot is silent meanwhile', async () => {
    await using bots = await published()
    const loop = new Loopback()
    bots.connect(loop, { bot: 'Counter', alias: 'prod' })
    await loop.say('a')
    await until(() => loop.delivered.length === 1)
    const id = `Counter/prod/${encodeURIComponent('loop/c1')}`
    await expect(bots.say(id, 'Eva', 'hi')).rejects.toMatchObject({ code: 'CONFLICT' })
    await bots.takeOver(id, 'Eva')
    await expect(bots.takeOver(id, 'Tom')).rejects.toMatchObject({ code: 'CONFLICT' })
    await loop.say('is anybody there')
    await until(async () => (await bots.transcript(id)).turns.length === 3)
    await bots.say(id, 'Eva', 'I am')
    await until(() => loop.said().includes('I am'))
    expect(loop.delivered.at(-1)).toMatchObject({ from: 'person', turn: null })
    const page = await bots.conversations({ search: 'LOOP/', channel: 'loop' })
    expect(page.conversations).toMatchObject([
      { id, person: 'Eva', lastText: 'is anybody there', lastReply: 'I am' },
    ])
    await bots.handBack(id)
    await loop.say('b')
    await until(() => loop.said().includes('2:b'))
    expect(loop.said()).toEqual(['1:a', 'I am', '2:b'])
    const { turns } = await bots.replay(id)
    expect(turns).toBe(6)
    await expect(bots.takeOver('Counter/prod/nobody', 'Eva')).rejects.toMatchObject({
      code: 'NOT_FOUND',
    })
    await expect(bots.takeOver('nonsense', 'Eva')).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  test('who watches sees that a user asks for a person, until one comes', async () => {
    await using bots = await published()
    const asked: boolean[] = []
    bots.watch((one) => {
      if (one.type === 'turn') asked.push(one.conversation.asksForPerson)
    })
    for (const text of ['a', 'talk to a person', 'b']) await bots.turn({ ...key, text })
    const of = async () => (await bots.conversations()).conversations[0]
    expect(await of()).toMatchObject({ asksForPerson: true, person: null })
    await bots.takeOver('Counter/prod/ann', 'Eva')
    expect(await of()).toMatchObject({ asksForPerson: false, person: 'Eva' })
    await bots.handBack('Counter/prod/ann')
    expect(await of()).toMatchObject({ asksForPerson: false, person: null })
    expect(asked).toEqual([false, true, true, false, false])
    expect(await bots.replay('Counter/prod/ann')).toEqual({ turns: 5 })
  })

  test('who has taken a conversation over keeps it past the session', async () => {
    let now = Date.UTC(2026, 0, 1)
    await using bots = await published({ now: () => now })
    await bots.turn({ ...key, text: 'a' })
    await bots.takeOver('Counter/prod/ann', 'Eva')
    now += 400_000
    const { reply, session } = await bots.turn({ ...key, text: 'b' })
    expect([reply?.said ?? null, session.person, session.attributes]).toEqual([null, 'Eva', {}])
    // Its caller is told nothing but answers.
    await expect(bots.say('Counter/prod/ann', 'Eva', 'hi')).rejects.toMatchObject({
      code: 'BAD_INPUT',
    })
    expect(await bots.replay('Counter/prod/ann')).toEqual({ turns: 3 })
  })

  test('conversations come in pages, the latest first, and are searched', async () => {
    let now = 1_000
    await using bots = await published({ now: () => now++ })
    for (let n = 0; n < 7; n++) await bots.turn({ ...key, user: `user${n}`, text: `50% of_${n}` })
    const seen: string[] = []
    let after: string | null = null
    do {
      const page: Awaited<ReturnType<BotService['conversations']>> = await bots.conversations({
        limit: 3,
        ...(after === null ? {} : { after }),
      })
      seen.push(...page.conversations.map(({ user }) => user))
      after = page.next
    } while (after !== null)
    expect(seen).toEqual(['user6', 'user5', 'user4', 'user3', 'user2', 'user1', 'user0'])
    const found = await bots.conversations({ search: '0% OF_3' })
    expect(found.conversations.map(({ user }) => user)).toEqual(['user3'])
    await expect(bots.conversations({ after: 'x' })).rejects.toMatchObject({ code: 'BAD_INPUT' })
  })

  test('memory outlives the session and a forgotten value is gone', async () => {
    let remember: Record<string, string | null> = { name: 'Ann', pet: 'cat' }
    const known: unknown[] = []
    const hooks = {
      run: async ({ memory }: HookCall) => {
        known.push(memory)
        return {
          ok: true,
          answer: { remember, action: { type: 'Close', state: 'Fulfilled', said: null } },
        } as const
      },
    }
    await using bots = await published({ hooks })
    await bots.turn({ ...key, text: 'a' })
    await bots.deleteSession(key)
    remember = { pet: null }
    await bots.turn({ ...key, text: 'b' })
    await bots.deleteSession(key)
    await bots.turn({ ...key, text: 'c' })
    expect(known).toEqual([{}, { name: 'Ann', pet: 'cat' }, { name: 'Ann' }])
  })

  test('what happens in other processes is seen by who watches', async () => {
    const place = await places.fresh()
    await using one = await published({ journal: place.source() })
    await using two = await open({ journal: place.source() })
    const seen: Happening[] = []
    const end = one.watch((happening) => seen.push(happening))
    await two.turn({ ...key, text: 'far' })
    await until(() => seen.length > 0)
    expect(seen).toMatchObject([{ type: 'turn', conversation: { user: 'ann', lastText: 'far' } }])
    end()
  })

  test('a turn that began before the conversation’s first one was kept plays again after it', async () => {
    const place = await places.fresh()
    await using bots = await published({ journal: place.source() })
    const go = Promise.withResolvers<void>()
    const asked: string[] = []
    await using other = await open({
      journal: place.source(),
      understander: {
        understand: async (request) => {
          asked.push(request.text)
          if (asked.length === 1) await go.promise
          if (request.text !== 'count')
            return { intents: [], entities: [], source: 'given', degraded: null }
          return anythingCounts.understand(request)
        },
      },
    })
    // So that it is known to be there, and hooks run under claims.
    await bots.turn({ ...key, user: 'bob', text: 'a' })
    const late = other.turn({ ...key, text: 'count' })
    await until(() => asked.length === 1)
    // Without a hook, so without a claim.
    await bots.putSession(key, { attributes: { n: '7' }, requestAttributes: {} })
    go.resolve()
    expect((await late).session.attributes).toEqual({ n: '8' })
    expect(await bots.replay('Counter/prod/ann')).toEqual({ turns: 2 })
  })

  test('one turn that loses its conversation does not fail those of its group', async () => {
    await using bots = await published({ journal: (await places.fresh()).source() })
    const results = await Promise.all(
      Array.from({ length: 300 }, (_, n) =>
        bots.turn({ ...key, user: `u${n % 60}`, text: `${n}` }),
      ),
    )
    expect(results.filter(({ session }) => session.attributes.n === '5')).toHaveLength(60)
  })

  test('work given to inTransaction is kept with the turn, or fails with it', async () => {
    const place = await places.fresh()
    await using journal = await openJournal(place.source())
    await journal.transaction((tx) =>
      tx.run({ text: 'create table bot_test_orders (title text unique)', values: [] }),
    )
    await using bots = await published({
      journal,
      hooks: {
        run: async (call, _signal, during) => {
          during?.inTransaction?.({
            db: journal,
            run: async (tx) => {
              const runner = tx as Parameters<Parameters<typeof journal.transaction>[0]>[0]
              await runner.run({
                text: 'insert into bot_test_orders (title) values ($1)',
                values: [call.text],
              })
              if (call.text === 'bad') throw new Error('sold out')
            },
          })
          return countingHooks().run(call, new AbortController().signal)
        },
      },
    })
    expect(await words(bots, 'twilight')).toBe('1:twilight')
    const bad = await bots.turn({ ...key, text: 'bad' })
    expect(bad.failure?.code).toBe('HOOK_FAILED')
    expect(bad.session.attributes.n).toBe('1')
    const rows = await journal.database.read({
      text: 'select title from bot_test_orders',
      values: [],
    })
    expect(rows).toEqual([['twilight']])
    expect(await bots.replay('Counter/prod/ann')).toEqual({ turns: 2 })
    await journal.transaction((tx) => tx.run({ text: 'drop table bot_test_orders', values: [] }))
  })

  test('what is past its time is removed: ids, turns, conversations, models; the rest stays', async () => {
    const place = await places.fresh()
    await using journal = await openJournal(place.source())
    let now = Date.now() - 10 * 86_400_000
    await using bots = await published({ journal, now: () => now })
    const loop = new Loopback()
    bots.connect(loop, { bot: 'Counter', alias: 'prod' })
    await loop.say('old', { ids: ['1'] })
    await until(() => loop.delivered.length === 1)
    await bots.turn({ ...key, text: 'old too' })
    // An old draft that nothing names any more.
    await bots.build({ ...counting, description: 'of no version' })
    await bots.build(counting)
    now = Date.now()
    await bots.turn({ ...key, text: 'new' })
    const sweep = new RetentionSweep(journal, { turns: 2 * 86_400_000, seenIds: -60_000 }, () => {})
    await sweep.sweep()
    await sweep.close()
    const count = async (name: string) => {
      const text = `select count(*) from ${journal.database.dialect.table(`bot_${name}`)}`
      return Number((await journal.database.read({ text, values: [] }))[0]?.[0])
    }
    expect(await Promise.all(['seen', 'turn', 'conversation', 'model'].map(count))).toEqual([
      0, 1, 1, 1,
    ])
    expect((await bots.session(key))?.attributes).toEqual({ n: '1' })
    expect(await loop.say('old', { ids: ['1'] })).toBe('accepted')
  })

  test('tables of a newer format are refused', async () => {
    const place = await places.fresh()
    await (await open({ journal: place.source() })).close()
    const journal = await openJournal(place.source())
    await journal.transaction((tx) =>
      tx.run({
        text: `update ${journal.database.dialect.table('meta')} set value = '99' where name = 'bot format'`,
        values: [],
      }),
    )
    await journal.close()
    await expect(open({ journal: place.source() })).rejects.toMatchObject({ code: 'FORMAT' })
  })
})
