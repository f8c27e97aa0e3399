/** One connection that listens for NOTIFY, and comes back by itself when it is lost. After a gap everyone is woken. */
import pg from 'pg'
import type { Wakes } from '../wakes.ts'

const firstPause = 100
const longestPause = 5_000

export class Listener implements AsyncDisposable {
  readonly #config: pg.ClientConfig
  readonly #channel: string
  readonly #wakes: Wakes
  #client: pg.Client | undefined
  #starting: Promise<void> | undefined
  #pause = firstPause
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(config: pg.ClientConfig, channel: string, wakes: Wakes) {
    this.#config = config
    this.#channel = channel
    this.#wakes = wakes
  }

  /** Begins to listen; without an answer it goes on trying, and polling serves meanwhile. */
  start(): void {
    if (this.#client || this.#starting || this.#closed) return
    this.#starting = this.#connect().finally(() => {
      this.#starting = undefined
    })
  }

  /** Resolves when it listens, or has failed to for the first time. */
  async started(): Promise<void> {
    await this.#starting
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    await this.#starting
    await this.#client?.end()
    this.#client = undefined
  }

  async #connect(): Promise<void> {
    const client = new pg.Client({ ...this.#config, application_name: 'typestead-journal-listen' })
    const lost = () => {
      if (this.#client !== client && this.#client !== undefined) return
      this.#client = undefined
      this.#again()
    }
    client.on('error', lost)
    client.on('end', lost)
    client.on('notification', ({ payload }) => this.#wakes.wake(payload ?? ''))
    try {
      await client.connect()
      await client.query(`listen ${this.#channel}`)
    } catch {
      // Polling goes on and reports what it meets; this only tries again.
      await client.end().catch(() => {})
      this.#again()
      return
    }
    this.#client = client
    this.#pause = firstPause
    this.#wakes.wakeAll()
  }

  #again(): void {
    if (this.#closed) return
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.start(), this.#pause).unref()
    this.#pause = Math.min(this.#pause * 2, longestPause)
  }
}
