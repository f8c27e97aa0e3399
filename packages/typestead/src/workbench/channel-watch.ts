/**
 * Goroutines and channels of this process, as `@typestead/channels` traces them: the app's own copy, if it installed
 * it. A goroutine is known only when it began under a trace, so in development tracing begins before the app's own
 * parts are made; in production, where it would cost the app something, only while somebody follows the topic. Values
 * that go through channels may be secrets: of a text only its length is told.
 */
import { pathToFileURL } from 'node:url'
import { findInstalled } from '../config/installed.ts'
import type { Logger } from '../server/log.ts'
import type { EventHub } from './event-hub.ts'

/** A step of the scheduler or of a channel, as `trace` tells it; `at` is milliseconds since the process began. */
interface TraceEvent {
  readonly seq: number
  readonly at: number
  readonly kind: string
  readonly g: number | null
  readonly by: number | null
  readonly reason: string
  readonly channel: string
  readonly value: unknown
}

/** A goroutine as `inspectScheduler` tells it. */
export interface GoroutineView {
  readonly id: number
  readonly name: string
  readonly state: string
  readonly waitReason: string
  readonly waitingOn: string
}

/** One step, without its value. */
export type ChannelStep = Omit<TraceEvent, 'value'> & { readonly value: string }

/** What is inside a channel, without its values. */
export interface ChannelContent {
  /** Its name, or its type and address, as steps call it. */
  readonly channel: string
  readonly capacity: number
  readonly buffered: number
  readonly closed: boolean
  /** How many goroutines wait to receive, to send. */
  readonly receivers: number
  readonly senders: number
}

export type ChannelsState =
  | { readonly status: 'missing' }
  | {
      readonly status: 'watched'
      readonly goroutines: readonly GoroutineView[]
      /** Those used since tracing began, the latest ones; empty with an older version of the package. */
      readonly contents: readonly ChannelContent[]
      /** The last ones, oldest first. */
      readonly steps: readonly ChannelStep[]
    }

const tickMilliseconds = 200
/** Steps that are told of one tick; of more only the number. */
const mostSteps = 400
/** Steps that are kept for who comes later. */
const keptSteps = 500
/** Channels whose contents are told. */
const mostChannels = 100

/** What is used of the package; by its shape, since an app need not have it. */
interface Channels {
  trace(listener: (event: TraceEvent) => void): () => void
  inspectScheduler(): { readonly g: readonly GoroutineView[] }
  /** Absent in versions that do not know them. */
  readonly watchChannels?: () => () => void
  readonly inspectChannels?: () => readonly HchanView[]
}

/** A channel as `inspectChannels` tells it. */
interface HchanView {
  readonly type: string
  readonly address: string
  readonly name: string
  readonly qcount: number
  readonly dataqsiz: number
  readonly closed: 0 | 1
  readonly recvq: readonly unknown[]
  readonly sendq: readonly unknown[]
}

export interface ChannelWatchOptions {
  /** The app's. */
  readonly folder: string
  readonly hub: EventHub
  /** Traces from now on, not only while somebody follows. */
  readonly always: boolean
  readonly log: Logger
}

export class ChannelWatch implements Disposable {
  readonly #folder: string
  readonly #hub: EventHub
  #channels: Promise<Channels | undefined> | undefined
  readonly #always: boolean
  readonly #log: Logger
  #kept: ChannelStep[] = []
  #stop: (() => void) | undefined
  #ended = false

  constructor(options: ChannelWatchOptions) {
    const { folder, hub, always, log } = options
    this.#folder = folder
    this.#hub = hub
    this.#always = always
    this.#log = log
    hub.onReaders(() => this.#look())
    if (always) this.#look()
  }

  async state(): Promise<ChannelsState> {
    const channels = await this.#load()
    if (channels === undefined) return { status: 'missing' }
    const { g } = channels.inspectScheduler()
    const steps = this.#kept.slice(-keptSteps)
    return { status: 'watched', goroutines: g, contents: contentsOf(channels), steps }
  }

  [Symbol.dispose](): void {
    this.#ended = true
    this.#stop?.()
    this.#stop = undefined
  }

  #look(): void {
    this.#follow().catch((error: unknown) => {
      this.#log.warn({ error }, 'goroutines cannot be traced')
    })
  }

  async #follow(): Promise<void> {
    const isWanted = () => !this.#ended && (this.#always || this.#hub.isFollowed('channels'))
    if (!isWanted()) {
      this.#stop?.()
      this.#stop = undefined
      return
    }
    const channels = await this.#load()
    if (channels !== undefined && this.#stop === undefined && isWanted()) {
      this.#stop = this.#trace(channels)
    }
  }

  #trace(channels: Channels): () => void {
    let steps: ChannelStep[] = []
    let dropped = 0
    const unwatch = channels.watchChannels?.()
    const end = channels.trace((event) => {
      if (steps.length >= mostSteps) {
        dropped++
        return
      }
      steps.push(withoutValue(event))
    })
    const timer = setInterval(() => {
      if (steps.length === 0) return
      this.#kept = [...this.#kept, ...steps].slice(-keptSteps)
      if (this.#hub.isFollowed('channels')) {
        const { g } = channels.inspectScheduler()
        const contents = contentsOf(channels)
        this.#hub.publish('channels', { steps, dropped, goroutines: g, contents })
      }
      steps = []
      dropped = 0
    }, tickMilliseconds)
    timer.unref()
    return () => {
      clearInterval(timer)
      end()
      unwatch?.()
    }
  }

  #load(): Promise<Channels | undefined> {
    this.#channels ??= this.#import()
    return this.#channels
  }

  async #import(): Promise<Channels | undefined> {
    const file = findInstalled('@typestead/channels', this.#folder)
    // The module of that name exports these.
    return file === undefined ? undefined : ((await import(pathToFileURL(file).href)) as Channels)
  }
}

function contentsOf({ inspectChannels }: Channels): ChannelContent[] {
  const views = inspectChannels?.() ?? []
  return views.slice(-mostChannels).map((view) => ({
    channel: view.name === '' ? `${view.type} ${view.address}` : view.name,
    capacity: view.dataqsiz,
    buffered: view.qcount,
    closed: view.closed === 1,
    receivers: view.recvq.length,
    senders: view.sendq.length,
  }))
}

function withoutValue({ value, ...step }: TraceEvent): ChannelStep {
  return { ...step, value: shown(value) }
}

function shown(value: unknown): string {
  switch (typeof value) {
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(value)
    case 'string':
      return `text of ${value.length}`
    case 'undefined':
      return ''
    case 'object':
      return value === null ? 'null' : (value.constructor?.name ?? 'object')
    default:
      return typeof value
  }
}
