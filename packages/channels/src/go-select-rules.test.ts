/** What Go's own tests of select check (`runtime/chan_test.go`, `test/chan`), in our words. */
import { describe, expect, it } from 'vitest'
import { type Chan, go, makeChan, otherwise, recv, select, send, sleep, WaitGroup } from './core.ts'

/** Lets every goroutine run until it waits. */
const settle = (): Promise<void> => sleep(0)

describe('races that must not be lost', () => {
  it('a value in the buffer, or the close after it, is seen by a select with a default', async () => {
    for (let i = 0; i < 200; i++) {
      const channel = makeChan<number>(1)
      await channel.send(1)
      const ready = started(async () => (await select(recv(channel), otherwise)).index)
      channel.close()
      await channel.receiveOk()
      expect(await ready).toBe(0)
    }
  })

  it('one of two channels is always ready while values move between them', async () => {
    for (let i = 0; i < 200; i++) {
      const a = makeChan<number>(1)
      const b = makeChan<number>(1)
      await a.send(1)
      const chosen = started(async () => (await select(recv(a), recv(b), otherwise)).index)
      if (i % 2 === 0) await b.send(1)
      else b.close()
      await select(recv(a), otherwise)
      expect(await chosen).toBeLessThan(2)
    }
  })

  it('two selects over the same two channels exchange each value once', async () => {
    const [a, b] = [makeChan<number>(), makeChan<number>()]
    const got: number[] = []
    const group = new WaitGroup()
    group.go(async () => {
      for (let i = 0; i < 1000; i++) await select(send(a, i), send(b, i))
      a.close()
      b.close()
    })
    for (const [first, second] of [
      [a, b],
      [b, a],
    ] as const) {
      group.go(async () => {
        for (;;) {
          const one = await select(recv(first), recv(second))
          if (!one.ok) return
          got.push(one.value)
        }
      })
    }
    await group.wait()
    expect(got.sort((x, y) => x - y)).toEqual(Array.from({ length: 1000 }, (_, i) => i))
  })

  it('a select with the same channel twice, or that lost, leaves no waiter behind', async () => {
    const [a, b, c] = [makeChan<number>(), makeChan<number>(), makeChan<number>()]
    const first = select(recv(a), recv(b), recv(c))
    const twice = select(recv(a), recv(a), recv(b))
    await b.send(1)
    expect((await first).index).toBe(1)
    await a.send(2)
    expect((await twice).value).toBe(2)
    expect([a.trySend(3), b.trySend(3), c.trySend(3)]).toEqual([false, false, false])
    const both = select(send(a, 4), send(a, 5))
    expect([4, 5]).toContain(await a.receive())
    await both
    expect(a.tryReceive()).toBeUndefined()
  })

  it('values of parked senders outlive everything that happens meanwhile', async () => {
    const channel = makeChan<{ readonly n: number; readonly noise: string }>()
    for (let i = 0; i < 100; i++) {
      go(async () => channel.send({ n: i, noise: 'x'.repeat(i) }))
    }
    await settle()
    const waste = Array.from({ length: 1000 }, () => new Array(1000).fill(0))
    expect(waste.length).toBe(1000)
    for (let i = 0; i < 100; i++) {
      expect(await channel.receive()).toEqual({ n: i, noise: 'x'.repeat(i) })
    }
  })
})

describe('select', () => {
  it('takes from two full channels in about equal parts beside channels that are never ready', async () => {
    const trials = 4000
    const filled = [makeChan<number>(trials + 1), makeChan<number>(trials + 1)] as const
    for (const channel of filled) for (let i = 0; i <= trials; i++) channel.trySend(i)
    const never = makeChan<number>()
    const counts = [0, 0]
    for (let i = 0; i < trials; i++) {
      const { index } = await select(recv(never), recv(filled[0]), recv(null), recv(filled[1]))
      counts[index === 1 ? 0 : 1] = (counts[index === 1 ? 0 : 1] ?? 0) + 1
    }
    // Ten standard deviations, as in Go's own test.
    const deviation = Math.abs((counts[0] ?? 0) - trials / 2)
    expect(deviation).toBeLessThan(10 * Math.sqrt(trials * 0.25))
  })

  it('treats ready sends and receives alike', async () => {
    const full = makeChan<number>(1)
    const empty = makeChan<number>(1)
    const counts = [0, 0]
    for (let i = 0; i < 4000; i++) {
      full.trySend(1)
      empty.tryReceive()
      const { index } = await select(recv(full), send(empty, 1))
      counts[index] = (counts[index] ?? 0) + 1
    }
    expect(Math.abs((counts[0] ?? 0) - 2000)).toBeLessThan(10 * Math.sqrt(1000))
  })

  it('moves everything under stress: plain and selected sends and receives on four channels', async () => {
    const n = 1000
    const channels: readonly Chan<number>[] = [0, 0, 2, 3].map((size) => makeChan<number>(size))
    const received = [0, 0, 0, 0]
    const group = new WaitGroup()
    const count = (k: number, value: number): void => {
      if (value !== k) throw new Error(`channel ${k} gave ${value}`)
      received[k] = (received[k] ?? 0) + 1
    }
    channels.forEach((channel, k) => {
      group.go(async () => {
        for (let i = 0; i < n; i++) await channel.send(k)
      })
      group.go(function* () {
        for (let i = 0; i < n; i++) count(k, yield* channel.recv())
      })
    })
    // Each of these has a share of n on every channel; a channel becomes nil once its share is done.
    group.go(async () => {
      const open: (Chan<number> | null)[] = [...channels]
      const share = [0, 0, 0, 0]
      for (let i = 0; i < 4 * n; i++) {
        const { index } = await select(...[3, 2, 0, 1].map((k) => send(open[k] ?? null, k)))
        const k = [3, 2, 0, 1][index] ?? 0
        share[k] = (share[k] ?? 0) + 1
        if (share[k] === n) open[k] = null
      }
    })
    group.go(async () => {
      const open: (Chan<number> | null)[] = [...channels]
      const share = [0, 0, 0, 0]
      for (let i = 0; i < 4 * n; i++) {
        const { index, value } = await select(...[0, 1, 2, 3].map((k) => recv(open[k] ?? null)))
        count(index, value)
        share[index] = (share[index] ?? 0) + 1
        if (share[index] === n) open[index] = null
      }
    })
    await group.wait()
    expect(received).toEqual([2 * n, 2 * n, 2 * n, 2 * n])
    expect(channels.map((channel) => channel.length)).toEqual([0, 0, 0, 0])
  })

  it('runs its cases in the one order: channels and values first, each once, then the choice', async () => {
    const order: string[] = []
    const channel = makeChan<number>(1)
    const at = (name: string, one: Chan<number> | null): Chan<number> | null => {
      order.push(name)
      return one
    }
    const value = (name: string): number => {
      order.push(name)
      return 7
    }
    await select(
      send(at('a', null), value('x')),
      recv(at('b', null)),
      send(at('c', channel), value('y')),
    )
    expect(order).toEqual(['a', 'x', 'b', 'c', 'y'])
    expect(channel.tryReceive()?.value).toBe(7)
  })
})

/** Starts `body` in a goroutine; settles with what it returns. */
function started<T>(body: () => Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    go(() => body().then(resolve, reject))
  })
}
