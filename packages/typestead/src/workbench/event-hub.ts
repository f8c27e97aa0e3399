/**
 * What happens in the process, by topic, for pages that follow it: the last events of each topic are kept, numbered in
 * one row, so that a reader that lost its connection goes on where it was. A number of another process is not of this row.
 */

export const topics = [
  'log',
  'plans',
  'trace',
  'metrics',
  'health',
  'plan',
  'channels',
  'rows',
  'nlu',
  'bots',
] as const
export type Topic = (typeof topics)[number]

export interface HubEvent {
  readonly seq: number
  readonly topic: Topic
  readonly data: unknown
}

/** How many events of each topic are kept; of `health` and `plan` only the last one says anything. */
const kept: Readonly<Record<Topic, number>> = {
  log: 1000,
  plans: 200,
  trace: 200,
  metrics: 300,
  health: 1,
  plan: 1,
  nlu: 1,
  bots: 0,
  channels: 0,
  rows: 0,
}

export class EventHub {
  /** Names this process in the ids of events. */
  readonly boot: string
  readonly #rings = new Map<Topic, HubEvent[]>()
  readonly #readers = new Set<Reader>()
  readonly #watchers = new Set<() => void>()
  #seq = 0

  constructor(boot: string = crypto.randomUUID().slice(0, 8)) {
    this.boot = boot
  }

  publish(topic: Topic, data: unknown): void {
    const event: HubEvent = { seq: ++this.#seq, topic, data }
    const most = kept[topic]
    if (most > 0) {
      const ring = this.#rings.get(topic) ?? []
      this.#rings.set(topic, ring)
      ring.push(event)
      // Taken away in bulk: shift() moves every element.
      if (ring.length > most * 2) ring.splice(0, ring.length - most)
    }
    for (const reader of this.#readers) if (reader.topics.has(topic)) reader.listener(event)
  }

  /** What is kept of a topic, oldest first. */
  kept(topic: Topic): readonly HubEvent[] {
    return (this.#rings.get(topic) ?? []).slice(-Math.max(1, kept[topic]))
  }

  /** The kept events of these topics after a number, in order. */
  after(seq: number, wanted: ReadonlySet<Topic>): readonly HubEvent[] {
    const events: HubEvent[] = []
    for (const topic of wanted) {
      for (const event of this.kept(topic)) if (event.seq > seq) events.push(event)
    }
    return events.sort((a, b) => a.seq - b.seq)
  }

  subscribe(wanted: ReadonlySet<Topic>, listener: (event: HubEvent) => void): Disposable {
    const reader: Reader = { topics: wanted, listener }
    this.#readers.add(reader)
    this.#changed()
    return {
      [Symbol.dispose]: () => {
        if (this.#readers.delete(reader)) this.#changed()
      },
    }
  }

  /** Whether somebody follows a topic. */
  isFollowed(topic: Topic): boolean {
    for (const reader of this.#readers) if (reader.topics.has(topic)) return true
    return false
  }

  /** Calls `watcher` when readers come or go, so that what costs something runs only for them. */
  onReaders(watcher: () => void): void {
    this.#watchers.add(watcher)
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher()
  }
}

interface Reader {
  readonly topics: ReadonlySet<Topic>
  readonly listener: (event: HubEvent) => void
}
