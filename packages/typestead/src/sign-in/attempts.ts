/**
 * Counts failed sign-ins by login and address in a bounded map, oldest first. An attempt is counted before the password
 * is checked, so that attempts made at once do not pass together; a success takes the count away.
 */
export interface AttemptsOptions {
  /** Attempts within the window. */
  readonly limit: number
  readonly windowMilliseconds: number
  /** Entries kept at most; the oldest is forgotten first. */
  readonly entries: number
  readonly now: () => number
}

interface Entry {
  count: number
  readonly until: number
}

export class Attempts {
  readonly #options: AttemptsOptions
  /** In order of their first attempt, so the first entry is the oldest. */
  readonly #entries = new Map<string, Entry>()

  constructor(options: Partial<AttemptsOptions> = {}) {
    this.#options = {
      limit: 10,
      windowMilliseconds: 15 * 60_000,
      entries: 10_000,
      now: () => performance.now(),
      ...options,
    }
  }

  /** Counts one attempt. The answer is the seconds to wait when there were too many, else undefined. */
  take(key: string): number | undefined {
    const { limit, windowMilliseconds, entries, now } = this.#options
    const time = now()
    this.#forgetUntil(time)
    const entry = this.#entries.get(key) ?? { count: 0, until: time + windowMilliseconds }
    if (entry.count >= limit) return Math.max(1, Math.ceil((entry.until - time) / 1000))
    entry.count++
    this.#entries.set(key, entry)
    if (this.#entries.size > entries) {
      const [oldest] = this.#entries.keys()
      if (oldest !== undefined) this.#entries.delete(oldest)
    }
    return undefined
  }

  forget(key: string): void {
    this.#entries.delete(key)
  }

  get size(): number {
    return this.#entries.size
  }

  #forgetUntil(time: number): void {
    for (const [key, entry] of this.#entries) {
      if (entry.until > time) return
      this.#entries.delete(key)
    }
  }
}
