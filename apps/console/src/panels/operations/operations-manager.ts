/** What Operations shows of the running app: entries and requests that fit the filters, held still while paused. */
import { cell, computed, Manager, type Readable } from '@typestead/screens'
import type { LogEntry, Numbered, Trace } from '../../server/activity.ts'
import type { LiveManager } from '../../server/live-manager.ts'
import { levels } from './operations-routes.ts'

export interface LogFilter {
  readonly level: (typeof levels)[number]
  readonly text: string
  readonly workbench: boolean
}

export interface TraceFilter {
  readonly text: string
  readonly status: 'all' | 'failed'
  readonly slower: number
}

export class OperationsManager extends Manager {
  readonly live: LiveManager
  readonly #held = cell<readonly Numbered<LogEntry>[] | undefined>(undefined)
  /** The log stands still; entries that come meanwhile are kept. */
  readonly paused = computed(() => this.#held.value !== undefined)
  /** Entries that came since it was paused. */
  readonly waiting = computed(() => {
    const held = this.#held.value
    const last = held?.at(-1)?.id ?? 0
    return held === undefined ? 0 : this.live.log.value.filter(({ id }) => id > last).length
  })

  constructor(live: LiveManager) {
    super()
    this.live = live
  }

  readonly pause = (): void => {
    this.#held.update((held) => (held === undefined ? this.live.log.peek() : undefined))
  }

  readonly clear = (): void => {
    this.live.clearLog()
    if (this.#held.peek() !== undefined) this.#held.set([])
  }

  entries(filter: Readable<LogFilter>): Readable<readonly Numbered<LogEntry>[]> {
    return computed(() => {
      const fits = fitsLog(filter.value)
      return (this.#held.value ?? this.live.log.value).filter(({ value }) => fits(value))
    })
  }

  /** The newest first. */
  traces(filter: Readable<TraceFilter>): Readable<readonly Numbered<Trace>[]> {
    return computed(() => {
      const fits = fitsTrace(filter.value)
      return this.live.traces.value.filter(({ value }) => fits(value)).reverse()
    })
  }
}

export function fitsLog({ level, text, workbench }: LogFilter): (entry: LogEntry) => boolean {
  const least = levels.indexOf(level)
  const typed = text.trim().toLowerCase()
  return (entry) => {
    const known = levels.indexOf(entry.level as (typeof levels)[number]) // or none of them
    // Levels of others, such as fatal, are above all.
    if (known >= 0 && known < least) return false
    if (!workbench && entry.server === 'workbench' && known <= 1) return false
    return typed === '' || JSON.stringify(entry).toLowerCase().includes(typed)
  }
}

export function fitsTrace({ text, status, slower }: TraceFilter): (trace: Trace) => boolean {
  const typed = text.trim().toLowerCase()
  return (trace) => {
    if (status === 'failed' && trace.status < 400) return false
    if (trace.ms < slower) return false
    const spans = trace.spans.map(({ name }) => name).join(' ')
    const said = `${trace.method} ${trace.route} ${trace.status} ${trace.requestId} ${spans}`
    return typed === '' || said.toLowerCase().includes(typed)
  }
}
