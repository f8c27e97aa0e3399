import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  defineJob,
  defineQueue,
  type Journal,
  type JournalOptions,
  openJournal,
  PermanentError,
} from '../src/index.ts'
import { gate, type Place, type Places, stores, until } from './stores.ts'

const quick = { retry: { first: 5, longest: 20 } }
const errors: unknown[] = []
const options: JournalOptions = {
  poll: 100,
  processTtl: 1_500,
  onError: (error) => errors.push(error),
}

describe.each(stores)('a journal in $name', ({ places: start }) => {
  let places: Places
  beforeAll(async () => {
    places = await start()
  })
  afterAll(() => places[Symbol.asyncDispose]())

  async function journals(
    count: number,
    more: JournalOptions = {},
  ): Promise<[Journal, ...Journal[]] & AsyncDisposable & { place: Place }> {
    const place = await places.fresh()
    const first = await openJournal(place.source(), { ...options, ...more })
    const all: [Journal, ...Journal[]] = [first]
    while (all.length < count) all.push(await openJournal(place.source(), { ...options, ...more }))
    return Object.assign(all, {
      place,
      async [Symbol.asyncDispose]() {
        for (const journal of all) await journal.close(0)
      },
    })
  }

  describe('for packages that keep tables beside it', () => {
    test('statements are read by the dialect, and see what a transaction has kept', async () => {
      await using js = await journals(2)
      const { database } = js[0]
      const table = database.dialect.table('own')
      await js[0].transaction(async (tx) => {
        await tx.run({ text: `create table ${table} (id text primary key, at bigint)`, values: [] })
        await tx.run({
          text: `insert into ${table} select r.id, ${database.dialect.now} from ${database.dialect.rows('$2', { id: 'text' })}`,
          values: [database.time(), JSON.stringify([{ id: 'a' }, { id: 'b' }])],
        })
      })
      const other = (js[1] as Journal).database
      const rows = await other.read({ text: `select id from ${table} order by id`, values: [] })
      expect(rows).toEqual([['a'], ['b']])
      const { owner } = await database.presence()
      const alive = await other.read({
        text: `select id from ${other.dialect.table('process')} where id = $2 and expires > ${other.dialect.now}`,
        values: [other.time(), owner],
      })
      expect(alive).toEqual([[owner]])
    })

    test('messages of several queues are put in one statement, each with its own id and key', async () => {
      await using js = await journals(1)
      const message = (queue: string, id: string) => ({ queue, id, key: 'k', payload: id })
      const put = await js[0].sendAll([message('q1', 'a'), message('q2', 'b'), message('q1', 'c')])
      expect([...put].sort()).toEqual(['a', 'b', 'c'])
      expect([...(await js[0].sendAll([message('q1', 'a')]))]).toEqual([])
      await expect(
        js[0].transaction(async (tx) => {
          await js[0].sendAll([message('q1', 'd')], { in: tx })
          throw new Error('no')
        }),
      ).rejects.toThrow('no')
      const got: string[] = []
      js[0].deliver('q1', ({ id, again }) => got.push(`${id} ${again}`))
      await until(() => got.length === 2)
      expect(got).toEqual(['a false', 'c false'])
    })
  })

  describe('once', () => {
    test('runs the work one time and answers repeats from memory', async () => {
      await using js = await journals(2)
      let runs = 0
      const work = () => ({ run: ++runs })
      expect(await js[0].once('a', work)).toEqual({ run: 1 })
      expect(await js[0].once('a', work)).toEqual({ run: 1 })
      expect(await (js[1] as Journal).once('a', work)).toEqual({ run: 1 })
      expect(await js[0].once('b', work)).toEqual({ run: 2 })
    })

    test('lets callers at the same time wait for the first, in all processes', async () => {
      await using js = await journals(2)
      const begun = gate()
      const go = gate()
      let runs = 0
      const work = async () => {
        runs++
        begun.open()
        await go.promise
        return 'done'
      }
      const first = js[0].once('k', work)
      await begun.promise
      const others = js.flatMap((journal) => [journal.once('k', work), journal.once('k', work)])
      go.open()
      expect(await Promise.all([first, ...others])).toEqual(Array(5).fill('done'))
      expect(runs).toBe(1)
    })

    test('forgets a run that failed, and a result whose time is over', async () => {
      await using js = await journals(1)
      const [journal] = js
      await expect(journal.once('k', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
      expect(await journal.once('k', () => 1, { keep: 0 })).toBe(1)
      expect(await journal.once('k', () => 2)).toBe(2)
      expect(await journal.once('k', () => 3)).toBe(2)
      await journal.forget('k')
      expect(await journal.once('k', () => 4)).toBe(4)
    })

    test('is kept with the effects of a transaction, or not at all', async () => {
      await using js = await journals(1)
      const [journal] = js
      const pay = (fail: boolean) =>
        journal.transaction(async (tx) => {
          const result = await journal.once('pay', () => 'paid', { in: tx })
          await journal.send('mail', result, { in: tx })
          if (fail) throw new Error('rolled back')
          return result
        })
      await expect(pay(true)).rejects.toThrow('rolled back')
      expect(await journal.inspect.outbox()).toEqual([])
      expect(await pay(false)).toBe('paid')
      expect(await journal.once('pay', () => 'again')).toBe('paid')
      expect(await journal.inspect.outbox()).toMatchObject([{ queue: 'mail', payload: 'paid' }])
    })
  })

  describe('outbox', () => {
    const numbers = defineQueue<number>('numbers')

    test('delivers each message with its id, those of a key in order', async () => {
      await using js = await journals(2)
      const sent: string[] = []
      for (let n = 0; n < 40; n++) sent.push(await js[0].send(numbers, n, { key: `k${n % 4}` }))
      const got: { id: string; payload: number; key: string | undefined }[] = []
      let active = 0
      const handler = async (message: { id: string; payload: number; key: string | undefined }) => {
        active++
        await new Promise(setImmediate)
        got.push({ id: message.id, payload: message.payload, key: message.key })
        active--
      }
      for (const journal of js) journal.deliver(numbers, handler)
      await until(() => got.length === 40)
      expect(new Set(got.map(({ id }) => id))).toEqual(new Set(sent))
      for (let k = 0; k < 4; k++) {
        const own = got.filter(({ key }) => key === `k${k}`).map(({ payload }) => payload)
        expect(own).toEqual(Array.from({ length: 10 }, (_, i) => i * 4 + k))
      }
      expect(active).toBe(0)
    })

    test('puts an id in once', async () => {
      await using js = await journals(1)
      const [journal] = js
      await Promise.all([1, 2, 3].map((n) => journal.send(numbers, n, { id: 'one' })))
      expect(await journal.inspect.outbox()).toMatchObject([{ id: 'one', payload: 1 }])
    })

    test('tries again, keeps what a poison message says, and lets other keys pass', async () => {
      await using js = await journals(1)
      const [journal] = js
      const got: number[] = []
      await journal.send(numbers, 0, { key: 'poison', id: 'p' })
      await journal.send(numbers, 1, { key: 'poison' })
      for (let n = 2; n < 6; n++) await journal.send(numbers, n, { key: `k${n}` })
      let attempts = 0
      const released = gate()
      journal.deliver(
        numbers,
        async ({ payload }) => {
          if (payload === 0) {
            attempts++
            if (attempts === 3) await released.promise
            throw new Error(`poison ${attempts}`)
          }
          got.push(payload)
        },
        { retry: { ...quick.retry, attempts: 3 } },
      )
      await until(() => got.length === 4)
      expect(got.toSorted()).toEqual([2, 3, 4, 5])
      released.open()
      await until(() => got.includes(1))
      const [letter] = await journal.inspect.deadLetters()
      expect(letter).toMatchObject({ id: 'p', attempts: 3, payload: 0, reason: 'Error: poison 3' })
    })

    test('gives up at once what says that it is permanent, and replays it', async () => {
      await using js = await journals(1)
      const [journal] = js
      let broken = true
      const got: string[] = []
      journal.deliver(numbers, ({ id }) => {
        if (broken) throw new PermanentError('no such number')
        got.push(id)
      })
      const id = await journal.send(numbers, 7)
      await until(async () => (await journal.inspect.deadLetters()).length === 1)
      broken = false
      await journal.inspect.replay(id)
      await until(() => got.length === 1)
      expect(got).toEqual([id])
      expect(await journal.inspect.deadLetters()).toEqual([])
      await expect(journal.inspect.replay(id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
      await expect(journal.inspect.discard(id)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    })

    test('sends with the transaction: not before, and not when it is rolled back', async () => {
      await using js = await journals(1)
      const [journal] = js
      const got: number[] = []
      journal.deliver(numbers, ({ payload }) => got.push(payload))
      await journal.transaction(async (tx) => {
        await journal.send(numbers, 1, { in: tx })
        expect(got).toEqual([])
      })
      const failed = journal.transaction(async (tx) => {
        await journal.send(numbers, 2, { in: tx })
        throw new Error('no')
      })
      await expect(failed).rejects.toThrow('no')
      await journal.send(numbers, 3)
      await until(() => got.length === 2)
      expect(got.toSorted()).toEqual([1, 3])
    })

    test('ends an attempt that takes too long', async () => {
      await using js = await journals(1)
      const [journal] = js
      const reasons: unknown[] = []
      const got: number[] = []
      journal.deliver(
        numbers,
        ({ attempt, signal, payload }) => {
          if (attempt > 0) return got.push(payload)
          signal.addEventListener('abort', () => reasons.push(signal.reason))
          return new Promise<never>(() => {})
        },
        { ...quick, timeout: 50 },
      )
      await journal.send(numbers, 1)
      await until(() => got.length === 1)
      expect(reasons).toMatchObject([{ code: 'LOST' }])
    })

    test('waits the delay', async () => {
      await using js = await journals(1)
      const [journal] = js
      await journal.send(numbers, 1, { delay: 3_600_000 })
      await journal.send(numbers, 2, { delay: 30 })
      const got: number[] = []
      journal.deliver(numbers, ({ payload }) => got.push(payload))
      await until(() => got.length === 1)
      expect(got).toEqual([2])
      await until(async () => (await journal.inspect.outbox()).length === 1)
      expect(await journal.inspect.outbox()).toMatchObject([{ payload: 1, state: 'later' }])
    })

    test('gives back what it has not begun when it closes', async () => {
      await using js = await journals(2)
      const stuck = gate()
      let begun = 0
      js[0].deliver(
        numbers,
        async () => {
          begun++
          await stuck.promise
        },
        { concurrency: 2 },
      )
      for (let n = 0; n < 10; n++) await js[0].send(numbers, n)
      await until(() => begun === 2)
      await js[0].close(0)
      const got: number[] = []
      js[1]?.deliver(numbers, ({ payload }) => got.push(payload))
      await until(() => got.length === 10)
      stuck.open()
      expect(got.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    })
  })

  describe('leases', () => {
    test('have one owner, whose successor has a greater token', async () => {
      await using js = await journals(2)
      const other = js[1] as Journal
      const first = await js[0].lease('l')
      expect(await other.tryLease('l')).toBeUndefined()
      expect(await js[0].inspect.leases()).toMatchObject([{ key: 'l', token: first.token }])
      const waiting = other.lease('l')
      await first[Symbol.asyncDispose]()
      const second = await waiting
      expect(second.token).toBeGreaterThan(first.token)
      expect(await js[0].tryLease('l')).toBeUndefined()
      await second[Symbol.asyncDispose]()
    })

    test('end with the work, also when it throws', async () => {
      await using js = await journals(1)
      const [journal] = js
      await expect(journal.withLease('l', () => Promise.reject(new Error('no')))).rejects.toThrow(
        'no',
      )
      expect(await journal.withLease('l', ({ token }) => token)).toBe(2)
    })

    test('can be waited for until a signal', async () => {
      await using js = await journals(1)
      const [journal] = js
      await using _lease = await journal.lease('l')
      const given = new AbortController()
      const waiting = journal.lease('l', { signal: given.signal })
      given.abort(new Error('enough'))
      await expect(waiting).rejects.toThrow('enough')
    })
  })

  describe('jobs', () => {
    test('do each step once, through failures', async () => {
      await using js = await journals(1)
      const [journal] = js
      const done: string[] = []
      const job = defineJob({
        name: 'two steps',
        ...quick,
        async run(run, input: { n: number }) {
          const a = await run.step('a', () => {
            done.push('a')
            return input.n + 1
          })
          if (run.attempt < 2) throw new Error('later')
          const [b, c] = await Promise.all([
            run.step('b', () => done.push('b') && a * 2),
            run.step('c', () => done.push('c') && a * 3),
          ])
          return b + c
        },
      })
      journal.work(job)
      const handle = await journal.start(job, { n: 1 }, { id: 'job-1' })
      expect(await handle.result()).toBe(10)
      expect(done).toEqual(['a', 'b', 'c'])
      await journal.start(job, { n: 5 }, { id: 'job-1' })
      expect(await journal.job(job, 'job-1').result()).toBe(10)
    })

    test('sleep and wait for signals without a run in memory', async () => {
      await using js = await journals(2)
      const runs: number[] = []
      const job = defineJob({
        name: 'approval',
        async run(run, n: number) {
          runs.push(n)
          await run.sleep(150)
          const answer = await run.receive<string>('answer')
          const none = await run.receive('never', { timeout: 120 })
          return { answer, none: none ?? null }
        },
      })
      for (const journal of js) journal.work(job)
      const handle = await js[0].start(job, 1)
      await until(
        async () => (await js[0].inspect.jobs())[0]?.waitsFor?.startsWith('signal') ?? false,
      )
      expect(await js[0].inspect.jobs()).toMatchObject([
        { state: 'waiting', waitsFor: 'signal answer' },
      ])
      await js[1]?.signal(handle.id, 'answer', 'yes')
      expect(await handle.result()).toEqual({ answer: 'yes', none: null })
      expect(runs.length).toBeGreaterThanOrEqual(3)
      await expect(js[0].signal(handle.id, 'answer')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    })

    test('get signals that came before they waited, in order', async () => {
      await using js = await journals(1)
      const [journal] = js
      const job = defineJob({
        name: 'early',
        run: async (run) => [await run.receive('s'), await run.receive('s')],
      })
      const handle = await journal.start(job, null)
      await journal.signal(handle.id, 's', 1)
      await journal.signal(handle.id, 's', 2)
      journal.work(job)
      expect(await handle.result()).toEqual([1, 2])
    })

    test('keep a step with its effects in one transaction', async () => {
      await using js = await journals(1)
      const [journal] = js
      let attempts = 0
      const job = defineJob({
        name: 'transactional',
        ...quick,
        run: (run) =>
          journal.transaction(async (tx) => {
            const id = await run.step('send', () => journal.send('mail', 'hello', { in: tx }), {
              in: tx,
            })
            if (++attempts < 3) throw new Error('rolled back')
            return id
          }),
      })
      journal.work(job)
      const id = await (await journal.start(job, null)).result()
      expect(await journal.inspect.outbox()).toMatchObject([{ id, queue: 'mail' }])
    })

    test('of versions that the code does not accept wait, and say what to do', async () => {
      await using js = await journals(1)
      const [journal] = js
      const seen: number[] = []
      const run = async (job: { version: number }) => {
        seen.push(job.version)
        return job.version
      }
      const versions = [1, 2, 3].map((version) => defineJob({ name: 'versioned', version, run }))
      const handles = []
      for (const version of versions) handles.push(await journal.start(version, null))
      const worker = journal.work(defineJob({ name: 'versioned', version: 3, accepts: [2], run }))
      expect(await handles[2]?.result()).toBe(3)
      expect(await handles[1]?.result()).toBe(2)
      const [waiting] = await worker.incompatible()
      expect(waiting).toMatchObject({ version: 1, jobs: 1 })
      expect(waiting?.advice).toContain('keep a process with that code')
      expect(await handles[0]?.state()).toEqual({ type: 'open' })
      await journal.setJobVersion(handles[0]?.id ?? '', 3)
      expect(await handles[0]?.result()).toBe(3)
      expect(seen.toSorted()).toEqual([2, 3, 3])
    })

    test('whose steps changed without a new version are refused, and go on after a replay', async () => {
      await using js = await journals(1)
      const [journal] = js
      let name = 'old'
      let failed = false
      const job = defineJob({
        name: 'changed',
        ...quick,
        async run(run) {
          await run.step('first', () => 1)
          await run.step(name, () => 2)
          if (!failed) {
            failed = true
            name = 'new'
            throw new Error('again')
          }
          return 'ok'
        },
      })
      journal.work(job)
      const handle = await journal.start(job, null)
      await expect(handle.result()).rejects.toMatchObject({ code: 'DEAD' })
      const [letter] = await journal.inspect.deadLetters()
      expect(letter?.reason).toContain('was "old" when it ran, and is "new" in this code')
      name = 'old'
      await journal.inspect.replay(handle.id)
      expect(await handle.result()).toBe('ok')
    })

    test('can be cancelled, waiting or running', async () => {
      await using js = await journals(2)
      const begun = gate()
      const reasons: unknown[] = []
      const job = defineJob({
        name: 'cancelled',
        async run(run, waits: boolean) {
          if (waits) await run.receive('never')
          begun.open()
          run.signal.addEventListener('abort', () => reasons.push(run.signal.reason))
          return new Promise<never>(() => {})
        },
      })
      js[0].work(job)
      const waiting = await js[0].start(job, true)
      const running = await js[0].start(job, false)
      await begun.promise
      await until(async () => (await js[0].inspect.jobs()).some(({ state }) => state === 'waiting'))
      for (const { id } of [waiting, running]) await js[1]?.cancel(id)
      await expect(waiting.result()).rejects.toMatchObject({ code: 'CANCELLED' })
      await expect(running.result()).rejects.toMatchObject({ code: 'CANCELLED' })
      await until(() => reasons.length === 1)
      expect(reasons).toMatchObject([{ code: 'CANCELLED' }])
    })

    test('show their steps while they are under way', async () => {
      await using js = await journals(1)
      const [journal] = js
      const job = defineJob({
        name: 'shown',
        async run(run) {
          await run.step('one', () => ({ n: 1 }))
          return run.receive('go')
        },
      })
      journal.work(job)
      const { id } = await journal.start(job, null)
      await until(async () => (await journal.inspect.jobs())[0]?.state === 'waiting')
      expect(await journal.inspect.steps(id)).toMatchObject([
        { place: 0, name: 'one', result: { n: 1 } },
      ])
      expect(await journal.inspect.processes()).toMatchObject([{ pid: process.pid }])
      expect(await journal.inspect.queues()).toEqual([
        { queue: 'job/shown', waiting: 1, running: 0, dead: 0 },
      ])
    })
  })
})
