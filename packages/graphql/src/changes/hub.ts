/**
 * One reader of the store's change feed for all who subscribe. Every event reaches a watcher once and in order, also one
 * that goes on from a cursor: it reads what it missed, and joins the others exactly where they are. While the store is
 * away everyone stays where they are.
 * Invariant: `position` is the place behind the last page that every joined watcher has been given. Places are compared
 * for equality alone: what lies behind a place is what the feed gives from there.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { always, type EntityMeta } from '@typestead/entity'
import { type ChangeEvent, type Cursor, type Database, StoreError } from '@typestead/store'
import type { Condition } from '@typestead/store/sql'

/** Events in order, none left out; `from` is the place before them. */
export interface Page {
  readonly from: Cursor
  readonly events: readonly ChangeEvent[]
}

export interface Watcher {
  /** The last event that was seen; by default the watcher starts now. */
  readonly after?: string
  /**
   * The next events. When it throws `UNAVAILABLE` it is given the same page again, once the store may be back.
   * @param own the watcher reads what it missed, and may take its time; otherwise all others wait for it, so it must not
   * wait for the far end
   */
  readonly page: (page: Page, own: boolean) => Promise<void> | void
  readonly fail: (error: unknown) => void
}

interface Joined {
  readonly watcher: Watcher
  /** The watcher is further than the hub: it lacks what the feed gives from here, and nothing of what lies before. */
  ahead?: Cursor
}

interface Joining {
  readonly joined: Joined
  /** Behind the last event that the watcher was given. */
  from: Cursor
}

type FeedPage = Awaited<ReturnType<Database['backend']['feedRead']>>

const pageSize = 200
const pollMilliseconds = 1000
const pendingMilliseconds = 5

export class ChangeHub {
  readonly #db: Database
  readonly #entities: ReadonlyMap<EntityMeta, Condition>
  readonly #pauseMilliseconds: number
  readonly #watchers = new Set<Joined>()
  /** Those that still read what they missed, each at its own pace. */
  readonly #following = new Map<Joined, AbortController>()
  #joining: Joining[] = []
  #position: Cursor | undefined
  #running: AbortController | undefined
  /** The reader; only one at a time moves the position. */
  #reader: Promise<void> = Promise.resolve()
  #wake: AbortController | undefined

  /** @param pauseMilliseconds between two tries of a store that is away */
  constructor(db: Database, metas: readonly EntityMeta[], pauseMilliseconds = 500) {
    this.#db = db
    this.#pauseMilliseconds = pauseMilliseconds
    this.#entities = new Map(metas.map((meta) => [meta, always]))
  }

  /** How many watch; the feed is read only while someone does. */
  get size(): number {
    return this.#watchers.size + this.#following.size + this.#joining.length
  }

  /**
   * Resolves once no later write can be missed; what it gives ends the watch.
   * @throws {StoreError} `BAD_CURSOR`, `UNAVAILABLE`
   */
  async watch(watcher: Watcher): Promise<() => void> {
    const joined: Joined = { watcher }
    const leave = () => this.#leave(joined)
    if (watcher.after !== undefined) {
      // Whether it is a place of this feed is told at once.
      const from = watcher.after as Cursor
      const first = await this.#read(from)
      const left = new AbortController()
      this.#following.set(joined, left)
      void this.#follow({ joined, from }, first, left.signal)
      return leave
    }
    this.#watchers.add(joined)
    try {
      await this.#started()
    } catch (error) {
      leave()
      throw error
    }
    return leave
  }

  /** Ends all watches with this error. */
  end(error: unknown): void {
    const all = [
      ...this.#watchers,
      ...this.#following.keys(),
      ...this.#joining.map((one) => one.joined),
    ]
    for (const joined of all) this.#leave(joined)
    for (const { watcher } of all) watcher.fail(error)
  }

