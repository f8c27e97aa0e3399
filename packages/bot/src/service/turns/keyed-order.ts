/**
 * Work of one key is done one after the other, in the order in which it came; work of other keys beside it. A key without work
 * holds no memory. At most `capacity` works wait or run, `capacityPerKey` for one key: more are refused.
 */
import { BotError } from '../../bot-error.ts'

export interface OrderLimits {
  readonly capacity: number
  readonly capacityPerKey: number
}

interface Line {
  tail: Promise<unknown>
  length: number
}

export class KeyedOrder {
  readonly #limits: OrderLimits
  readonly #lines = new Map<string, Line>()
  #waiting = 0
  #idle: (() => void)[] = []

  constructor(limits: OrderLimits) {
    this.#limits = limits
  }

  /** How many keys have work. */
  get keys(): number {
    return this.#lines.size
  }

  /** Whether a key has work. */
  has(key: string): boolean {
    return this.#lines.has(key)
  }

  /** Resolves once all work of a key that is there now has ended. */
  async ended(key: string): Promise<void> {
    await this.#lines.get(key)?.tail
  }

  /** @throws {BotError} LIMIT when too much waits */
  async run<R>(key: string, work: () => Promise<R>): Promise<R> {
    const line = this.#lines.get(key) ?? { tail: Promise.resolve(), length: 0 }
    if (this.#waiting >= this.#limits.capacity || line.length >= this.#limits.capacityPerKey) {
      throw new BotError(
        'LIMIT',
        line.length >= this.#limits.capacityPerKey
          ? `${line.length} turns of this conversation wait already; wait for their answers`
          : `${this.#waiting} turns wait already; ask again later`,
      )
    }
    this.#lines.set(key, line)
    this.#waiting++
    line.length++
    const before = line.tail
    const { promise: own, resolve: end } = Promise.withResolvers<void>()
    line.tail = own
    await before
    try {
      return await work()
    } finally {
      this.#waiting--
      if (--line.length === 0) this.#lines.delete(key)
      end()
      if (this.#waiting === 0) for (const go of this.#idle.splice(0)) go()
    }
  }

  /** Resolves once nothing waits or runs. */
  async drained(): Promise<void> {
    if (this.#waiting > 0) await new Promise<void>((resolve) => this.#idle.push(resolve))
  }
}
