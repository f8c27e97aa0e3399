/**
 * The observer: keeps the state of every goroutine exact and reports each step to listeners. In the await lane the
 * engine resumes functions, so a first reaction on each awaited promise notes who runs next; that costs about a third
 * of the speed of the await lane. A goroutine that awaits something of another library shows as `IO wait`; which one
 * runs after that is then inferred (the one that has waited longest).
 */
import { Channel, typeName } from './channel.ts'
import type { Goroutine, GoroutineEntry, WaitReason } from './goroutine.ts'
import { type Observer, observation } from './observer.ts'
import { done } from './park.ts'
import { scheduler } from './scheduler.ts'
import type { Sudog } from './sudog.ts'

/** One step of the scheduler or of a channel, in order; `at` is milliseconds since the page or process began. */
export interface TraceEvent {
  readonly seq: number
  readonly at: number
  /** `park` is Go's gopark, `ready` its goready; `hand-off` moves a value past the buffer. */
  readonly kind:
    | 'create'
    | 'run'
    | 'park'
    | 'ready'
    | 'hand-off'
    | 'buffer'
    | 'take'
    | 'close'
    | 'end'
  /** The goroutine it happens to; null when it is not known. */
  readonly g: number | null
  /** The goroutine that does it, for `create` and `ready`. */
  readonly by: number | null
  readonly reason: WaitReason | ''
  /** The channel's name or address; empty when it is not about one channel. */
  readonly channel: string
  readonly value: unknown
}

export type TraceListener = (event: TraceEvent) => void

class Tracker implements Observer {
  readonly live = new Map<number, GoroutineEntry>()
  /** In the order in which they will run. */
  readonly runnable = new Set<GoroutineEntry>()
  readonly listeners = new Set<TraceListener>()
  /** Told of each goroutine, to watch it for leaks. */
  watch: ((goroutine: Goroutine, entry: GoroutineEntry) => void) | null = null
  #seq = 0
  #outside = false

  created(goroutine: Goroutine): void {
    const by = scheduler.current
    const entry: GoroutineEntry = {
      id: goroutine.id,
      name: goroutine.name === '' ? `func${goroutine.id}` : goroutine.name,
      createdBy:
        by === null ? '' : `${by.name === '' ? `func${by.id}` : by.name} in goroutine ${by.id}`,
      lane: 'await',
      state: 'runnable',
      waitReason: '',
      waitingOn: '',
    }
    goroutine.entry = entry
    this.live.set(entry.id, entry)
    this.runnable.add(entry)
    this.watch?.(goroutine, entry)
    this.#emit('create', entry.id, by?.id ?? null, '', '', undefined)
  }

  ended(goroutine: Goroutine): void {
    const { entry } = goroutine
    if (entry === null) return
    entry.state = 'dead'
    this.live.delete(entry.id)
    this.runnable.delete(entry)
    this.#emit('end', entry.id, null, '', '', undefined)
    if (scheduler.current === goroutine) scheduler.current = null
  }

  running(goroutine: Goroutine): void {
    const { entry } = goroutine
    this.#outside = false
    this.#othersWait(goroutine)
    goroutine.run()
    scheduler.current = goroutine
    if (entry === null) return
    entry.lane = goroutine.lane
    this.runnable.delete(entry)
    entry.state = 'running'
    entry.waitReason = ''
    this.#emit('run', entry.id, null, '', '', undefined)
  }

  follow(
    goroutine: Goroutine,
    result: Promise<unknown>,
    finished: (goroutine: Goroutine) => void,
    panicked: (goroutine: Goroutine, reason: unknown) => void,
  ): void {
    result.then(
      () => finished(goroutine),
      (reason) => panicked(goroutine, reason),
    )
  }

  park(
    sudog: Sudog | null,
    reason: WaitReason,
    on: object | null,
    promise: Promise<unknown> | null,
  ): void {
    const goroutine = this.#who()
    const channel = describe(on)
    if (goroutine !== null) {
      if (sudog !== null) sudog.g = goroutine
      goroutine.wait(reason)
      const { entry } = goroutine
      if (entry !== null) {
        entry.state = 'waiting'
        entry.waitReason = reason
        entry.waitingOn = channel
        entry.lane = goroutine.lane
      }
    }
    if (promise !== null) this.#resumeWith(goroutine, promise)
    this.#emit('park', goroutine?.id ?? null, null, reason, channel, sudog?.elem)
  }

