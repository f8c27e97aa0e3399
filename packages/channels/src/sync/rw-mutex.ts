/**
 * Go's `sync.RWMutex`: many readers or one writer. A waiting writer keeps new readers out; when it unlocks, the
 * readers that waited go first, so neither side starves.
 */
import { FatalError } from '../panic.ts'
import { atOnce, parkIn, wake } from '../park.ts'
import { WaitQueue } from '../sudog.ts'
import type { Locker } from './mutex.ts'

export class RWMutex implements Locker {
  #readers = 0
  #writing = false
  readonly #waitingReaders = new WaitQueue()
  readonly #waitingWriters = new WaitQueue()

  rLock(): Promise<void> {
    if (this.tryRLock()) return atOnce()
    return parkIn(this.#waitingReaders, 'sync.RWMutex.RLock', this)
  }

  tryRLock(): boolean {
    if (this.#writing || this.#waitingWriters.first !== null) return false
    this.#readers++
    return true
  }

  /** @throws {FatalError} `sync: RUnlock of unlocked RWMutex` */
  rUnlock(): void {
    if (this.#readers === 0) {
      throw new FatalError('ERR_UNLOCK_OF_UNLOCKED', 'sync: RUnlock of unlocked RWMutex')
    }
    if (--this.#readers === 0 && wake(this.#waitingWriters)) this.#writing = true
  }

  lock(): Promise<void> {
    if (this.tryLock()) return atOnce()
    return parkIn(this.#waitingWriters, 'sync.RWMutex.Lock', this)
  }

  tryLock(): boolean {
    if (this.#writing || this.#readers > 0) return false
    this.#writing = true
    return true
  }

  /** @throws {FatalError} `sync: Unlock of unlocked RWMutex` */
  unlock(): void {
    if (!this.#writing) {
      throw new FatalError('ERR_UNLOCK_OF_UNLOCKED', 'sync: Unlock of unlocked RWMutex')
    }
    this.#writing = false
    while (wake(this.#waitingReaders)) this.#readers++
    if (this.#readers === 0 && wake(this.#waitingWriters)) this.#writing = true
  }

  /** A `Locker` whose lock and unlock are `rLock` and `rUnlock`. */
  rLocker(): Locker {
    return { lock: () => this.rLock(), unlock: () => this.rUnlock() }
  }
}
