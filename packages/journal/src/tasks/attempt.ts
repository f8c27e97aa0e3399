/**
 * One attempt at a claimed task, as its queue's runner holds it: it can be aborted, also when the work does not look. The
 * signal is made when somebody asks for it.
 */
import type { Presence } from '../presence.ts'
import type { ClaimedTask } from './task.ts'

export class Attempt {
  readonly task: ClaimedTask
  readonly presence: Presence
  /** When it began, on the process's clock. */
  readonly began: number
  #controller: AbortController | undefined
  #reason: unknown
  #reject: ((reason: unknown) => void) | undefined

  constructor(task: ClaimedTask, presence: Presence, began: number) {
    this.task = task
    this.presence = presence
    this.began = began
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#reason !== undefined) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }

  abort(reason: unknown): void {
    if (this.#reason !== undefined) return
    this.#reason = reason
    this.#controller?.abort(reason)
    this.#reject?.(reason)
  }

  throwIfAborted(): void {
    if (this.#reason !== undefined) throw this.#reason
  }

  /** The work's end, or the abort's reason when that comes first; the work's own end is then of no interest. */
  race<R>(work: Promise<R>): Promise<R> {
    work.catch(() => {})
    return new Promise((resolve, reject) => {
      if (this.#reason !== undefined) return reject(this.#reason)
      this.#reject = reject
      work.then(resolve, reject)
    })
  }
}
