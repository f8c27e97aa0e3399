/** What Go's own tests of `sync` check, in our words. */
import { describe, expect, it } from 'vitest'
import {
  Cond,
  go,
  gosched,
  Mutex,
  makeChan,
  Once,
  onceFunc,
  onceValue,
  RWMutex,
  sleep,
  WaitGroup,
} from '../core.ts'

describe('WaitGroup', () => {
  it('can be used again, two of them against each other', async () => {
    const [one, two] = [new WaitGroup(), new WaitGroup()]
    for (let round = 0; round < 8; round++) {
      const n = 16
      one.add(n)
      two.add(n)
      const exited = makeChan<boolean>(n)
      for (let i = 0; i < n; i++) {
        go(async () => {
          one.done()
          await two.wait()
          await exited.send(true)
        })
      }
      await one.wait()
      for (let i = 0; i < n; i++) {
        expect(exited.tryReceive()).toBeUndefined()
        two.done()
      }
      for (let i = 0; i < n; i++) expect(await exited.receive()).toBe(true)
    }
  })

  it('counts what is started with go in each lane', async () => {
    const group = new WaitGroup()
    const channel = makeChan<number>()
    let sum = 0
    group.go(function* () {
      const value = yield* channel.recv()
      sum += value
    })
    group.go(async () => channel.send(5))
    group.go(() => {
      sum += 1
    })
    await group.wait()
    expect(sum).toBe(6)
  })

  it('panics when there are more ends than beginnings', () => {
    const group = new WaitGroup()
    group.add(1)
    group.done()
    expect(() => group.done()).toThrow('sync: negative WaitGroup counter')
    expect(() => new WaitGroup().add(-1)).toThrow('sync: negative WaitGroup counter')
  })
})

describe('Mutex', () => {
  it('keeps a counter whole under many goroutines, and tryLock never waits', async () => {
    const mutex = new Mutex()
    const group = new WaitGroup()
    let counter = 0
    for (let g = 0; g < 10; g++) {
      group.go(async () => {
        for (let i = 0; i < 100; i++) {
          if (i % 3 === 0 && mutex.tryLock()) mutex.unlock()
          await mutex.lock()
          const read = counter
          await gosched()
          counter = read + 1
          mutex.unlock()
        }
      })
    }
    await group.wait()
    expect(counter).toBe(1000)
  })

  it('lets one that comes now and then in although another takes it again and again', async () => {
    const mutex = new Mutex()
    let stop = false
    go(async () => {
      while (!stop) {
        await mutex.lock()
        await gosched()
        mutex.unlock()
      }
    })
    for (let i = 0; i < 10; i++) {
      await gosched()
      await mutex.lock()
      mutex.unlock()
    }
    stop = true
  })

  it('lets timers in although it is free all the time', async () => {
    const mutex = new Mutex()
    let rang = false
    setTimeout(() => {
      rang = true
    }, 1)
    while (!rang) {
      await mutex.lock()
      mutex.unlock()
    }
    expect(rang).toBe(true)
  })
})

