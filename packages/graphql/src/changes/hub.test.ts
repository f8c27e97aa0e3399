import { type ChangeEvent, type Cursor, type Database, StoreError } from '@typestead/store'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ChangeHub } from './hub.ts'

/**
 * A feed whose every answer takes a few turns of the event loop, so that calls interleave in many ways; some places have no
 * event (of an entity that is gone), and a call fails now and then.
 */
class SlowFeed {
  readonly #random: () => number
  readonly #wakes = new Set<() => void>()
  readonly #failures: number
  /** Whether there is an event at a place; places are numbers from 1. */
  readonly events: boolean[] = [false]

  constructor(seed: number, failures: number) {
    // From 1 to the modulus: 0 would stay 0.
    let state = (seed % 0x7ffffffe) + 1
    this.#failures = failures
    this.#random = () => {
      state = (state * 48271) % 0x7fffffff
      return state / 0x7fffffff
    }
  }

  get written(): number {
    return this.events.length - 1
  }

  chance(part: number): boolean {
    return this.#random() < part
  }

  async turns(most = 4): Promise<void> {
    for (let left = Math.floor(this.#random() * most); left > 0; left--) {
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  async called(): Promise<void> {
    await this.turns()
    if (this.chance(this.#failures)) throw new StoreError('UNAVAILABLE', 'away')
  }

  write(): void {
    this.events.push(this.chance(0.8))
    for (const wake of this.#wakes) wake()
  }

  get database(): Database {
    const at = (place: number) => String(place) as Cursor
    const backend = {
      feedRead: async ({ after, limit }: { after: Cursor; limit: number }) => {
        const until = Math.min(this.written, Number(after) + Math.min(limit, 3))
        await this.called()
        const events = Array.from(
          { length: until - Number(after) },
          (_, index) => Number(after) + index + 1,
        )
          .filter((place) => this.events[place])
          .map((place) => ({ cursor: at(place) }))
        await this.turns()
        return { events: events as unknown as ChangeEvent[], next: at(until), pending: false }
      },
      feedWait: (_: number, signal: AbortSignal) =>
        new Promise<void>((resolve) => {
          const done = () => {
            this.#wakes.delete(done)
            resolve()
          }
          if (signal.aborted) return resolve()
          this.#wakes.add(done)
          signal.addEventListener('abort', done)
          setTimeout(done, 2)
        }),
    }
    const changesEnd = async () => {
      await this.called()
      const end = this.written
      await this.turns()
      return at(end)
    }
    return { backend, changesEnd } as unknown as Database
  }
}

/** Comes, goes and comes back, each time to any of the servers, until it has the last event. */
async function client(
  feed: SlowFeed,
  hubs: readonly ChangeHub[],
  writes: number,
): Promise<number[]> {
  const got: number[] = []
  for (
    let visit = 0;
    feed.written < writes || got.at(-1) !== feed.events.lastIndexOf(true);
    visit++
  ) {
    const last = got.at(-1)
    const stop = Promise.withResolvers<void>()
    let left = false
    const hub = hubs[visit % hubs.length] as ChangeHub
    const leave = await hub
      .watch({
        ...(last === undefined ? {} : { after: String(last) }),
        page({ events }) {
          for (const { cursor } of events) {
            if (!left) got.push(Number(cursor))
          }
        },
        fail: stop.reject,
      })
      .catch((error) => {
        if (!(error instanceof StoreError)) throw error
      })
    if (!leave) continue
    const stays = visit % 3 === 2
    await Promise.race([stays ? complete(feed, got, writes) : feed.turns(40), stop.promise])
    left = true
    leave()
    await feed.turns()
    // Nothing was seen, and nothing will come any more.
    if (got.length === 0 && feed.written >= writes) return got
  }
  return got
}

/** Waits until the last event has come; one that watches all the time is told of it. */
async function complete(feed: SlowFeed, got: readonly number[], writes: number): Promise<void> {
  const patience = 20_000
  for (let turn = 0; turn < patience; turn++) {
    await new Promise((resolve) => setImmediate(resolve))
    if (feed.written < writes) turn = 0
    else if (got.length === 0 || got.at(-1) === feed.events.lastIndexOf(true)) return
  }
  throw new Error(`${got.at(-1)} came last, not ${feed.events.lastIndexOf(true)}`)
}

test('clients that come, go and come back, to one server or another, while others write and the store fails, get each event once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 60 }),
      fc.constantFrom(0, 0.1),
      async (seed, servers, clients, writes, failures) => {
        const feed = new SlowFeed(seed, failures)
        const hubs = Array.from({ length: servers }, () => new ChangeHub(feed.database, [], 1))
        const write = async () => {
          while (feed.written < writes) {
            feed.write()
            await feed.turns(3)
          }
        }
        const [, ...all] = await Promise.all([
          write(),
          ...Array.from({ length: clients }, () => client(feed, hubs, writes)),
        ])
        const places = feed.events.flatMap((event, place) => (event ? [place] : []))
        for (const got of all) {
          const start = places.indexOf(got[0] ?? 0)
          expect(got).toEqual(got.length === 0 ? [] : places.slice(start))
        }
        expect(hubs.map((hub) => hub.size)).toEqual(hubs.map(() => 0))
      },
    ),
    { numRuns: 500 },
  )
})

test('a page that a watcher could not deal with while the store was away is given to it again', async () => {
  const feed = new SlowFeed(7, 0)
  const hub = new ChangeHub(feed.database, [], 1)
  const got: number[] = []
  let tries = 0
  const leave = await hub.watch({
    page({ events }) {
      if (tries++ % 3 !== 2) throw new StoreError('UNAVAILABLE', 'away')
      got.push(...events.map(({ cursor }) => Number(cursor)))
    },
    fail(error) {
      throw error
    },
  })
  for (let n = 0; n < 20; n++) {
    feed.write()
    await feed.turns(3)
  }
  const places = feed.events.flatMap((event, place) => (event ? [place] : []))
  await expect.poll(() => got).toEqual(places)
  leave()
})

test('an error that is no outage ends the watch and says so', async () => {
  const feed = new SlowFeed(7, 0)
  const hub = new ChangeHub(feed.database, [], 1)
  const failed = Promise.withResolvers<unknown>()
  await hub.watch({
    page() {
      throw new TypeError('ours')
    },
    fail: failed.resolve,
  })
  while (!feed.events.includes(true)) feed.write()
  expect(await failed.promise).toBeInstanceOf(TypeError)
  expect(hub.size).toBe(0)
})
