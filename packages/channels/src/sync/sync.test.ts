import { describe, expect, it } from 'vitest'
import {
  background,
  Cond,
  canceled,
  ErrGroup,
  FatalError,
  go,
  gosched,
  Mutex,
  Once,
  onceValue,
  RWMutex,
  Semaphore,
  sleep,
  WaitGroup,
  withCancel,
} from '../core.ts'

describe('WaitGroup', () => {
  it('waits for all, at once when there is nothing to wait for', async () => {
    const group = new WaitGroup()
    await group.wait()
    let ended = 0
    for (let i = 0; i < 10; i++) {
      group.go(async () => {
        await gosched()
        ended++
      })
    }
    await Promise.all([group.wait(), group.wait()])
    expect(ended).toBe(10)
    expect(() => group.done()).toThrow('sync: negative WaitGroup counter')
  })
})

describe('Mutex', () => {
  it('admits one at a time, in order', async () => {
    const mutex = new Mutex()
    const group = new WaitGroup()
    const order: number[] = []
    let inside = 0
    for (let i = 0; i < 20; i++) {
      group.go(() =>
        mutex.with(async () => {
          expect(++inside).toBe(1)
          await gosched()
          order.push(i)
          inside--
        }),
      )
    }
    await group.wait()
    expect(order).toEqual(Array.from({ length: 20 }, (_, i) => i))
    expect(mutex.tryLock()).toBe(true)
    expect(mutex.tryLock()).toBe(false)
    mutex.unlock()
    expect(() => mutex.unlock()).toThrow(
      new FatalError('ERR_UNLOCK_OF_UNLOCKED', 'sync: unlock of unlocked mutex'),
    )
  })
})

describe('RWMutex', () => {
  it('lets readers share, keeps writers alone, and starves neither', async () => {
    const mutex = new RWMutex()
    const group = new WaitGroup()
    let readers = 0
    let most = 0
    let writing = false
    for (let i = 0; i < 40; i++) {
      group.go(async () => {
        if (i % 5 === 0) {
          await mutex.lock()
          expect(writing || readers > 0).toBe(false)
          writing = true
          await gosched()
          writing = false
          mutex.unlock()
        } else {
          await mutex.rLock()
          expect(writing).toBe(false)
          most = Math.max(most, ++readers)
          await gosched()
          readers--
          mutex.rUnlock()
        }
      })
    }
    await group.wait()
    expect(most).toBeGreaterThan(1)
    expect(() => mutex.unlock()).toThrow('sync: Unlock of unlocked RWMutex')
    expect(() => mutex.rUnlock()).toThrow('sync: RUnlock of unlocked RWMutex')
  })

  it('keeps new readers out while a writer waits', async () => {
    const mutex = new RWMutex()
    await mutex.rLock()
    const written = mutex.lock()
    expect(mutex.tryRLock()).toBe(false)
    mutex.rUnlock()
    await written
    mutex.unlock()
    expect(mutex.tryRLock()).toBe(true)
  })
})

describe('Cond', () => {
  it('wakes one by signal, in order, and all by broadcast', async () => {
    const mutex = new Mutex()
    const cond = new Cond(mutex)
    const woken: number[] = []
    for (let i = 0; i < 4; i++) {
      go(async () => {
        await mutex.lock()
        await cond.wait()
        woken.push(i)
        mutex.unlock()
      })
    }
    await sleep(0)
    cond.signal()
    await sleep(0)
    expect(woken).toEqual([0])
    cond.broadcast()
    await sleep(0)
    expect(woken).toEqual([0, 1, 2, 3])
  })
})

describe('Once', () => {
  it('runs once, while all callers wait, also when it fails', async () => {
    const once = new Once()
    let runs = 0
    const body = async (): Promise<void> => {
      runs++
      await sleep(1)
      throw new Error('broken')
    }
    const first = once.do(body)
    const second = once.do(body)
    await expect(first).rejects.toThrow('broken')
    await second
    await once.do(body)
    expect(runs).toBe(1)
    const value = onceValue(() => ++runs)
    expect([await value(), await value()]).toEqual([2, 2])
  })
})

describe('Semaphore', () => {
  it('grants in order, so that a large request is not overtaken', async () => {
    const semaphore = new Semaphore(3)
    await semaphore.acquire(2)
    const order: string[] = []
    const large = semaphore.acquire(3).then(() => order.push('large'))
    const small = semaphore.acquire(1).then(() => order.push('small'))
    expect(semaphore.tryAcquire(1)).toBe(false)
    semaphore.release(2)
    await large
    semaphore.release(3)
    await small
    expect(order).toEqual(['large', 'small'])
    expect(() => semaphore.release(9)).toThrow('semaphore: released more than held')
  })

  it('gives up with the context and then lets the next one in', async () => {
    const semaphore = new Semaphore(2)
    await semaphore.acquire(1)
    const [context, cancel] = withCancel(background())
    const large = semaphore.acquire(2, context)
    const small = semaphore.acquire(1)
    cancel()
    await expect(large).rejects.toBe(canceled)
    await small
    const [over, end] = withCancel(background())
    end()
    await expect(semaphore.acquire(5, over)).rejects.toBe(canceled)
  })
})

describe('ErrGroup', () => {
  it('rejects with the first error and ends its context', async () => {
    const [group, context] = ErrGroup.withContext(background())
    const first = new Error('first')
    await group.go(async () => {
      await sleep(1)
      throw first
    })
    await group.go(async () => {
      await context.done()?.receive()
      throw new Error('second')
    })
    await expect(group.wait()).rejects.toBe(first)
    expect(context.cause).toBe(first)
  })

  it('runs at most its limit at a time', async () => {
    const group = new ErrGroup()
    group.setLimit(2)
    let active = 0
    let most = 0
    for (let i = 0; i < 6; i++) {
      await group.go(async () => {
        most = Math.max(most, ++active)
        await sleep(0)
        active--
      })
    }
    expect(group.tryGo(() => {})).toBe(false)
    expect(() => group.setLimit(3)).toThrow('errgroup: modify limit while 2 goroutines')
    await group.wait()
    expect(most).toBe(2)
    expect(group.tryGo(() => {})).toBe(true)
  })
})
