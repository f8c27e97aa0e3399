import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Lease, Leases } from '../src/lease.ts'
import { IdempotencyKeys } from '../src/once.ts'
import { ProcessPresence } from '../src/presence.ts'
import { prepareTables } from '../src/schema.ts'
import type { Storage } from '../src/storage.ts'
import { freeClaims } from '../src/sweep.ts'
import type { ClaimedTask, NewTask } from '../src/tasks/task.ts'
import { TaskStore } from '../src/tasks/task-store.ts'
import { uuid7 } from '../src/uuid.ts'
import { ManualClock, type World } from './manual-clock.ts'
import { type Places, stores } from './stores.ts'

const ttl = 1_000
const who = fc.integer({ min: 0, max: 1 })
const which = fc.nat(20)
const command = fc.oneof(
  fc.record({
    do: fc.constantFrom('put' as const, 'put as own' as const),
    who,
    key: fc.option(fc.constantFrom('a', 'b')),
  }),
  fc.record({ do: fc.constant('claim' as const), who, limit: fc.integer({ min: 1, max: 4 }) }),
  fc.record({
    do: fc.constantFrom(
      'finish' as const,
      'finish for the next' as const,
      'fail' as const,
      'bury' as const,
    ),
    who,
    which,
  }),
  fc.record({ do: fc.constantFrom('crash' as const, 'sweep' as const), who }),
  fc.record({ do: fc.constant('pass' as const), who: fc.option(who), ms: fc.nat(1_500) }),
  fc.record({ do: fc.constant('jump' as const), ms: fc.integer({ min: -5_000, max: 5_000 }) }),
  fc.record({ do: fc.constantFrom('lease' as const, 'release' as const), who }),
  fc.record({ do: fc.constant('once' as const), who, which: fc.nat(2), dies: fc.boolean() }),
)
type Command = typeof command extends fc.Arbitrary<infer C> ? C : never

/** One process: its own connections and clock, and what it believes to have. */
class Process {
  readonly clock: ManualClock
  readonly storage: Storage
  readonly tasks: TaskStore
  presence: ProcessPresence
  leases: Leases
  keys: IdempotencyKeys
  claimed: { task: ClaimedTask; owner: string }[] = []
  lease: Lease | undefined

  constructor(world: World, open: (clock: ManualClock) => Storage) {
    this.clock = new ManualClock(world)
    this.storage = open(this.clock)
    this.tasks = new TaskStore(this.storage)
    ;({ presence: this.presence, leases: this.leases, keys: this.keys } = this.#fresh())
  }

  /** Dies without a word and is there again, remembering nothing. */
  crash(): void {
    this.clock.stop()
    this.claimed = []
    this.lease = undefined
    ;({ presence: this.presence, leases: this.leases, keys: this.keys } = this.#fresh())
  }

  #fresh() {
    const newId = () => uuid7(Date.now())
    const presence = new ProcessPresence(this.storage, this.clock, ttl, newId, async () => {})
    const leases = new Leases(this.storage, this.clock, newId)
    return { presence, leases, keys: new IdempotencyKeys(this.storage, presence, this.clock) }
  }
}

/** What must be so: where each task is, who has it, and the largest token. */
class Model {
  readonly tasks = new Map<
    string,
    { n: number; key: string | null; owner: string | undefined; end?: 'finished' | 'dead' }
  >()
  readonly freed = new Set<string>()
  token = 0
  readonly once = new Map<string, number>()

