/**
 * The running app as it goes: one stream of server-sent events, kept in cells that any panel reads. When the server goes
 * away it says so and tries again by itself; what was missed meanwhile comes after, and a server that was started anew
 * begins a new row.
 */
import { batch, type Cell, cell, Manager, type Readable } from '@typestead/screens'
import type {
  HealthReport,
  LogEntry,
  MetricSample,
  Numbered,
  Operation,
  PlanState,
  Trace,
} from './activity.ts'
import type { BotHappening } from './followed-bots.ts'

export type Connection = 'connecting' | 'open' | 'lost'

const kept = { log: 1000, trace: 200, plans: 200, metrics: 300 } as const
const topics = ['log', 'trace', 'plans', 'metrics', 'health', 'plan', 'bots'] as const
/** Events of this time become one change of the page. */
const gatherMilliseconds = 60
const firstWait = 1000
const longestWait = 5000

interface Received {
  readonly topic: (typeof topics)[number] | 'reset'
  readonly id: number
  readonly data: unknown
}

export class LiveManager extends Manager {
  readonly #connection = cell<Connection>('connecting')
  readonly #opened = cell(0)
  readonly #log = rows<LogEntry>()
  readonly #traces = rows<Trace>()
  readonly #operations = rows<Operation>()
  readonly #metrics = rows<MetricSample>()
  readonly #health = cell<HealthReport | undefined>(undefined)
  readonly #plan = cell<PlanState | undefined>(undefined)
  readonly connection = this.#connection.readonly()
  /** How often the stream was opened: what was loaded before may be another by now. */
  readonly opened: Readable<number> = this.#opened.readonly()
  readonly log = this.#log.readonly()
  readonly traces = this.#traces.readonly()
  readonly operations = this.#operations.readonly()
  readonly metrics = this.#metrics.readonly()
  readonly health = this.#health.readonly()
  readonly plan = this.#plan.readonly()
  readonly #botListeners = new Set<(happening: BotHappening) => void>()
  #source: EventSource | undefined
  #last = ''
  #waiting: Received[] = []
  #timer: ReturnType<typeof setTimeout> | undefined
  #retry: ReturnType<typeof setTimeout> | undefined
  #wait = firstWait

  protected override onInit(): void {
    this.#open()
  }

  protected override onClose(): void {
    clearTimeout(this.#timer)
    clearTimeout(this.#retry)
    this.#source?.close()
  }

  /** Tries now, whatever it waits for. */
  readonly retry = (): void => {
    this.#source?.close()
    this.#open()
  }

  /** Calls back with what happens in bots; the result ends it. Nothing of it is kept. */
  onBots(listener: (happening: BotHappening) => void): () => void {
    this.#botListeners.add(listener)
    return () => this.#botListeners.delete(listener)
  }

  /** Forgets the log's entries that are here; new ones come as before. */
  readonly clearLog = (): void => this.#log.set([])

  #open(): void {
    clearTimeout(this.#retry)
    const after = this.#last === '' ? '' : `&after=${this.#last}`
    const source = new EventSource(`/_typestead/events?topics=${topics.join(',')}${after}`)
    this.#source = source
    source.addEventListener('hello', () => this.#isOpen())
    source.addEventListener('reset', () => {
      this.#receive({ topic: 'reset', id: 0, data: undefined })
      this.#isOpen()
    })
    for (const topic of topics) {
      source.addEventListener(topic, (event) => {
        this.#last = event.lastEventId
        const id = Number(event.lastEventId.split('.')[1])
        this.#receive({ topic, id, data: JSON.parse(event.data) })
      })
    }
    source.addEventListener('error', () => {
      this.#connection.set('lost')
      // The browser tries again by itself, except after an answer that is none.
      if (source.readyState !== EventSource.CLOSED || source !== this.#source) return
      this.#retry = setTimeout(() => this.#open(), this.#wait)
      this.#wait = Math.min(this.#wait * 1.5, longestWait)
    })
  }

  #isOpen(): void {
    this.#wait = firstWait
    this.#connection.set('open')
    this.#opened.update((count) => count + 1)
  }

  #receive(event: Received): void {
    this.#waiting.push(event)
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      const events = this.#waiting
      this.#waiting = []
      batch(() => this.#apply(events))
    }, gatherMilliseconds)
  }

  #apply(events: readonly Received[]): void {
    const begin = events.findLastIndex(({ topic }) => topic === 'reset')
    if (begin >= 0) for (const all of [this.#log, this.#traces, this.#operations]) all.set([])
    if (begin >= 0) this.#metrics.set([])
    const now = events.slice(begin + 1)
    // The workbench sends these shapes.
    add(this.#log, now, 'log')
    add(this.#traces, now, 'trace')
    add(this.#operations, now, 'plans')
    add(this.#metrics, now, 'metrics')
    const health = now.findLast(({ topic }) => topic === 'health')
    if (health !== undefined) this.#health.set(health.data as HealthReport)
    const plan = now.findLast(({ topic }) => topic === 'plan')
    if (plan !== undefined) this.#plan.set(plan.data as PlanState)
    for (const { topic, data } of now) {
      if (topic !== 'bots') continue
      for (const listener of this.#botListeners) listener(data as BotHappening)
    }
  }
}

function rows<T>(): Cell<readonly Numbered<T>[]> {
  return cell<readonly Numbered<T>[]>([])
}

function add<T>(
  to: Cell<readonly Numbered<T>[]>,
  events: readonly Received[],
  topic: keyof typeof kept,
): void {
  const added = events
    .filter((event) => event.topic === topic)
    .map(({ id, data }) => ({ id, value: data as T }))
  if (added.length > 0) to.update((before) => [...before, ...added].slice(-kept[topic]))
}