describe('RWMutex', () => {
  it('admits readers together and a writer alone, in any mixture', async () => {
    const lock = new RWMutex()
    const group = new WaitGroup()
    let activity = 0
    const reader = async (): Promise<void> => {
      for (let i = 0; i < 50; i++) {
        await lock.rLock()
        activity++
        expect(activity).toBeLessThan(10_000)
        await gosched()
        activity--
        lock.rUnlock()
      }
    }
    const writer = async (): Promise<void> => {
      for (let i = 0; i < 50; i++) {
        await lock.lock()
        activity += 10_000
        expect(activity).toBe(10_000)
        await gosched()
        activity -= 10_000
        lock.unlock()
      }
    }
    for (const body of [writer, reader, reader, writer, reader, reader, reader]) group.go(body)
    await group.wait()
    expect(activity).toBe(0)
  })

  it('lets n readers hold it at once', async () => {
    const lock = new RWMutex()
    const [locked, unlock] = [makeChan<boolean>(), makeChan<boolean>()]
    for (let i = 0; i < 8; i++) {
      go(async () => {
        await lock.rLock()
        await locked.send(true)
        await unlock.receive()
        lock.rUnlock()
      })
    }
    for (let i = 0; i < 8; i++) await locked.receive()
    expect(lock.tryLock()).toBe(false)
    expect(lock.tryRLock()).toBe(true)
    lock.rUnlock()
    for (let i = 0; i < 8; i++) await unlock.send(true)
    await sleep(0)
    expect(lock.tryLock()).toBe(true)
    expect(lock.tryRLock()).toBe(false)
  })

  it('is misused fatally: unlock of what is not locked', () => {
    expect(() => new RWMutex().unlock()).toThrow('sync: Unlock of unlocked RWMutex')
    expect(() => new RWMutex().rUnlock()).toThrow('sync: RUnlock of unlocked RWMutex')
    expect(() => new Mutex().unlock()).toThrow('sync: unlock of unlocked mutex')
  })

  it('has a Locker of its read side', async () => {
    const lock = new RWMutex()
    const locker = lock.rLocker()
    await locker.lock()
    expect([lock.tryRLock(), lock.tryLock()]).toEqual([true, false])
    lock.rUnlock()
    locker.unlock()
    expect(lock.tryLock()).toBe(true)
  })
})

describe('Cond', () => {
  it('wakes exactly one goroutine for each signal, in the order in which they waited', async () => {
    const mutex = new Mutex()
    const cond = new Cond(mutex)
    const awake: number[] = []
    for (let i = 0; i < 10; i++) {
      go(async () => {
        await mutex.lock()
        await cond.wait()
        awake.push(i)
        mutex.unlock()
      })
    }
    await sleep(0)
    for (let i = 0; i < 10; i++) {
      expect(awake.length).toBe(i)
      await mutex.lock()
      cond.signal()
      mutex.unlock()
      await sleep(0)
    }
    cond.signal()
    expect(awake).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  })

  it('wakes all by broadcast, but not those that wait later', async () => {
    const mutex = new Mutex()
    const cond = new Cond(mutex)
    let awake = 0
    let again = true
    for (let i = 0; i < 20; i++) {
      go(async () => {
        await mutex.lock()
        do {
          await cond.wait()
          awake++
        } while (again)
        mutex.unlock()
      })
    }
    await sleep(0)
    cond.broadcast()
    await sleep(0)
    expect(awake).toBe(20)
    again = false
    cond.broadcast()
    await sleep(0)
    expect(awake).toBe(40)
  })
})

describe('Once', () => {
  it('runs once for all who call, who wait until it is done', async () => {
    const once = new Once()
    const group = new WaitGroup()
    let runs = 0
    let finished = false
    for (let i = 0; i < 10; i++) {
      group.go(async () => {
        await once.do(async () => {
          runs++
          await sleep(0)
          finished = true
        })
        expect(finished).toBe(true)
      })
    }
    await group.wait()
    expect(runs).toBe(1)
  })

  it('counts as done when it panics; only the first caller sees the panic', async () => {
    const once = new Once()
    await expect(once.do(() => fail('first'))).rejects.toThrow('first')
    let ran = false
    await once.do(() => {
      ran = true
    })
    expect(ran).toBe(false)
  })

  it('as a function or a value gives every caller the same outcome, the same error too', async () => {
    let calls = 0
    const value = onceValue(() => ++calls)
    expect([await value(), await value()]).toEqual([1, 1])
    const broken = onceFunc(() => fail(`call ${++calls}`))
    const [one, two] = await Promise.allSettled([broken(), broken()])
    expect(one.status === 'rejected' && two.status === 'rejected').toBe(true)
    expect((one as PromiseRejectedResult).reason).toBe((two as PromiseRejectedResult).reason)
    expect(calls).toBe(2)
  })
})

function fail(message: string): never {
  throw new Error(message)
}
