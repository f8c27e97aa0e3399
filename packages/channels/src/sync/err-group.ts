/**
 * Goroutines that work on parts of one task, after `golang.org/x/sync/errgroup`: `wait` settles when all are done and
 * rejects with the first error; the first error ends the group's context.
 */
import type { Chan } from '../chan.ts'
import { makeChan } from '../make-chan.ts'
import { Panic } from '../panic.ts'
import { go } from '../scheduler.ts'
import { type CancelCause, type Context, withCancelCause } from '../time/context.ts'
import { type Ended, followed } from './followed.ts'
import { WaitGroup } from './wait-group.ts'

export class ErrGroup {
  readonly #wait = new WaitGroup()
  #slots: Chan<undefined> | null = null
  #failed = false
  #error: unknown = undefined
  #cancel: CancelCause | null = null

  /** A group and a context that ends when a goroutine fails or `wait` settles. */
  static withContext(parent: Context): [ErrGroup, Context] {
    const group = new ErrGroup()
    const [context, cancel] = withCancelCause(parent)
    group.#cancel = cancel
    return [group, context]
  }

  /**
   * At most `limit` goroutines at a time; a negative limit removes it, 0 lets none start.
   * @throws {Panic} while goroutines of the group are active
   */
  setLimit(limit: number): void {
    const active = this.#slots?.length ?? 0
    if (active > 0) {
      throw new Panic(
        'ERR_ERRGROUP_LIMIT',
        `errgroup: modify limit while ${active} goroutines in the group are still active`,
      )
    }
    this.#slots = limit < 0 ? null : makeChan<undefined>(limit)
  }

  /** Starts `body` in a goroutine; settles once it is started, which waits while the group is at its limit. */
  async go(body: () => unknown): Promise<void> {
    if (this.#slots !== null) await this.#slots.send(undefined)
    this.#start(body)
  }

  /** Starts `body` unless the group is at its limit. */
  tryGo(body: () => unknown): boolean {
    if (this.#slots !== null && !this.#slots.trySend(undefined)) return false
    this.#start(body)
    return true
  }

  /** Waits for all goroutines. @throws the first error that one of them threw */
  async wait(): Promise<void> {
    await this.#wait.wait()
    // Go passes the first error, or nil, as the cause; nil means "context canceled".
    this.#cancel?.(this.#failed ? this.#error : undefined)
    if (this.#failed) throw this.#error
  }

  #start(body: () => unknown): void {
    this.#wait.add(1)
    const ended: Ended = (failed, reason) => {
      if (failed && !this.#failed) {
        this.#failed = true
        this.#error = reason
        this.#cancel?.(reason)
      }
      this.#slots?.tryReceive()
      this.#wait.done()
    }
    go(followed(body, ended))
  }
}
