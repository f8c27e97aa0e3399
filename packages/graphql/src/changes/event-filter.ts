/** Which events of a page someone may see: judged once for all who have the same condition, in SQL where it must be. */
import type { EntityMeta } from '@typestead/entity'
import type { ChangeEvent, Database } from '@typestead/store'
import type { Condition } from '@typestead/store/sql'
import { forgetFailed } from './forget-failed.ts'
import type { Page } from './hub.ts'
import { matches } from './matches.ts'

const pageSize = 200

export class EventFilter {
  readonly #db: Database
  /** Of the newest pages; pages are given to all watchers at once. */
  readonly #judged = new WeakMap<
    readonly ChangeEvent[],
    Map<string, Promise<ReadonlySet<string>>>
  >()

  constructor(db: Database) {
    this.#db = db
  }

  /** The events that fulfil the condition, of which `key` is the text. */
  async visible(
    page: Page,
    meta: EntityMeta,
    condition: Condition,
    key: string,
  ): Promise<readonly ChangeEvent[]> {
    const own = page.events.filter(({ entity }) => entity === meta.name)
    if (own.length === 0 || condition.op === 'always') return own
    const judged = this.#judged.get(page.events) ?? new Map<string, Promise<ReadonlySet<string>>>()
    this.#judged.set(page.events, judged)
    const seen = judged.get(key) ?? this.#judge(page, own, meta, condition)
    judged.set(key, seen)
    const cursors = await forgetFailed(judged, key, seen)
    return own.filter(({ cursor }) => cursors.has(cursor))
  }

  async #judge(
    page: Page,
    own: readonly ChangeEvent[],
    meta: EntityMeta,
    condition: Condition,
  ): Promise<ReadonlySet<string>> {
    const seen = new Set<string>()
    let unknown = false
    for (const { row, cursor } of own) {
      const found = matches(condition, row as Readonly<Record<string, unknown>>)
      if (found === undefined) unknown = true
      else if (found) seen.add(cursor)
    }
    if (!unknown) return seen
    const entities = new Map([[meta, condition]])
    const found = new Set<string>()
    const last = page.events.at(-1)?.cursor
    // Rows that were hidden make no event, so a page of the query may be shorter; it ends behind the page's last event.
    for (let after = page.from; ; ) {
      const { events, next } = await this.#db.backend.feedRead({ after, entities, limit: pageSize })
      for (const { cursor } of events) found.add(cursor)
      if (next === after || next === last || page.events.length <= pageSize) break
      after = next
    }
    return found
  }
}