  open() {
    return [...this.tasks].filter(([, task]) => task.end === undefined)
  }
}

describe.each(stores)('random interleavings over $name', ({ name, places: start }) => {
  let places: Places
  beforeAll(async () => {
    places = await start()
  })
  afterAll(() => places[Symbol.asyncDispose]())
  const runs = name === 'SQLite' ? 60 : 8

  test('of two processes, crashes, clock jumps and lost leases do as the model', {
    timeout: 300_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(command, { maxLength: 60, size: 'max' }), async (commands) => {
        const place = await places.fresh()
        const world: World = { now: 1_700_000_000_000 }
        const open = (clock: ManualClock) => place.source().open(clock)
        const processes = [new Process(world, open), new Process(world, open)] as const
        const [first] = processes
        await prepareTables(first.storage)
        const settle = async () => {
          for (let i = 0; i < 6; i++) {
            await first.storage.read({ text: 'select 1', values: [] })
            await new Promise((resolve) =>
              place.kind === 'sqlite' ? setImmediate(resolve) : setTimeout(resolve, 2),
            )
          }
        }
        const model = new Model()
        try {
          for (const one of commands) await perform(one, model, processes, world, settle)
          await drain(model, first, world)
          expect(model.open()).toEqual([])
        } finally {
          for (const { clock, storage } of processes) {
            clock.stop()
            await storage[Symbol.asyncDispose]()
          }
        }
      }),
      { numRuns: runs },
    )
  })
})

async function perform(
  one: Command,
  model: Model,
  processes: readonly [Process, Process],
  world: World,
  settle: () => Promise<void>,
): Promise<void> {
  const process = processes['who' in one && one.who === 1 ? 1 : 0]
  switch (one.do) {
    case 'put':
    case 'put as own':
      return put(model, process, one.key, one.do === 'put as own')
    case 'claim':
      return claim(model, process, one.limit)
    case 'finish':
    case 'finish for the next':
    case 'fail':
    case 'bury':
      return end(one.do, model, process, one.which)
    case 'crash':
      return process.crash()
    case 'sweep':
      await freeClaims(process.storage)
      return free(model, process)
    case 'pass':
      world.now += one.ms
      for (const [at, passing] of processes.entries()) {
        if (one.who === null || one.who === at) await passing.clock.pass(one.ms, settle)
      }
      return
    case 'jump':
      world.now += one.ms
      return
    case 'lease': {
      if (process.lease && !process.lease.signal.aborted) return
      const lease = await process.leases.attempt('l', { ttl })
      if (lease === undefined) return
      expect(lease.token).toBeGreaterThan(model.token)
      model.token = lease.token
      process.lease = lease
      return
    }
    case 'release': {
      const { lease } = process
      process.lease = undefined
      await lease?.[Symbol.asyncDispose]()
      return
    }
    case 'once':
      return once(model, process, `k${one.which}`, one.dies, settle)
  }
}

async function put(model: Model, process: Process, key: string | null, isOwn: boolean) {
  const n = model.tasks.size
  const id = `t${n}`
  const task: NewTask = {
    id,
    named: n % 2 === 0,
    kind: 'message',
    queue: 'q',
    key,
    payload: null,
    version: 0,
    delay: 0,
  }
  const { owner } = await process.presence.current()
  const added = await process.tasks.put(
    [task],
    undefined,
    isOwn ? { owner, isOwn: () => true } : undefined,
  )
  expect([...added.keys()]).toEqual([id])
  const row = added.get(id)
  const isBehind = key !== null && model.open().some(([, other]) => other.key === key)
  // A name that looks dead to the database claims nothing.
  if (row?.owner !== null)
    expect({ isOwn, isBehind, owner: row?.owner }).toEqual({ isOwn: true, isBehind: false, owner })
  model.tasks.set(id, { n, key, owner: row?.owner ?? undefined })
  if (row?.owner === owner) {
    const { delay: _, named: __, ...rest } = task
    const claimed = {
      ...rest,
      seq: row.seq,
      attempts: 0,
      lost: 0,
      created: 0,
      began: 0,
      claimed: 0,
    }
    process.claimed.push({ task: claimed, owner })
  }
}

async function claim(model: Model, process: Process, limit: number): Promise<void> {
  const { owner } = await process.presence.current()
  const claimed = await process.tasks.claim({
    owner,
    queue: 'q',
    kind: 'message',
    versions: [0],
    limit,
  })
  for (const task of claimed) {
    const known = model.tasks.get(task.id)
    expect(known).toMatchObject({ owner: undefined })
    expect(known?.end).toBeUndefined()
    if (task.key !== null) {
      // First of its key, and none of it under way.
      const line = model.open().filter(([, other]) => other.key === task.key)
      expect(
        line.every(([, other]) => other.n >= (known?.n ?? 0) && other.owner === undefined),
      ).toBe(true)
    }
  }
  for (const task of claimed) {
    const known = model.tasks.get(task.id)
    if (known) known.owner = owner
    process.claimed.push({ task, owner })
  }
}

