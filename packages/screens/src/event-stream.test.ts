import { makeChan } from '@typestead/channels'
import { from, lastValueFrom, map as rxMap, Subject, toArray } from 'rxjs'
import { describe, expect, test } from 'vitest'
import { valuesOf } from './async-values.ts'
import { cell } from './cell.ts'
import { combineLatest, merge, replay, switchMap } from './combining-operators.ts'
import { EventStream, stream } from './event-stream.ts'
import { fromAsyncIterable, fromChannel, fromObservable, toChannel } from './observable-interop.ts'
import { Owner, runOwned } from './owner.ts'
import { flush, graphStats } from './reactive-graph.ts'
import * as op from './stream-operators.ts'
import { collect } from './testing/collect.ts'
import { useManualClock } from './testing/manual-clock.ts'
import { debounce, delay, sample, throttle } from './time-operators.ts'
import { ever, interval, once } from './workers.ts'

class Collector extends Owner {
  readonly errors: unknown[] = []
  override handle(error: unknown): boolean {
    this.errors.push(error)
    return true
  }
}

describe('event streams', () => {
  test('every subscriber gets every event in the order of emission, also those emitted meanwhile', () => {
    const events = new EventStream<number>()
    using first = collect(events)
    events.subscribe((n) => {
      if (n === 1) events.emit(2)
    })
    using last = collect(events)
    events.emit(1)
    expect(first.values).toEqual([1, 2])
    expect(last.values).toEqual([1, 2])
  })

  test('a subscriber that throws is reported, and the others still get the event', () => {
    const collector = new Collector(undefined)
    const events = new EventStream<number>()
    runOwned(collector, () =>
      events.subscribe(() => {
        throw new Error('mine')
      }),
    )
    using seen = collect(events)
    events.emit(1)
    expect(seen.values).toEqual([1])
    expect(collector.errors).toEqual([new Error('mine')])
    collector.dispose()
    expect(events.subscribers).toBe(1)
  })

  test('the end reaches late subscribers, and nothing follows it', () => {
    const events = new EventStream<number>()
    events.complete()
    expect(collect(events).completed).toBe(true)
    expect(() => events.emit(1)).toThrow(expect.objectContaining({ code: 'STREAM_ENDED' }))
  })

  test('a read-only view has no emit', () => {
    const events = new EventStream<number>()
    const view = events.readonly()
    using seen = collect(view)
    events.emit(1)
    expect(seen.values).toEqual([1])
    expect('emit' in view).toBe(false)
  })

  test('ten thousand events, none lost, through an async loop', async () => {
    const events = new EventStream<number>()
    const loop = (async () => {
      const got: number[] = []
      for await (const n of events) got.push(n)
      return got
    })()
    for (let n = 0; n < 10_000; n++) events.emit(n)
    events.complete()
    expect(await loop).toEqual(Array.from({ length: 10_000 }, (_, n) => n))
    expect(events.subscribers).toBe(0)
  })

  test('a reader that falls too far behind gets an error, never a gap', async () => {
    const events = new EventStream<number>()
    const iterator = events.values({ limit: 2 })[Symbol.asyncIterator]()
    for (let n = 0; n < 3; n++) events.emit(n)
    expect(await iterator.next()).toEqual({ value: 0, done: false })
    expect(await iterator.next()).toEqual({ value: 1, done: false })
    await expect(iterator.next()).rejects.toMatchObject({ code: 'EVENT_OVERFLOW' })
  })

  test('leaving the loop unsubscribes', async () => {
    const events = new EventStream<number>()
    const loop = (async () => {
      for await (const n of events) if (n === 1) break
    })()
    events.emit(0)
    events.emit(1)
    await loop
    expect(events.subscribers).toBe(0)
  })

  test('of a cell, a slow reader takes the latest', async () => {
    const count = cell(0)
    const iterator = valuesOf(count, { latest: true })[Symbol.asyncIterator]()
    for (let n = 1; n < 10; n++) {
      count.set(n)
      flush()
    }
    expect(await iterator.next()).toEqual({ value: 9, done: false })
    await iterator.return?.()
    expect(await iterator.next()).toEqual({ value: undefined, done: true })
  })
})

