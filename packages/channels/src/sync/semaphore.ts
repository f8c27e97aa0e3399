/**
 * A weighted semaphore after `golang.org/x/sync/semaphore`: FIFO, so a large request is not overtaken by small ones.
 */

import type { Chan } from '../chan.ts'
import { makeChan } from '../make-chan.ts'
import { Panic } from '../panic.ts'
import { atOnce } from '../park.ts'
import { select } from '../select.ts'
import { recv } from '../select-case.ts'
import type { Context } from '../time/context.ts'

interface Waiting {
  readonly weight: number
  readonly granted: Chan<undefined>
}

export class Semaphore {
  readonly size: number
  #held = 0
  readonly #waiting: Waiting[] = []

  /** @throws {Panic} when `size` is not a whole number of 0 or more */
  constructor(size: number) {
    checkWeight(size)
    this.size = size
  }

  /**
   * Takes `weight`, waiting for it. With a context, its end ends the wait, and one that has ended takes nothing.
   * @throws the context's error; a request above `size` waits for that alone, as in Go
   */
  acquire(weight = 1, context?: Context): Promise<void> {
    if (context !== undefined && context.err !== null) return Promise.reject(context.err)
    if (this.tryAcquire(weight)) return atOnce()
    return this.#wait(weight, context)
  }

  tryAcquire(weight = 1): boolean {
    checkWeight(weight)
    if (this.#waiting.length > 0 || this.#held + weight > this.size) return false
    this.#held += weight
    return true
  }

  /** @throws {Panic} `semaphore: released more than held` */
  release(weight = 1): void {
    checkWeight(weight)
    if (weight > this.#held) {
      throw new Panic('ERR_SEMAPHORE', 'semaphore: released more than held')
    }
    this.#held -= weight
    this.#grant()
  }

  async #wait(weight: number, context: Context | undefined): Promise<void> {
    if (weight > this.size) {
      await select(recv(context?.done()))
      throw context?.err
    }
    const waiting: Waiting = { weight, granted: makeChan<undefined>(1) }
    this.#waiting.push(waiting)
    const { index } = await select(recv(waiting.granted), recv(context?.done()))
    if (index === 0) {
      if (context === undefined || context.err === null) return
      this.release(weight)
      throw context.err
    }
    const place = this.#waiting.indexOf(waiting)
    if (place < 0) {
      // Granted in the same instant as the context ended: Go gives it back too.
      this.release(weight)
    } else {
      this.#waiting.splice(place, 1)
      if (place === 0) this.#grant()
    }
    throw context?.err
  }

  #grant(): void {
    for (;;) {
      const [first] = this.#waiting
      if (first === undefined || this.#held + first.weight > this.size) return
      this.#waiting.shift()
      this.#held += first.weight
      first.granted.trySend(undefined)
    }
  }
}

function checkWeight(weight: number): void {
  if (!Number.isInteger(weight) || weight < 0) {
    throw new Panic('ERR_SEMAPHORE', `a semaphore weight is a whole number from 0, got ${weight}`)
  }
}
