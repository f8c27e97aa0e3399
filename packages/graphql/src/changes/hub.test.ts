import type { ChangeEvent, Cursor, Database } from '@typestead/store'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ChangeHub } from './hub.ts'

/** A feed whose every answer takes a few turns of the event loop, so that calls interleave in many ways. */
class SlowFeed {
  readonly #random: () => number
  readonly #wakes = new Set<() => void>()
  written = 0

  constructor(seed: number) {
    let state = seed || 1
    this.#random = () => {
      state = (state * 48271) % 0x7fffffff
      return state / 0x7fffffff
    }
  }

  async turns(most = 4): Promise<void> {
    for (let left = Math.floor(this.#random() * most); left > 0; left--) {
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  write(): void {
    this.written++
    for (const wake of this.#wakes) wake()
  }

  get database(): Database {
    const at = (place: number) => String(place) as Cursor
    const backend = {
      feedRead: async ({ after, limit }: { after: Cursor; limit: number }) => {
        const until = Math.min(this.written, Number(after) + Math.min(limit, 3))
        await this.turns()
        const events = Array.from({ length: until - Number(after) }, (_, index) => ({
          cursor: at(Number(after) + index + 1),
        }))
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
      await this.turns()
      const end = this.written
      await this.turns()
      return at(end)
    }
    return { backend, changesEnd } as unknown as Database
  }
}

test('clients that come, go and come back while others write get each event once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(),
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 60 }),
      async (seed, clients, writes) => {
        const feed = new SlowFeed(seed)
        const hub = new ChangeHub(feed.database, [])
        const client = async () => {
          const got: number[] = []
          while (got.at(-1) !== writes) {
            const last = got.at(-1)
            const stop = Promise.withResolvers<void>()
            let left = false
            const leave = await hub.watch({
              ...(last === undefined ? {} : { after: String(last) }),
              page({ events }) {
                if (!left) got.push(...events.map(({ cursor }) => Number(cursor)))
              },
              fail: stop.reject,
            })
            await Promise.race([feed.turns(40), stop.promise])
            left = true
            leave()
            await feed.turns()
            // Nothing was seen, and nothing will come any more.
            if (got.length === 0 && feed.written === writes) return got
          }
          return got
        }
        const write = async () => {
          while (feed.written < writes) {
            feed.write()
            await feed.turns(3)
          }
        }
        const [, ...all] = await Promise.all([write(), ...Array.from({ length: clients }, client)])
        for (const got of all) {
          const start = got[0] ?? 1
          expect(got).toEqual(got.map((_, index) => start + index))
        }
      },
    ),
    { numRuns: 1000 },
  )
})