describe('operators', () => {
  const events = () => new EventStream<number>()
  const emit = (to: EventStream<number>, ...values: number[]) => {
    for (const value of values) to.emit(value)
  }

  test.each([
    ['map', (s: EventStream<number>) => op.map(s, (n) => n * 2), [2, 2, 4, 6]],
    ['filter', (s: EventStream<number>) => op.filter(s, (n) => n > 1), [2, 3]],
    ['scan', (s: EventStream<number>) => op.scan(s, (a, n) => a + n, 10), [11, 12, 14, 17]],
    ['distinct', (s: EventStream<number>) => op.distinct(s), [1, 2, 3]],
    [
      'pairwise',
      (s: EventStream<number>) => op.pairwise(s),
      [
        [1, 1],
        [1, 2],
        [2, 3],
      ],
    ],
    ['take', (s: EventStream<number>) => op.take(s, 2), [1, 1]],
    ['skip', (s: EventStream<number>) => op.skip(s, 3), [3]],
    ['startWith', (s: EventStream<number>) => op.startWith(s, 0), [0, 1, 1, 2, 3]],
    ['buffer', (s: EventStream<number>) => op.buffer(s, 3), [[1, 1, 2], [3]]],
  ])('%s', (_name, operator, expected) => {
    const source = events()
    using seen = collect<unknown>(operator(source))
    emit(source, 1, 1, 2, 3)
    source.complete()
    expect(seen.values).toEqual(expected)
    expect(seen.completed).toBe(true)
    expect(source.subscribers).toBe(0)
  })

  test('a function that throws ends its stream with the error', () => {
    const source = events()
    using seen = collect(
      op.map(source, () => {
        throw new Error('no')
      }),
    )
    emit(source, 1)
    expect(seen.errors).toEqual([new Error('no')])
    expect(source.subscribers).toBe(0)
  })

  test('take lets go of the source, even when all comes at once', () => {
    const source = stream<number>((out) => {
      for (let n = 0; n < 5; n++) out.next(n)
    })
    using seen = collect(op.take(source, 2))
    expect(seen.values).toEqual([0, 1])
  })

  test('latest makes state of a stream, for as long as its owner', () => {
    const owner = new Owner(undefined)
    const source = events()
    const state = runOwned(owner, () => op.latest(source, 0))
    emit(source, 1, 2)
    expect(state.value).toBe(2)
    owner.dispose()
    expect(source.subscribers).toBe(0)
  })

  test('merge and combineLatest', () => {
    const [a, b] = [events(), events()]
    using merged = collect(merge(a, b))
    using combined = collect(combineLatest<[number, number]>([a, b]))
    emit(a, 1)
    emit(b, 10)
    emit(a, 2)
    expect(merged.values).toEqual([1, 10, 2])
    expect(combined.values).toEqual([
      [1, 10],
      [2, 10],
    ])
    a.complete()
    b.complete()
    expect([merged.completed, combined.completed]).toEqual([true, true])
  })

  test('switchMap follows the newest only', () => {
    const source = events()
    const inner = [events(), events()]
    using seen = collect(switchMap(source, (n) => inner[n] ?? events()))
    emit(source, 0)
    emit(inner[0] as EventStream<number>, 1)
    emit(source, 1)
    expect(inner[0]?.subscribers).toBe(0)
    emit(inner[1] as EventStream<number>, 2)
    source.complete()
    expect(seen.completed).toBe(false)
    inner[1]?.complete()
    expect(seen.values).toEqual([1, 2])
    expect(seen.completed).toBe(true)
  })

  test('replay shares one subscription and gives the last values to who comes later', () => {
    const source = events()
    const shared = replay(source, 2)
    const first = collect(shared)
    emit(source, 1, 2, 3)
    const second = collect(shared)
    expect(source.subscribers).toBe(1)
    emit(source, 4)
    expect(first.values).toEqual([1, 2, 3, 4])
    expect(second.values).toEqual([2, 3, 4])
    first[Symbol.dispose]()
    second[Symbol.dispose]()
    expect(source.subscribers).toBe(0)
  })

  test('debounce, throttle, sample and delay by a clock that is told to go on', () => {
    using clock = useManualClock()
    const source = events()
    using debounced = collect(debounce(source, 100))
    using throttled = collect(throttle(source, 100))
    using sampled = collect(sample(source, 250))
    using delayed = collect(delay(source, 50))
    emit(source, 1, 2)
    clock.advance(60)
    emit(source, 3)
    clock.advance(60)
    expect(delayed.values).toEqual([1, 2, 3])
    expect(debounced.values).toEqual([])
    expect(throttled.values).toEqual([1, 3])
    clock.advance(150)
    expect(debounced.values).toEqual([3])
    expect(sampled.values).toEqual([3])
    for (const seen of [debounced, throttled, sampled, delayed]) seen[Symbol.dispose]()
    expect(clock.waiting).toBe(0)
    expect(source.subscribers).toBe(0)
  })

  test('workers take changes of a cell, not its present value', () => {
    using clock = useManualClock()
    const owner = new Owner(undefined)
    const count = cell(0)
    const seen: string[] = []
    runOwned(owner, () => {
      ever(count, (n) => seen.push(`ever ${n}`))
      once(count, (n) => seen.push(`once ${n}`))
      debounce(count, 100, (n) => seen.push(`debounce ${n}`))
      interval(count, 100, (n) => seen.push(`interval ${n}`))
    })
    for (let n = 1; n < 4; n++) {
      count.set(n)
      clock.advance(10)
    }
    clock.advance(300)
    expect(seen).toEqual([
      'ever 1',
      'once 1',
      'interval 1',
      'ever 2',
      'ever 3',
      'interval 3',
      'debounce 3',
    ])
    owner.dispose()
    expect(clock.waiting).toBe(0)
  })
})

