import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type Chan,
  go,
  makeChan,
  nilChan,
  otherwise,
  pick,
  recv,
  select,
  selector,
  send,
  sleep,
} from './core.ts'

describe('select', () => {
  it('chooses among the ready cases with equal probability, within four sigma over 10,000 trials', async () => {
    const ready = Array.from({ length: 4 }, () => makeChan<number>(1))
    const idle = makeChan<number>()
    const counts = [0, 0, 0, 0, 0]
    const cases = selector(
      recv(ready[0]),
      recv(ready[1]),
      recv(idle),
      recv(ready[2]),
      recv(ready[3]),
    )
    for (let i = 0; i < 10_000; i++) {
      for (const channel of ready) channel.trySend(i)
      const { index } = await cases.next()
      counts[index] = (counts[index] ?? 0) + 1
    }
    expect(counts[2]).toBe(0)
    for (const at of [0, 1, 3, 4]) {
      expect(Math.abs((counts[at] ?? 0) - 2500)).toBeLessThan(4 * Math.sqrt(10_000 * 0.25 * 0.75))
    }
  })

  it('does not starve a case while another is always ready', async () => {
    const busy = makeChan<number>(1)
    const rare = makeChan<number>(1)
    await rare.send(1)
    for (let i = 0; ; i++) {
      busy.trySend(i)
      const { index } = await select(recv(busy), recv(rare))
      if (index === 1) break
      expect(i).toBeLessThan(1000)
    }
  })

  it('evaluates channels and values once, in order', async () => {
    const order: string[] = []
    const note = <T>(name: string, value: T): T => {
      order.push(name)
      return value
    }
    const a = makeChan<number>(1)
    const b = makeChan<number>(1)
    await b.send(1)
    await select(
      send(note('a', a), note('value', 1)),
      recv(note('b', b)),
      recv(note('nil', null as Chan<number> | null)),
    )
    expect(order).toEqual(['a', 'value', 'b', 'nil'])
  })

  it('takes the default only when no case is ready', async () => {
    const channel = makeChan<number>(1)
    expect(await select(recv(channel), otherwise)).toEqual({
      index: 1,
      value: undefined,
      ok: false,
    })
    channel.trySend(5)
    expect(await select(recv(channel), otherwise)).toEqual({ index: 0, value: 5, ok: true })
    await expect(select(otherwise, recv(channel), otherwise)).rejects.toThrow('more than one')
  })

  it('never chooses a nil channel, and waits forever without cases', async () => {
    let settled = false
    const forever = [select(), select(recv(nilChan<number>()), send(null, 1))]
    for (const one of forever) {
      void one.then(() => {
        settled = true
      })
    }
    await sleep(1)
    expect(settled).toBe(false)
  })

  it('never receives from its own send', async () => {
    const channel = makeChan<number>()
    let settled = false
    const self = select(send(channel, 1), recv(channel)).then((chosen) => {
      settled = true
      return chosen
    })
    await sleep(1)
    expect(settled).toBe(false)
    expect(await channel.receive()).toBe(1)
    expect((await self).index).toBe(0)
  })

  it('may have the same channel in several cases, and leaves none of them waiting', async () => {
    const channel = makeChan<number>()
    const chosen = select(recv(channel), recv(channel), recv(channel))
    await channel.send(1)
    expect(await chosen).toMatchObject({ value: 1, ok: true })
    expect(channel.trySend(2)).toBe(false)
  })

  it('panics when it chooses a send on a closed channel, also while it waits', async () => {
    const closed = makeChan<number>()
    closed.close()
    await expect(select(send(closed, 1), recv(nilChan<number>()))).rejects.toThrow(
      'send on closed channel',
    )
    const later = makeChan<number>()
    const waiting = select(send(later, 1), recv(nilChan<number>()))
    later.close()
    await expect(waiting).rejects.toThrow('send on closed channel')
  })

  it('reports a closed channel with ok false', async () => {
    const channel = makeChan<number>(0, { zero: 0 })
    const waiting = select(recv(channel))
    channel.close()
    expect(await waiting).toEqual({ index: 0, value: 0, ok: false })
    expect(await select(recv(channel))).toEqual({ index: 0, value: 0, ok: false })
  })

  it('matches a select that sends with one that receives', async () => {
    const a = makeChan<number>()
    const b = makeChan<number>()
    const got: string[] = []
    for (let i = 0; i < 100; i++) {
      const one = select(send(a, i), recv(b))
      const other = select(recv(a), send(b, i))
      const [x, y] = await Promise.all([one, other])
      expect(x.index).toBe(y.index)
      got.push(`${x.index}`)
    }
    expect(got.length).toBe(100)
  })

  it('works in the generator lane', async () => {
    const a = makeChan<number>()
    const b = makeChan<number>(1)
    const got = makeChan<unknown>(3)
    go(function* () {
      yield* got.put(yield* pick(recv(a), otherwise))
      yield* got.put(yield* pick(recv(a), recv(b)))
      yield* got.put(yield* pick(send(a, 1), send(b, 2)))
    })
    expect(await got.receive()).toMatchObject({ index: 1 })
    await b.send(9)
    expect(await got.receive()).toMatchObject({ index: 1, value: 9, ok: true })
    expect(await got.receive()).toMatchObject({ ok: true })
  })

  it('lets timers in although it never waits, in the generator lane too', async () => {
    const idle = makeChan<number>()
    const finished = makeChan<undefined>(1)
    let rang = false
    setTimeout(() => {
      rang = true
    }, 5)
    go(function* () {
      while (!rang) yield* pick(recv(idle), otherwise)
      yield* finished.put(undefined)
    })
    await finished.receive()
    expect(rang).toBe(true)
  })

  it('does not keep what it waited with: 100,000 selects on an idle channel leave no waiter', async () => {
    const idle = makeChan<number>()
    const busy = makeChan<number>()
    go(async () => {
      for (let i = 0; i < 100_000; i++) await busy.send(i)
    })
    for (let i = 0; i < 100_000; i++) await select(recv(idle), recv(busy))
    expect(idle.trySend(1)).toBe(false)
  })
})

it('every permutation of two ready channels and a default behaves as the language says', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('empty', 'one', 'closed', 'nil'), { maxLength: 5 }),
      fc.boolean(),
      async (kinds, withDefault) => {
        const channels = kinds.map((kind) => {
          if (kind === 'nil') return null
          const channel = makeChan<number>(1, { zero: 0 })
          if (kind === 'one') channel.trySend(1)
          if (kind === 'closed') channel.close()
          return channel
        })
        const ready = kinds.some((kind) => kind === 'one' || kind === 'closed')
        if (!ready && !withDefault) return
        const cases = channels.map((channel) => recv(channel))
        const chosen = await select(...cases, ...(withDefault ? [otherwise] : []))
        if (!ready) expect(chosen.index).toBe(kinds.length)
        else {
          const kind = kinds[chosen.index]
          expect(chosen.ok).toBe(kind === 'one')
          expect(['one', 'closed']).toContain(kind)
        }
      },
    ),
  )
})
