/** Go's `sync.WaitGroup`: waits for a number of goroutines to finish. */
import type { Goroutine } from '../goroutine.ts'
import { Panic } from '../panic.ts'
import { atOnce, parkIn, wake } from '../park.ts'
import { go } from '../scheduler.ts'
import { WaitQueue } from '../sudog.ts'
import { followed } from './followed.ts'

export class WaitGroup {
  #count = 0
  readonly #waiters = new WaitQueue()

  /** @throws {Panic} `sync: negative WaitGroup counter` */
  add(delta: number): void {
    this.#count += delta
    if (this.#count < 0) {
      throw new Panic('ERR_NEGATIVE_WAITGROUP', 'sync: negative WaitGroup counter')
    }
    if (this.#count === 0) while (wake(this.#waiters));
  }

  done(): void {
    this.add(-1)
  }

  /** Adds one, starts `body` as a goroutine and calls `done` when it ends (Go 1.25's `wg.Go`). */
  go(body: () => unknown): Goroutine {
    this.add(1)
    return go(
      followed(body, (failed, reason) => {
        this.done()
        if (failed) throw reason
      }),
    )
  }

  /** Settles once the count is zero. */
  wait(): Promise<void> {
    return this.#count === 0 ? atOnce() : parkIn(this.#waiters, 'sync.WaitGroup.Wait', this)
  }
}