async function end(
  how: 'finish' | 'finish for the next' | 'fail' | 'bury',
  model: Model,
  process: Process,
  which: number,
): Promise<void> {
  if (process.claimed.length === 0) return
  const [held] = process.claimed.splice(which % process.claimed.length, 1)
  if (held === undefined) return
  const { task, owner } = held
  const { seq, queue, key } = task
  const known = model.tasks.get(task.id)
  const isOwner = known?.owner === owner && known.end === undefined
  if (how === 'finish for the next') {
    const next = { versions: [0], claims: true }
    const { ended, claimed } = await process.tasks.finish(owner, [{ seq, queue, key }], next)
    expect(ended.has(seq)).toBe(isOwner)
    if (isOwner && known) known.end = 'finished'
    const line = model.open().filter(([, other]) => other.key === key)
    if (!isOwner || key === null) expect(claimed).toEqual([])
    for (const one of claimed) {
      expect(one.id).toBe(line.toSorted(([, a], [, b]) => a.n - b.n)[0]?.[0])
      const taken = model.tasks.get(one.id)
      expect(taken?.owner).toBeUndefined()
      if (taken) taken.owner = owner
      process.claimed.push({ task: one, owner })
    }
    return
  }
  const accepted =
    how === 'finish'
      ? (await process.tasks.finish(owner, [{ seq, queue, key }])).ended.has(seq)
      : how === 'fail'
        ? (
            await process.tasks.putBack(owner, [
              { seq, queue, key, due: { after: 50 }, error: 'no' },
            ])
          ).has(seq)
        : await process.tasks.bury(owner, { seq, queue, key }, 'no')
  expect(accepted).toBe(isOwner)
  if (!accepted || known === undefined) return
  known.owner = undefined
  if (how === 'finish') known.end = 'finished'
  if (how === 'bury') known.end = 'dead'
}

/** Who is dead is the database's to say; from then on the name must stay dead, and what it had is free. */
async function free(model: Model, process: Process): Promise<void> {
  const rows = await process.storage.read({
    text: `select id from ${process.storage.dialect.table('process')} where expires = 0`,
    values: [],
  })
  for (const [id] of rows) model.freed.add(String(id))
  expect(rows.length).toBe(model.freed.size)
  for (const [, task] of model.open()) {
    if (task.owner !== undefined && model.freed.has(task.owner)) task.owner = undefined
  }
}

/** A run that dies leaves the key to whoever comes once its process is dead; a run that ended is never repeated. */
async function once(
  model: Model,
  process: Process,
  key: string,
  dies: boolean,
  settle: () => Promise<void>,
): Promise<void> {
  const stop = new AbortController()
  let ran = false
  const work = () => {
    ran = true
    return dies ? new Promise<never>(() => {}) : (model.once.get(key) ?? 0) + 1
  }
  const result = process.keys
    .once<number>(key, work, { signal: stop.signal })
    .catch(() => undefined)
  let ended = false
  result.finally(() => {
    ended = true
  })
  for (let i = 0; i < 10 && !ended && !(dies && ran); i++) await settle()
  if (dies && ran) return process.crash()
  stop.abort()
  // Someone else is at it: the wait ends with the signal, at the next look.
  if (!ended) return
  const value = await result
  if (!ran) {
    expect(value).toBe(model.once.get(key))
    return
  }
  expect(model.once.has(key)).toBe(false)
  if (value !== undefined) model.once.set(key, value)
}

/** Whatever happened: once the dead are known to be, all that was put can be done. */
async function drain(model: Model, process: Process, world: World): Promise<void> {
  process.crash()
  for (let i = 0; i < 100 && model.open().length > 0; i++) {
    world.now += 100_000
    process.crash()
    await freeClaims(process.storage)
    await free(model, process)
    await claim(model, process, 100)
    while (process.claimed.length > 0) await end('finish', model, process, 0)
  }
}