  #leave(joined: Joined): void {
    this.#watchers.delete(joined)
    this.#following.get(joined)?.abort()
    this.#following.delete(joined)
    this.#joining = this.#joining.filter((one) => one.joined !== joined)
    if (this.size === 0) this.#running?.abort()
  }

  /** What is far behind is read before joining, so that nobody else waits for it. */
  async #follow(one: Joining, first: FeedPage, signal: AbortSignal): Promise<void> {
    const { joined } = one
    for (let page: FeedPage | undefined = first; !signal.aborted; ) {
      try {
        page ??= await this.#read(one.from)
        const { events, next } = page
        if (events.length > 0) await joined.watcher.page({ from: one.from, events }, true)
        const end = next === one.from || events.length < pageSize
        one.from = next
        page = undefined
        if (!end) continue
        await this.#started()
        if (!this.#following.delete(joined)) return
        this.#joining.push(one)
        this.#wake?.abort()
        return
      } catch (error) {
        if (isOutage(error)) await this.#pause(signal)
        else {
          if (!signal.aborted) joined.watcher.fail(error)
          this.#leave(joined)
          return
        }
      }
    }
  }

  #starting: Promise<void> | undefined

  async #started(): Promise<void> {
    if (this.#running && !this.#running.signal.aborted) return
    this.#starting ??= this.#start().finally(() => {
      this.#starting = undefined
    })
    await this.#starting
  }

  async #start(): Promise<void> {
    await this.#reader
    this.#position = await this.#db.changesEnd()
    // Whoever it was started for may have left.
    if (this.size === 0) return
    const running = new AbortController()
    this.#running = running
    this.#reader = this.#run(running.signal)
  }

  async #run(signal: AbortSignal): Promise<void> {
    const { backend } = this.#db
    while (!signal.aborted) {
      try {
        await this.#join(signal)
        const from = this.#position as Cursor
        const { events, next, pending, wakes } = await this.#read(from)
        // Who came meanwhile waits for the next reader, at a place of its own.
        if (signal.aborted) return
        if (events.length > 0) await this.#give({ from, events }, signal)
        this.#position = next
        if (next !== from || this.#joining.length > 0) continue
        this.#wake = new AbortController()
        const either = AbortSignal.any([signal, this.#wake.signal])
        await backend.feedWait(pending ? pendingMilliseconds : pollMilliseconds, either, wakes)
      } catch (error) {
        if (!isOutage(error)) {
          this.end(error)
          return
        }
        // The place is kept, and reading goes on from it.
        await this.#pause(signal)
      }
    }
  }

  async #give(page: Page, signal: AbortSignal): Promise<void> {
    await Promise.all([...this.#watchers].map((joined) => this.#giveOne(joined, page, signal)))
  }

  async #giveOne(joined: Joined, page: Page, signal: AbortSignal): Promise<void> {
    while (this.#watchers.has(joined) && !signal.aborted) {
      try {
        const rest = await this.#unseen(joined, page)
        if (rest.events.length > 0) await joined.watcher.page(rest, false)
        return
      } catch (error) {
        if (isOutage(error)) await this.#pause(signal)
        else {
          this.#watchers.delete(joined)
          joined.watcher.fail(error)
        }
      }
    }
  }

  /** Of a page, what a watcher that was further than the hub has not seen: what the feed gives from its own place too. */
  async #unseen(joined: Joined, page: Page): Promise<Page> {
    const last = page.events.at(-1)?.cursor
    const from = joined.ahead
    if (from === undefined || last === undefined) return page
    const lacking = new Set<Cursor>()
    for (let at = from; ; ) {
      const { events, next } = await this.#read(at)
      for (const { cursor } of events) lacking.add(cursor)
      if (lacking.has(last)) {
        // From the end of this page on it is where the hub is.
        delete joined.ahead
        break
      }
      if (next === at) break
      at = next
    }
    return { from, events: page.events.filter(({ cursor }) => lacking.has(cursor)) }
  }

  /** While the hub stands still: each is brought to its position, or noted to be ahead of it. */
  async #join(signal: AbortSignal): Promise<void> {
    for (;;) {
      const one = this.#joining[0]
      if (!one || signal.aborted) return
      try {
        await this.#catchUp(one, signal)
        if (signal.aborted) return
        if (this.#joining.includes(one)) this.#watchers.add(one.joined)
      } catch (error) {
        if (isOutage(error)) throw error
        one.joined.watcher.fail(error)
      }
      this.#joining = this.#joining.filter((other) => other !== one)
    }
  }

  async #catchUp(one: Joining, signal: AbortSignal): Promise<void> {
    const position = this.#position as Cursor
    while (one.from !== position) {
      const { from } = one
      const { events, next } = await this.#read(from)
      if (signal.aborted) return
      if (next === from) {
        one.joined.ahead = from
        return
      }
      const stop = events.findIndex(({ cursor }) => cursor === position)
      const missed = stop === -1 ? events : events.slice(0, stop + 1)
      if (missed.length > 0) await one.joined.watcher.page({ from, events: missed }, false)
      one.from = stop === -1 ? next : position
    }
  }

  async #pause(signal: AbortSignal): Promise<void> {
    // It is ended by the signal alone, which says all.
    await wait(this.#pauseMilliseconds, undefined, { signal, ref: false }).catch(() => {})
  }

  #read(after: Cursor) {
    return this.#db.backend.feedRead({ after, entities: this.#entities, limit: pageSize })
  }
}

function isOutage(error: unknown): boolean {
  return error instanceof StoreError && (error.code === 'UNAVAILABLE' || error.code === 'TIMEOUT')
}