describe('RxJS', () => {
  test('a round trip of ten thousand events loses none', async () => {
    const before = { ...graphStats }
    const events = new EventStream<number>()
    const doubled = fromObservable(from(events).pipe(rxMap((n) => n * 2)))
    const result = lastValueFrom(from(doubled).pipe(toArray()))
    for (let n = 0; n < 10_000; n++) events.emit(n)
    events.complete()
    expect(await result).toEqual(Array.from({ length: 10_000 }, (_, n) => n * 2))
    expect(graphStats.subscriptions).toBe(before.subscriptions)
  })

  test('operators work on cells, and on Observables without a bridge', () => {
    const count = cell(1)
    const seen: number[] = []
    const subscription = from(count)
      .pipe(rxMap((n) => n + 1))
      .subscribe((n) => void seen.push(n))
    count.set(2)
    flush()
    subscription.unsubscribe()
    count.set(3)
    flush()
    expect(seen).toEqual([2, 3])
    const subject = new Subject<number>()
    using mapped = collect(op.map(subject, (n) => n * 3))
    subject.next(2)
    subject.error(new Error('rx'))
    expect(mapped.values).toEqual([6])
    expect(mapped.errors).toEqual([new Error('rx')])
    expect(subject.observed).toBe(false)
  })
})

describe('channels', () => {
  test('ten thousand values through a channel and back', async () => {
    const events = new EventStream<number>()
    const channel = makeChan<number>(16, { zero: 0 })
    const sent = toChannel(events, channel).then(() => channel.close())
    const back = fromChannel(channel)
    const all = (async () => {
      const got: number[] = []
      for await (const n of back) got.push(n)
      return got
    })()
    for (let n = 0; n < 10_000; n++) events.emit(n)
    events.complete()
    await sent
    expect(await all).toEqual(Array.from({ length: 10_000 }, (_, n) => n))
  })

  test('an async iterable that fails ends its stream with the error', async () => {
    async function* numbers() {
      yield 1
      throw new Error('broken')
    }
    const seen = collect(fromAsyncIterable(numbers()))
    await expect.poll(() => seen.errors).toEqual([new Error('broken')])
    expect(seen.values).toEqual([1])
  })
})
