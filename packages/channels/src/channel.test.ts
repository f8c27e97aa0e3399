import { describe, expect, it } from 'vitest'
import {
  go,
  inspect,
  int,
  makeChan,
  nilChan,
  Panic,
  select,
  send,
  sleep,
  WaitGroup,
} from './core.ts'

/** Whether a promise settles while everything that can run does. */
async function settles(promise: Promise<unknown>): Promise<'settled' | 'rejected' | 'waits'> {
  let state: 'settled' | 'rejected' | 'waits' = 'waits'
  promise.then(
    () => {
      state = 'settled'
    },
    () => {
      state = 'rejected'
    },
  )
  await sleep(0)
  return state
}

describe('block, proceed or panic', () => {
  const closed = (): ReturnType<typeof makeChan<number>> => {
    const channel = makeChan<number>(1, { zero: 0 })
    channel.close()
    return channel
  }
  const full = (): ReturnType<typeof makeChan<number>> => {
    const channel = makeChan<number>(1)
    channel.trySend(1)
    return channel
  }
  const cases = [
    ['nil', () => nilChan<number>(), 'waits', 'waits', 'close of nil channel'],
    ['closed', closed, 'rejected', 'settled', 'close of closed channel'],
    ['empty, buffered', () => makeChan<number>(1), 'settled', 'waits', null],
    ['full', full, 'waits', 'settled', null],
    ['unbuffered', () => makeChan<number>(), 'waits', 'waits', null],
  ] as const

  for (const [name, make, send, receive, close] of cases) {
    it(`${name}: send ${send}, receive ${receive}, close ${close ?? 'succeeds'}`, async () => {
      expect(await settles(make().send(1))).toBe(send)
      expect(await settles(make().receive())).toBe(receive)
      const channel = make()
      if (close === null) expect(() => channel.close()).not.toThrow()
      else expect(() => channel.close()).toThrow(close)
    })
  }

  it('panics with Go’s texts and stable codes', async () => {
    const channel = closed()
    await expect(channel.send(1)).rejects.toMatchObject({
      message: 'send on closed channel',
      code: 'ERR_SEND_ON_CLOSED',
    })
    expect(() => channel.trySend(1)).toThrow('send on closed channel')
    expect(() => channel.close()).toThrow(Panic)
    for (const size of [-1, 1.5, Number.NaN, 2 ** 40]) {
      expect(() => makeChan(size)).toThrow('makechan: size out of range')
    }
  })
})

describe('values', () => {
  it('come out in the order in which they went in', async () => {
    const channel = makeChan<number>(3)
    go(async () => {
      for (let i = 0; i < 100; i++) await channel.send(i)
      channel.close()
    })
    const got: number[] = []
    for await (const value of channel) got.push(value)
    expect(got).toEqual(Array.from({ length: 100 }, (_, i) => i))
  })

  it('may be undefined, null, 0, NaN, or a rejected thing in a box', async () => {
    const channel = makeChan<unknown>(4)
    for (const value of [undefined, null, 0, Number.NaN]) await channel.send(value)
    channel.close()
    const got: unknown[] = []
    for await (const value of channel) got.push(value)
    expect(got).toEqual([undefined, null, 0, Number.NaN])
    expect(await channel.receiveOk()).toEqual({ value: undefined, ok: false })
  })

  it('of a closed channel are drained before the zero value', async () => {
    const channel = makeChan<number>(2, { elem: int })
    await channel.send(7)
    channel.close()
    expect(await channel.receiveOk()).toEqual({ value: 7, ok: true })
    expect(await channel.receiveOk()).toEqual({ value: 0, ok: false })
    expect(await channel.receive()).toBe(0)
    expect(channel.tryReceive()).toEqual({ value: 0, ok: false })
  })

  it('pass by reference, or as a clone when asked', async () => {
    const pointer = { a: 10 }
    const shared = makeChan<{ a: number }>(1)
    const cloned = makeChan<{ a: number }>(1, { copy: 'clone' })
    await shared.send(pointer)
    await cloned.send(pointer)
    pointer.a = 20
    expect((await shared.receive()).a).toBe(20)
    expect((await cloned.receive()).a).toBe(10)
    const sent = select(send(cloned, pointer))
    pointer.a = 30
    await sent
    expect((await cloned.receive()).a).toBe(20)
    cloned.trySend(pointer)
    pointer.a = 40
    expect(cloned.tryReceive()?.value?.a).toBe(30)
    await expect(cloned.send({ a: 1, f: () => {} } as { a: number })).rejects.toThrow('cloned')
  })
})

