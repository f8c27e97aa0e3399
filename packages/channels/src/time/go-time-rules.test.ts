/** What Go's own tests of `time` and `context` check, in our words. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  after,
  afterFunc,
  background,
  type Context,
  canceled,
  cause,
  contextAfterFunc,
  deadlineExceeded,
  gosched,
  hostClock,
  ManualClock,
  newTicker,
  newTimer,
  recv,
  select,
  setClock,
  sleep,
  tick,
  todo,
  withCancel,
  withCancelCause,
  withDeadline,
  withoutCancel,
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
  it('of the past and of now fire at once, in order of their times', async () => {
    const fired: number[] = []
    for (const ms of [3, 1, 2, 0, -5]) afterFunc(ms, () => fired.push(ms))
    await clock.advance(0)
    expect(new Set(fired)).toEqual(new Set([0, -5]))
    await clock.advance(3)
    expect(fired.slice(2)).toEqual([1, 2, 3])
  })

  it('are stopped once, and then never fire', async () => {
    let fired = false
    const timer = afterFunc(10, () => {
      fired = true
    })
    const other = newTimer(10)
    expect([timer.stop(), timer.stop(), other.stop(), other.stop()]).toEqual([
      true,
      false,
      true,
      false,
    ])
    await clock.advance(100)
    expect([fired, other.c.tryReceive()]).toEqual([false, undefined])
  })

  it('can be reset before they fire, after they fired, and after their time was received', async () => {
    const timer = newTimer(10)
    await clock.advance(5)
    expect(timer.reset(15)).toBe(true)
    await clock.advance(10)
    expect(timer.c.tryReceive()).toBeUndefined()
    await clock.advance(5)
    expect(timer.c.tryReceive()).toBeDefined()
    expect(timer.reset(5)).toBe(false)
    await clock.advance(5)
    // Fired and not received: it counts as active, and the old time is gone.
    expect(timer.reset(20)).toBe(true)
    expect(timer.c.tryReceive()).toBeUndefined()
    await clock.advance(20)
    expect(timer.c.tryReceive()).toBeDefined()
  })

  it('that run functions can be reset: they run again', async () => {
    let runs = 0
    const timer = afterFunc(1, () => {
      runs++
    })
    await clock.advance(1)
    timer.reset(1)
    await clock.advance(1)
    expect(runs).toBe(2)
  })

  it('wake sleepers and selects; a stopped one leaves its receiver waiting', async () => {
    const chosen = select(recv(after(20)), recv(after(10)))
    await clock.advance(10)
    expect((await chosen).index).toBe(1)
    const timer = newTimer(5)
    let woken = false
    void timer.c.receive().then(() => {
      woken = true
    })
    await gosched()
    timer.stop()
    await clock.advance(50)
    expect(woken).toBe(false)
    timer.reset(1)
    await clock.advance(1)
    expect(woken).toBe(true)
  })
})

describe('tickers', () => {
  it('tick until they are stopped, which does not close their channel', async () => {
    const ticker = newTicker(10)
    let ticks = 0
    for (let i = 0; i < 5; i++) {
      await clock.advance(10)
      if (ticker.c.tryReceive() !== undefined) ticks++
    }
    ticker.stop()
    await clock.advance(30)
    expect([ticks, ticker.c.tryReceive()]).toEqual([5, undefined])
  })

  it('can be reset, also after a stop, to another period', async () => {
    const ticker = newTicker(100)
    ticker.reset(10)
    await clock.advance(10)
    expect(ticker.c.tryReceive()).toBeDefined()
    ticker.stop()
    ticker.reset(5)
    await clock.advance(5)
    expect(ticker.c.tryReceive()).toBeDefined()
    expect(() => ticker.reset(0)).toThrow('non-positive interval for Ticker.Reset')
    ticker.stop()
  })

  it('need a period above 0; without one Tick gives a nil channel', async () => {
    expect(() => newTicker(-1)).toThrow('non-positive interval for NewTicker')
    expect(String(tick(0))).toBe('<nil>')
  })

  it('that nobody holds any more leave the others alone', async () => {
    for (let i = 0; i < 3; i++) {
      const ticker = newTicker(50)
      await clock.advance(50)
      expect(await ticker.c.receive()).toBeInstanceOf(Date)
      ticker.stop()
    }
  })
})

describe('a context', () => {
  it('of the root never ends', () => {
    for (const context of [background(), todo()]) {
      expect([context.done(), context.err, context.deadline]).toEqual([null, null, null])
    }
    expect(String(withValue(withCancel(background())[0], 'k', 1))).toBe(
      'context.Background.WithCancel.WithValue',
    )
  })

  it('ends with its parent, with all between and below, and not the other way', async () => {
    const [parent, cancelParent] = withCancel(background())
    const valued = withValue(parent, 'key', 'value')
    const [child, cancelChild] = withCancel(valued)
    const [sibling] = withTimeout(valued, 1000)
    const [grandchild] = withCancel(child)
    cancelChild()
    expect([child.err, grandchild.err, parent.err, valued.err]).toEqual([
      canceled,
      canceled,
      null,
      null,
    ])
    cancelParent()
    for (const context of [parent, valued, sibling]) {
      expect(context.err).toBe(canceled)
      expect(context.done()?.tryReceive()).toMatchObject({ ok: false })
    }
    // One derived from a context that has ended, ends at once.
    expect(withCancel(valued)[0].err).toBe(canceled)
    cancelParent()
  })

  it('ends at the earliest deadline above it, and by cancel before that', async () => {
    const [early] = withTimeout(background(), 10)
    const [late] = withTimeout(early, 50)
    const [cancelled, cancel] = withTimeout(background(), 10)
    const [past] = withDeadline(background(), new Date(Date.now() - 1000))
    expect(past.err).toBe(deadlineExceeded)
    cancel()
    await clock.advance(10)
    expect([early.err, late.err, cancelled.err]).toEqual([
      deadlineExceeded,
      deadlineExceeded,
      canceled,
    ])
    expect(late.deadline?.getTime()).toBeCloseTo(early.deadline?.getTime() ?? 0, -1)
    const [woken] = withTimeout(background(), 5)
    const waiting = select(recv(woken.done()), recv(after(100)))
    await clock.advance(5)
    expect((await waiting).index).toBe(0)
  })

  it('finds the nearest value of a key, through every kind of context', () => {
    const [one, two] = [Symbol('key'), Symbol('key')]
    let context: Context = withValue(background(), one, 'outer')
    context = withCancel(context)[0]
    context = withValue(context, two, 'two')
    context = withTimeout(context, 100)[0]
    const inner = withValue(context, one, 'inner')
    expect([context.value(one), inner.value(one), inner.value(two)]).toEqual([
      'outer',
      'inner',
      'two',
    ])
    expect([inner.value('key'), background().value(one)]).toEqual([undefined, undefined])
    expect(() => withValue(background(), null, 1)).toThrow('nil key')
  })

  it('tells why it ended: its own cause, its parent’s, or the error', async () => {
    const reason = new Error('reason')
    const [plain, cancelPlain] = withCancel(background())
    const [caused, cancelCaused] = withCancelCause(background())
    const [child] = withCancel(caused)
    expect(cause(caused)).toBeNull()
    cancelPlain()
    cancelCaused(reason)
    cancelCaused(new Error('too late'))
    expect([cause(plain), cause(caused), cause(child), child.err]).toEqual([
      canceled,
      reason,
      reason,
      canceled,
    ])
    const [nothing, cancelNothing] = withCancelCause(background())
    cancelNothing()
    expect(cause(nothing)).toBe(canceled)
    const tooSlow = new Error('too slow')
    const [timed, cancelTimed] = withTimeout(background(), 5, tooSlow)
    const [first, cancelFirst] = withTimeout(background(), 5, tooSlow)
    cancelFirst()
    await clock.advance(5)
    expect([timed.err, cause(timed), cause(first)]).toEqual([deadlineExceeded, tooSlow, canceled])
    cancelTimed()
    // A child that ends first keeps its own cause.
    const [parent, cancelParent] = withCancelCause(background())
    const [own, cancelOwn] = withCancelCause(parent)
    cancelOwn(reason)
    cancelParent(tooSlow)
    expect([cause(own), cause(parent)]).toEqual([reason, tooSlow])
  })

  it('without cancel keeps values, and neither end, cause nor deadline', () => {
    const [parent, cancel] = withCancelCause(withValue(background(), 'key', 'value'))
    const free = withoutCancel(withTimeout(parent, 100)[0])
    cancel(new Error('over'))
    expect([free.err, free.done(), free.deadline, cause(free)]).toEqual([null, null, null, null])
    expect(free.value('key')).toBe('value')
    const [below, cancelBelow] = withCancel(free)
    expect(below.err).toBeNull()
    cancelBelow()
    expect(below.err).toBe(canceled)
  })

  it('runs a function after its end: once, in a goroutine of its own, at once if it has ended', async () => {
    const ran: string[] = []
    const [context, cancel] = withCancel(background())
    const stopOne = contextAfterFunc(context, () => ran.push('one'))
    const stopTwo = contextAfterFunc(context, () => ran.push('two'))
    expect([stopTwo(), stopTwo()]).toEqual([true, false])
    cancel()
    expect(ran).toEqual([])
    await gosched()
    expect(ran).toEqual(['one'])
    expect(stopOne()).toBe(false)
    contextAfterFunc(context, () => ran.push('late'))
    expect(ran).toEqual(['one'])
    await sleepHost()
    expect(ran).toEqual(['one', 'late'])
  })

  it('may be cancelled by many, while others derive from it', async () => {
    const [root, cancelRoot] = withCancel(background())
    const contexts = Array.from({ length: 100 }, () => withCancel(root))
    const deep = contexts.reduce<Context>((above) => withCancel(above)[0], root)
    for (const [, cancel] of contexts) {
      cancel()
      cancel()
    }
    expect(contexts.every(([context]) => context.err === canceled)).toBe(true)
    expect(deep.err).toBeNull()
    cancelRoot()
    expect(deep.err).toBe(canceled)
  })
})

/** A turn of the event loop. */
async function sleepHost(): Promise<void> {
  setClock(hostClock)
  await sleep(0)
  setClock(clock)
}
