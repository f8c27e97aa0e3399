/** Go's `sync.Cond`: goroutines wait for a condition that others announce, under a lock. */
import { parkIn, wake } from '../park.ts'
import { WaitQueue } from '../sudog.ts'
import type { Locker } from './mutex.ts'

export class Cond {
  readonly l: Locker
  readonly #waiters = new WaitQueue()

  constructor(locker: Locker) {
    this.l = locker
  }

  /** Unlocks `l`, waits to be woken, locks `l` again. Check the condition in a loop. */
  async wait(): Promise<void> {
    const woken = parkIn(this.#waiters, 'sync.Cond.Wait', this)
    this.l.unlock()
    await woken
    await this.l.lock()
  }

  /** Wakes the longest waiter, if any. */
  signal(): void {
    wake(this.#waiters)
  }

  broadcast(): void {
    while (wake(this.#waiters));
  }
}