describe('waiters', () => {
  it('are served first come, first served', async () => {
    const channel = makeChan<number>()
    const got: string[] = []
    for (const name of ['a', 'b', 'c']) {
      go(async () => {
        got.push(name + (await channel.receive()))
      })
    }
    for (let i = 0; i < 3; i++) await channel.send(i)
    await sleep(0)
    expect(got).toEqual(['a0', 'b1', 'c2'])
  })

  it('to send wake one at a time as one value is received', async () => {
    const channel = makeChan<number>(1)
    const sent: number[] = []
    await channel.send(0)
    for (const value of [1, 2]) void channel.send(value).then(() => sent.push(value))
    expect(await channel.receive()).toBe(0)
    await sleep(0)
    expect(sent).toEqual([1])
  })

  it('to receive get the zero value when the channel closes, to send a panic', async () => {
    const receiving = makeChan<number>(0, { zero: -1 })
    const sending = makeChan<number>()
    const received = receiving.receiveOk()
    const sent = sending.send(1)
    receiving.close()
    sending.close()
    expect(await received).toEqual({ value: -1, ok: false })
    await expect(sent).rejects.toThrow('send on closed channel')
  })

  it('can be 100,000 on one channel', async () => {
    const channel = makeChan<number>()
    const group = new WaitGroup()
    let sum = 0
    for (let i = 0; i < 100_000; i++) {
      group.go(async () => {
        const value = await channel.receive()
        sum += value
      })
    }
    while (inspect(channel).recvq.length < 100_000) await sleep(0)
    for (let i = 0; i < 100_000; i++) await channel.send(1)
    await group.wait()
    expect(sum).toBe(100_000)
  })
})

describe('loops', () => {
  it('that are left early do not close the channel', async () => {
    const channel = makeChan<number>(2)
    await channel.send(1)
    await channel.send(2)
    for await (const value of channel) {
      expect(value).toBe(1)
      break
    }
    expect(await channel.receive()).toBe(2)
    expect(channel.trySend(3)).toBe(true)
  })

  it('over batches get what is there, in order, to the end', async () => {
    const channel = makeChan<number>(10)
    go(async () => {
      for (let i = 0; i < 95; i++) await channel.send(i)
      channel.close()
    })
    const got: number[] = []
    for await (const batch of channel.batches(4)) {
      expect(batch.length).toBeGreaterThan(0)
      expect(batch.length).toBeLessThanOrEqual(4)
      got.push(...batch)
    }
    expect(got).toEqual(Array.from({ length: 95 }, (_, i) => i))
    expect(() => channel.batches(0)).toThrow('above 0')
  })
})

describe('the generator lane', () => {
  it('works with the await lane on the same channels', async () => {
    const numbers = makeChan<number>()
    const squares = makeChan<number>(2)
    go(function* () {
      for (;;) {
        const { value, ok } = yield* numbers.recvOk()
        if (!ok) break
        yield* squares.put(value * value)
      }
      squares.close()
    })
    go(async () => {
      for (let i = 1; i <= 4; i++) await numbers.send(i)
      numbers.close()
    })
    const got: number[] = []
    for await (const value of squares) got.push(value)
    expect(got).toEqual([1, 4, 9, 16])
  })

  it('gets the panic of a channel that closes while it sends', async () => {
    const channel = makeChan<number>()
    const caught = makeChan<string>(1)
    go(function* () {
      try {
        yield* channel.put(1)
      } catch (error) {
        yield* caught.put(String(error))
      }
    })
    await sleep(0)
    channel.close()
    expect(await caught.receive()).toBe('Panic: send on closed channel')
  })

  it('gives the event loop its turn although no operation ever waits', async () => {
    const channel = makeChan<number>(1)
    let stop = false
    setTimeout(() => {
      stop = true
    }, 5)
    const rounds = makeChan<number>(1)
    go(function* () {
      let n = 0
      while (!stop) {
        yield* channel.put(n++)
        yield* channel.recv()
      }
      yield* rounds.put(n)
    })
    expect(await rounds.receive()).toBeGreaterThan(0)
  })

  it('keeps each producer’s values when the event loop has its turn in the middle of them', async () => {
    const channel = makeChan<number>(4)
    let turns = 0
    const timer = setInterval(() => turns++, 1)
    const got: [number[], number[]] = [[], []]
    let stop = false
    for (const p of [0, 1]) {
      go(function* () {
        for (let i = 0; !stop; i++) yield* channel.put(2 * i + p)
        yield* channel.put(-1)
      })
    }
    const finished = makeChan<undefined>(1)
    go(function* () {
      for (let ends = 0; ends < 2; ) {
        const value = yield* channel.recv()
        if (value < 0) ends++
        else got[value & 1 ? 1 : 0].push(value >> 1)
        if (turns > 5) stop = true
      }
      yield* finished.put(undefined)
    })
    await finished.receive()
    clearInterval(timer)
    for (const values of got) expect(values.every((value, i) => value === i)).toBe(true)
  })

  it('is refused outside a goroutine', () => {
    const channel = makeChan<number>(1)
    expect(() => [...(channel.recv() as Iterable<never>)]).toThrow('go(function*')
  })
})
