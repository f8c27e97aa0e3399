import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  after,
  afterFunc,
  background,
  canceled,
  cap,
  cause,
  contextAfterFunc,
  deadlineExceeded,
  hostClock,
  len,
  ManualClock,
  newTicker,
  newTimer,
  recv,
  select,
  setClock,
  sleep,
  Ticker,
  withCancel,
  withCancelCause,
  withDeadline,
  withoutCancel,
  withSignal,
  withTimeout,
  withValue,
} from '../core.ts'

let clock: ManualClock
beforeEach(() => {
  clock = new ManualClock()
  setClock(clock)
})
afterEach(() => setClock(hostClock))

describe('timers', () => {
  it('send the time of day by the clock that counts', async () => {
    const timer = newTimer(1500)
    const ticker = newTicker(500)
    await clock.advance(1500)
    expect((await timer.c.receive()).toISOString()).toBe('2000-01-01T00:00:01.500Z')
    expect((await ticker.c.receive()).toISOString()).toBe('2000-01-01T00:00:00.500Z')
    ticker.stop()
  })

  it('wake sleepers in the order of their times', async () => {
    const woken: number[] = []
    for (const ms of [30, 10, 20, 10]) void sleep(ms).then(() => woken.push(ms))
    await clock.advance(9)
    expect(woken).toEqual([])
    await clock.advance(11)
    expect(woken).toEqual([10, 10, 20])
    await clock.advance(100)
    expect(woken).toEqual([10, 10, 20, 30])
  })

  it('send the time once; stop and reset leave nothing stale; the channel looks unbuffered', async () => {
    const timer = newTimer(10)
    await clock.advance(10)
    expect([len(timer.c), cap(timer.c)]).toEqual([0, 0])
    expect(timer.reset(5)).toBe(true)
    expect(timer.c.tryReceive()).toBeUndefined()
    await clock.advance(5)
    expect(timer.c.tryReceive()?.value).toBeInstanceOf(Date)
    expect(timer.stop()).toBe(false)
    const stopped = newTimer(10)
    expect(stopped.stop()).toBe(true)
    await clock.advance(20)
    expect(stopped.c.tryReceive()).toBeUndefined()
  })

  it('run a function later, unless stopped', async () => {
    const ran: string[] = []
    afterFunc(5, () => ran.push('ran'))
    afterFunc(5, () => ran.push('stopped')).stop()
    await clock.advance(5)
    expect(ran).toEqual(['ran'])
  })

  it('time a select out', async () => {
    const chosen = select(recv(null), recv(after(50)))
    await clock.advance(50)
    expect((await chosen).index).toBe(1)
  })

  it('tick on the grid and drop what nobody receives', async () => {
    const ticker = newTicker(10)
    await clock.advance(35)
    expect(ticker.c.tryReceive()).toBeDefined()
    expect(ticker.c.tryReceive()).toBeUndefined()
    await clock.advance(5)
    expect(ticker.c.tryReceive()).toBeDefined()
    ticker.reset(3)
    await clock.advance(3)
    expect(ticker.c.tryReceive()).toBeDefined()
    ticker.stop()
    await clock.advance(50)
    expect(ticker.c.tryReceive()).toBeUndefined()
    expect(() => new Ticker(0)).toThrow('non-positive interval for NewTicker')
  })
})

describe('context', () => {
  it('ends with all that derive from it, but not upwards', async () => {
    const [parent, cancelParent] = withCancel(background())
    const [child, cancelChild] = withCancel(parent)
    const [sibling] = withCancel(parent)
    cancelChild()
    expect([child.err, parent.err, sibling.err]).toEqual([canceled, null, null])
    cancelParent()
    expect(sibling.err).toBe(canceled)
    expect(await sibling.done()?.receiveOk()).toEqual({ value: undefined, ok: false })
    expect(withCancel(parent)[0].err).toBe(canceled)
    expect(background().done()).toBeNull()
  })

  it('ends at its deadline, the earlier of its own and its parent’s', async () => {
    const [outer] = withTimeout(background(), 20)
    const [inner] = withTimeout(outer, 100)
    const [sooner] = withDeadline(outer, new Date(Date.now() + 5), 'slow')
    await clock.advance(6)
    expect([sooner.err, cause(sooner), inner.err]).toEqual([deadlineExceeded, 'slow', null])
    await clock.advance(20)
    expect(inner.err).toBe(deadlineExceeded)
    expect(withTimeout(background(), -1)[0].err).toBe(deadlineExceeded)
  })

  it('carries values, causes, and goes on without its parent’s end when asked', () => {
    const key = Symbol('user')
    const [parent, cancel] = withCancelCause(withValue(background(), key, 'ada'))
    const free = withoutCancel(parent)
    const reason = new Error('enough')
    cancel(reason)
    expect([parent.err, cause(parent), parent.value(key)]).toEqual([canceled, reason, 'ada'])
    expect([free.err, free.value(key), free.deadline]).toEqual([null, 'ada', null])
    expect(() => withValue(parent, null, 1)).toThrow('nil key')
    expect(String(withCancel(background())[0])).toBe('context.Background.WithCancel')
  })

  it('is an AbortSignal, and can come from one', () => {
    const controller = new AbortController()
    const [context] = withSignal(background(), controller.signal)
    const [child] = withCancel(context)
    const signal = child.signal
    controller.abort(new Error('left the page'))
    expect(signal.aborted).toBe(true)
    expect(signal.reason).toEqual(new Error('left the page'))
    expect(context.err).toBe(canceled)
  })

  it('starts a function when it ends, unless that is taken back', async () => {
    const [context, cancel] = withCancel(background())
    const ran: string[] = []
    contextAfterFunc(context, () => ran.push('a'))
    const stop = contextAfterFunc(context, () => ran.push('b'))
    expect(stop()).toBe(true)
    cancel()
    await clock.advance(0)
    expect(ran).toEqual(['a'])
    expect(stop()).toBe(false)
  })
})
