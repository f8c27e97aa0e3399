/**
 * Finds who is first in line and was not called. PostgreSQL shows two transactions different pasts: the one that puts a message sees
 * another before it, the one that ends that other does not see the message yet; both commit, and nobody calls it. Whoever looks
 * after both commits finds it: the put's wake-up makes a runner look, and an end that such a wake-up met under way makes it look
 * again. SQLite has one writer, so there is nothing to find. Looking takes a twentieth of the time at most.
 */
import type { Clock } from '../clock.ts'
import type { Storage } from '../storage.ts'
import type { TaskStore } from './task-store.ts'

/** Milliseconds between looks at least, and how much longer than a look itself. */
const gap = 20
const times = 20

export class FirstInLine {
  readonly #storage: Storage
  readonly #tasks: TaskStore
  readonly #clock: Clock
  readonly #queue: string
  #calls = 1
  #looked = 0
  #next = Number.NEGATIVE_INFINITY

  constructor(
    parts: { readonly storage: Storage; readonly tasks: TaskStore; readonly clock: Clock },
    queue: string,
  ) {
    this.#storage = parts.storage
    this.#tasks = parts.tasks
    this.#clock = parts.clock
    this.#queue = queue
  }

  /** Wake-ups so far. */
  get calls(): number {
    return this.#calls
  }

  /** Something may have been put, or ended. */
  called(): void {
    this.#calls++
  }

  /** @returns milliseconds until there is to be a look; 0 when this one found some; undefined when nothing has happened since */
  async look(): Promise<number | undefined> {
    if (this.#calls === this.#looked || this.#storage.dialect.kind === 'sqlite') return undefined
    const now = this.#clock.monotonic()
    if (now < this.#next) return this.#next - now
    this.#looked = this.#calls
    const found = await this.#tasks.callHeads(this.#queue)
    const end = this.#clock.monotonic()
    this.#next = end + Math.max(gap, (end - now) * times)
    return found > 0 ? 0 : undefined
  }
}
