/**
 * The change feed: every committed write of every entity, in order of commit, none lost and none twice. A reader keeps
 * the cursor of the last event it has dealt with, and goes on from there, also after a crash.
 */
import type { EntityMeta, Instance, Model } from '@typestead/entity'
import type { Backend, FeedQuery } from './backend.ts'

declare const cursorBrand: unique symbol
/** A place in the feed; text that is only compared by the store that made it. */
export type Cursor = string & { readonly [cursorBrand]: true }

export interface ChangeEvent<T = unknown> {
  /** The place after this event. */
  readonly cursor: Cursor
  readonly entity: string
  readonly op: 'create' | 'update' | 'delete'
  /** The key of the row, as `get` takes it. */
  readonly key: unknown
  /** The row after the write (for a delete, before it), secrets left out. */
  readonly row: T
  readonly at: Date
}

export interface ChangesOptions<T = unknown> {
  /** Only events after this place; by default those that come after the call. */
  readonly after?: Cursor
  /** Only these entities; by default all. */
  readonly entities?: readonly T[]
  readonly signal?: AbortSignal
}

/** Events are read in pages of this size; a slow reader holds back at most one page in memory. */
const pageSize = 200
/** Without any wake-up the feed looks for events this often. */
const pollMilliseconds = 1000
/** When events are there but wait for a transaction under way: this often. */
const pendingMilliseconds = 20

/** Reads the feed for ever, or until the signal is aborted. */
export async function* readFeed(
  backend: Backend,
  entities: FeedQuery['entities'],
  hydrate: (meta: EntityMeta, values: Record<string, unknown>) => unknown,
  model: Model,
  options: { readonly after?: Cursor; readonly signal?: AbortSignal },
): AsyncGenerator<ChangeEvent, void, void> {
  const signal = options.signal ?? new AbortController().signal
  let after = options.after ?? (await backend.feedEnd())
  while (!signal.aborted) {
    const { events, next, pending, wakes } = await backend.feedRead({
      after,
      entities,
      limit: pageSize,
    })
    for (const event of events) {
      yield {
        ...event,
        row: hydrate(model.meta(event.entity), event.row as Record<string, unknown>),
      }
      if (signal.aborted) return
    }
    if (next === after)
      await backend.feedWait(pending ? pendingMilliseconds : pollMilliseconds, signal, wakes)
    after = next
  }
}

export type EventOf<T> = ChangeEvent<Instance<T>>
