/**
 * Tells of committed writes while somebody follows the topic: which entity, which row, what was done. Values are asked
 * for by who shows them, so that nothing is sent that nobody looks at.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { EntityMeta } from '@typestead/entity'
import type { Database } from '@typestead/store'
import type { Logger } from '../server/log.ts'
import type { EventHub } from './event-hub.ts'
import { keyText, rowKey, type Values } from './row-key.ts'

export interface RowWatchOptions {
  readonly db: Database
  readonly metas: readonly EntityMeta[]
  readonly hub: EventHub
  readonly log: Logger
}

/** One committed write. */
export interface RowEvent {
  readonly entity: string
  readonly op: 'create' | 'update' | 'delete'
  /** As it stands in addresses. */
  readonly key: string
}

const againMilliseconds = 1000

export class RowWatch implements Disposable {
  readonly #options: RowWatchOptions
  #reading: AbortController | undefined
  #ended = false

  constructor(options: RowWatchOptions) {
    this.#options = options
    options.hub.onReaders(() => this.#follow())
    this.#follow()
  }

  [Symbol.dispose](): void {
    this.#ended = true
    this.#reading?.abort()
  }

  #follow(): void {
    const isWanted = !this.#ended && this.#options.hub.isFollowed('rows')
    if (!isWanted) {
      this.#reading?.abort()
      this.#reading = undefined
    } else if (this.#reading === undefined) {
      this.#reading = new AbortController()
      void this.#read(this.#reading.signal)
    }
  }

  /** A database that went away is waited for; what it missed meanwhile is missed here too. */
  async #read(signal: AbortSignal): Promise<void> {
    const { db, metas, hub, log } = this.#options
    while (!signal.aborted) {
      try {
        for await (const { entity, op, row } of db.changes({ signal })) {
          const meta = metas.find(({ name }) => name === entity)
          if (meta === undefined) continue
          // The row of an event is of the entity's class.
          const event: RowEvent = { entity, op, key: keyText(rowKey(meta, row as Values)) }
          hub.publish('rows', event)
        }
      } catch (error) {
        if (signal.aborted) return
        log.debug({ error }, 'the change feed ended; the console reads it again')
        await sleep(againMilliseconds, undefined, { signal }).catch(() => {})
      }
    }
  }
}
