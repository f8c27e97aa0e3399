/** What Go's own tests of `errgroup` and `semaphore` check, in our words. */
import { describe, expect, it } from 'vitest'
import {
  background,
  canceled,
  cause,
  deadlineExceeded,
  ErrGroup,
  go,
  gosched,
  makeChan,
  Semaphore,
  sleep,
  WaitGroup,
  withCancel,
  withTimeout,
} from '../core.ts'

describe('ErrGroup', () => {
  it('gives the first error, whatever comes later, and nothing when there is none', async () => {
    const ok = new ErrGroup()
    await ok.go(() => 1)
    await ok.wait()
    const group = new ErrGroup()
    const order = makeChan<undefined>()
    await group.go(async () => {
      await order.receive()
      fail('second')
    })
    await group.go(async () => {
      await order.send(undefined)
    })
    await group.go(function* () {
      yield* makeChan<number>(1).put(1)
      fail('first')
    })
    await expect(group.wait()).rejects.toThrow('first')
  })

  it('ends its context with the error as cause, or as cancelled once all are done', async () => {
    const [failing, context] = ErrGroup.withContext(background())
    await failing.go(() => fail('broken'))
    await expect(failing.wait()).rejects.toThrow('broken')
    expect(context.err).toBe(canceled)
    expect(cause(context)).toMatchObject({ message: 'broken' })
    const [fine, other] = ErrGroup.withContext(background())
    await fine.go(() => {})
    expect(other.err).toBeNull()
    await fine.wait()
    expect([other.err, cause(other)]).toEqual([canceled, canceled])
  })

  it('starts with tryGo only below its limit', async () => {
    const group = new ErrGroup()
    group.setLimit(2)
    const gate = makeChan<undefined>()
    const waits = async (): Promise<void> => void (await gate.receiveOk())
    expect([group.tryGo(waits), group.tryGo(waits), group.tryGo(waits)]).toEqual([
      true,
      true,
      false,
    ])
    expect(() => group.setLimit(3)).toThrow(
      'errgroup: modify limit while 2 goroutines in the group are still active',
    )
    gate.close()
    await group.wait()
    group.setLimit(-1)
    for (let i = 0; i < 100; i++) expect(group.tryGo(() => {})).toBe(true)
    await group.wait()
    group.setLimit(0)
    expect(group.tryGo(() => {})).toBe(false)
  })

  it('never has more goroutines at work than its limit', async () => {
    const group = new ErrGroup()
    group.setLimit(3)
    let active = 0
    let most = 0
    for (let i = 0; i < 50; i++) {
      await group.go(async () => {
        most = Math.max(most, ++active)
        for (let turns = 0; turns < 10; turns++) await gosched()
        active--
      })
    }
    await group.wait()
    expect(most).toBe(3)
  })
})

describe('Semaphore', () => {
  it('grants what there is, and panics when more is released than held', async () => {
    const semaphore = new Semaphore(2)
    await semaphore.acquire(1)
    expect(semaphore.tryAcquire(1)).toBe(true)
    expect(semaphore.tryAcquire(1)).toBe(false)
    semaphore.release(2)
    expect(semaphore.tryAcquire(2)).toBe(true)
    semaphore.release(2)
    expect(() => semaphore.release(1)).toThrow('semaphore: released more than held')
    expect(new Semaphore(0).tryAcquire(0)).toBe(true)
  })

  it('does not starve a large request by small ones', async () => {
    const semaphore = new Semaphore(3)
    let running = true
    for (let i = 0; i < 3; i++) {
      await semaphore.acquire()
      go(async () => {
        while (running) {
          await gosched()
          semaphore.release()
          await semaphore.acquire()
        }
        semaphore.release()
      })
    }
    await semaphore.acquire(3)
    running = false
    semaphore.release(3)
  })

  it('lets the next in when the one in front gives up, and takes nothing for a context that has ended', async () => {
    const semaphore = new Semaphore(10)
    await semaphore.acquire(10)
    const [context, cancel] = withCancel(background())
    const large = semaphore.acquire(10, context)
    const small = semaphore.acquire(1)
    await sleep(0)
    semaphore.release(1)
    await sleep(0)
    cancel()
    await expect(large).rejects.toBe(canceled)
    await small
    semaphore.release(10)
    await expect(semaphore.acquire(1, context)).rejects.toBe(canceled)
    expect(semaphore.tryAcquire(10)).toBe(true)
  })

  it('waits for the end of the context when more is asked than there will ever be', async () => {
    const semaphore = new Semaphore(2)
    const [context] = withTimeout(background(), 5)
    const doomed = semaphore.acquire(3, context)
    await semaphore.acquire(2)
    await expect(doomed).rejects.toBe(deadlineExceeded)
    semaphore.release(2)
  })

  it('never holds more than its size', async () => {
    const semaphore = new Semaphore(5)
    const group = new WaitGroup()
    let held = 0
    let most = 0
    for (let g = 0; g < 20; g++) {
      group.go(async () => {
        for (let i = 0; i < 20; i++) {
          const weight = 1 + ((g + i) % 5)
          await semaphore.acquire(weight)
          held += weight
          most = Math.max(most, held)
          await gosched()
          held -= weight
          semaphore.release(weight)
        }
      })
    }
    await group.wait()
    expect([most, held]).toEqual([5, 0])
  })
})

function fail(message: string): never {
  throw new Error(message)
}