  ready(sudog: Sudog, on: object | null): void {
    const goroutine = sudog.g
    if (goroutine === null) return
    goroutine.becomeRunnable()
    const { entry } = goroutine
    // A select waits on several; what readied it tells which of them it was.
    const waitedOn = on === null ? (entry?.waitingOn ?? '') : describe(on)
    if (entry !== null) {
      entry.state = 'runnable'
      entry.waitReason = ''
      entry.waitingOn = ''
      this.runnable.add(entry)
    }
    this.#emit('ready', goroutine.id, scheduler.current?.id ?? null, '', waitedOn, undefined)
  }

  moved(how: 'hand-off' | 'buffer' | 'take' | 'close', channel: object, value: unknown): void {
    this.#emit(how, this.#who()?.id ?? null, null, '', describe(channel), value)
  }

  keep<T>(promise: Promise<T>): Promise<T> {
    const goroutine = this.#who()
    if (goroutine !== null) {
      // It goes on with its next microtask, after those that are queued already.
      goroutine.becomeRunnable()
      if (goroutine.entry !== null) {
        goroutine.entry.state = 'runnable'
        this.runnable.add(goroutine.entry)
      }
    }
    this.#resumeWith(goroutine, promise)
    return promise
  }

  /** Forgets who runs, so that an idle thread holds no goroutine. */
  rest(): void {
    this.#othersWait(null)
    scheduler.current = null
  }

  #resumeWith(goroutine: Goroutine | null, promise: Promise<unknown>): void {
    const resumed = (): void => {
      if (goroutine !== null) this.running(goroutine)
      else this.#leave()
    }
    promise.then(resumed, resumed)
    if (goroutine === null) return
    // Until this microtask ends it may start further operations; after that it no longer runs.
    done.then(() => {
      if (scheduler.current === goroutine && goroutine.state !== 'running') scheduler.current = null
    })
  }

  /** Code that is no goroutine (a test, a callback) uses channels from here on. */
  #leave(): void {
    this.#othersWait(null)
    scheduler.current = null
    this.#outside = true
  }

  /** The goroutine that runs now. */
  #who(): Goroutine | null {
    if (scheduler.current !== null || this.#outside) return scheduler.current
    // Somebody came back from an await that is not ours.
    const absent = this.#absent.values().next().value
    if (absent === undefined) return null
    this.running(absent)
    return absent
  }

  /** Goroutines that stopped running without parking here, oldest first. */
  readonly #absent = new Set<Goroutine>()

  #othersWait(next: Goroutine | null): void {
    if (next !== null) this.#absent.delete(next)
    const before = scheduler.current
    if (before === null || before === next || before.state !== 'running') return
    before.wait('IO wait')
    if (before.entry !== null) {
      before.entry.state = 'waiting'
      before.entry.waitReason = 'IO wait'
    }
    this.#absent.add(before)
  }

  #emit(
    kind: TraceEvent['kind'],
    g: number | null,
    by: number | null,
    reason: WaitReason | '',
    channel: string,
    value: unknown,
  ): void {
    if (this.listeners.size === 0) return
    const event = { seq: ++this.#seq, at: performance.now(), kind, g, by, reason, channel, value }
    for (const listener of this.listeners) listener(event)
  }
}

const tracker = new Tracker()
let users = 0

/** Observes goroutines until the returned function is called; users may overlap. */
export function observe(): { tracker: Tracker; stop: () => void } {
  if (users++ === 0) observation.observer = tracker
  let stopped = false
  const stop = (): void => {
    if (stopped) return
    stopped = true
    if (--users === 0) {
      observation.observer = null
      tracker.live.clear()
      tracker.runnable.clear()
      tracker.rest()
    }
  }
  return { tracker, stop }
}

/** What is observed now; null while nobody does. */
export function observed(): Tracker | null {
  return users > 0 ? tracker : null
}

/** Reports every park, ready, hand-off and so on to `listener` until the returned function is called. */
export function trace(listener: TraceListener): () => void {
  const { stop } = observe()
  tracker.listeners.add(listener)
  return () => {
    tracker.listeners.delete(listener)
    stop()
  }
}

function describe(on: object | null): string {
  if (on instanceof Channel && on.name === '') return `${typeName(on)} ${on.toString()}`
  // Shared channels have a name too; locks and groups do not.
  return on !== null && 'name' in on ? String(on.name) : ''
}
