/**
 * What Journal's pages ask of the workbench. It is asked anew every one and a half seconds while a page is open, since other processes also
 * work on the same journal; what has not changed changes nothing on the page.
 */
import { cell, Manager, type Resource, resource } from '@typestead/screens'
import type { ServerManager } from '../../server/server-manager.ts'
import { steady } from '../../server/steady.ts'
import type { DeadLetter, Overview, StepRow, TaskRow } from './journal-rows.ts'

const everyMilliseconds = 1500

export interface WorkFilter {
  readonly kind: 'outbox' | 'jobs'
  readonly queue: string
}

export class JournalManager extends Manager {
  readonly #server: ServerManager
  readonly #asked = cell(0)
  #overview: Resource<Overview> | undefined
  #timer: ReturnType<typeof setInterval> | undefined

  constructor(server: ServerManager) {
    super()
    this.#server = server
  }

  protected override onInit(): void {
    this.#overview = this.#loaded<Overview>(() => '/journal')
    this.#timer = setInterval(() => {
      if (!document.hidden) this.#again()
    }, everyMilliseconds)
  }

  protected override onClose(): void {
    clearInterval(this.#timer)
  }

  get overview(): Resource<Overview> {
    if (this.#overview === undefined) throw new Error('the overview is there after onInit')
    return this.#overview
  }

  /** Belongs to the owner that runs. */
  tasks(filter: () => WorkFilter): Resource<{ readonly rows: readonly TaskRow[] }> {
    return this.#loaded(() => `/journal/${filter().kind}${queueOf(filter())}`)
  }

  /** Belongs to the owner that runs. */
  deadLetters(
    filter: () => { readonly queue: string },
  ): Resource<{ readonly rows: readonly DeadLetter[] }> {
    return this.#loaded(() => `/journal/dead${queueOf(filter())}`)
  }

  /** What a job has recorded. Belongs to the owner that runs. */
  steps(id: () => string): Resource<{ readonly rows: readonly StepRow[] }> {
    return this.#loaded(() => `/journal/jobs/${encodeURIComponent(id())}/steps`)
  }

  /** @throws {ServerError} when it is gone already */
  async replay(id: string): Promise<void> {
    await this.#server.ask(`/journal/dead/${encodeURIComponent(id)}/replay`, {
      method: 'POST',
      signal: this.signal,
    })
    this.#again()
  }

  /** @throws {ServerError} when it is gone already */
  async discard(id: string): Promise<void> {
    await this.#server.ask(`/journal/dead/${encodeURIComponent(id)}`, {
      method: 'DELETE',
      signal: this.signal,
    })
    this.#again()
  }

  #again(): void {
    this.#asked.update((count) => count + 1)
  }

  #loaded<T>(path: () => string): Resource<T> {
    return steady(
      resource((signal) => {
        this.#asked.value
        return this.#server.ask<T>(path(), { signal })
      }),
    )
  }
}

function queueOf({ queue }: { readonly queue: string }): string {
  return queue === '' ? '' : `?queue=${encodeURIComponent(queue)}`
}
