/**
 * Go's `sync.Mutex` for critical sections that await. FIFO: `unlock` hands the lock to the longest waiter, so nobody
 * barges in and nobody starves. It belongs to no goroutine: any may unlock, as in Go.
 */
import { FatalError } from '../panic.ts'
import { atOnce, parkIn, wake } from '../park.ts'
import { WaitQueue } from '../sudog.ts'

/** What `Cond` works with. */
export interface Locker {
  lock(): Promise<void>
  unlock(): void
}

export class Mutex implements Locker {
  #locked = false
  readonly #waiters = new WaitQueue()

  lock(): Promise<void> {
    if (this.#locked) return parkIn(this.#waiters, 'sync.Mutex.Lock', this)
    this.#locked = true
    return atOnce()
  }

  tryLock(): boolean {
    if (this.#locked) return false
    this.#locked = true
    return true
  }

  /** @throws {FatalError} `sync: unlock of unlocked mutex` */
  unlock(): void {
    if (!this.#locked) {
      throw new FatalError('ERR_UNLOCK_OF_UNLOCKED', 'sync: unlock of unlocked mutex')
    }
    if (!wake(this.#waiters)) this.#locked = false
  }

  /** Runs `body` while holding the lock and unlocks however it ends. */
  async with<R>(body: () => R | Promise<R>): Promise<R> {
    await this.lock()
    try {
      return await body()
    } finally {
      this.unlock()
    }
  }
}
