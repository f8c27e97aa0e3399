/** Who in this process waits for which topic. A wake-up is a hint: whoever is called looks for himself. */
import type { Dialect } from './storage.ts'

export class Wakes {
  readonly #listeners = new Map<string, Set<() => void>>()

  get size(): number {
    return this.#listeners.size
  }

  listen(topic: string, callback: () => void): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set()
    listeners.add(callback)
    this.#listeners.set(topic, listeners)
    return () => {
      listeners.delete(callback)
      if (listeners.size === 0 && this.#listeners.get(topic) === listeners) {
        this.#listeners.delete(topic)
      }
    }
  }

  wake(topic: string): void {
    for (const callback of [...(this.#listeners.get(topic) ?? [])]) callback()
  }

  wakeAll(which: (topic: string) => boolean = () => true): void {
    for (const topic of [...this.#listeners.keys()]) if (which(topic)) this.wake(topic)
  }
}

/** The topic of a queue with work, and of what waits for results, leases and idempotency keys. */
export const topics = {
  queue: (name: string): string => `q:${name}`,
  finished: 'finished',
  once: 'once',
  lease: 'lease',
  schedules: 'schedules',
} as const

/** A statement that wakes listeners of the topic `$1`, in databases that can. */
export function notifyText({ dialect }: { readonly dialect: Dialect }): string {
  return `select ${dialect.notify('$1')} where $1 is not null`
}
