/**
 * Where time comes from: the host's clock, or one that a test moves by hand. All timers of this package stand in one
 * heap over it, so that 100,000 sleepers cost one host timer.
 */
import { scheduler } from '../scheduler.ts'

export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number
  /** Calls `run` once after `delay` ms; the returned function prevents it. `hold`: keeps the process alive. */
  schedule(run: () => void, delay: number, hold: boolean): () => void
  /** The time of day that timers send; the host's where a clock has none of its own. */
  date?(): Date
}

/** The host's clock. */
export const hostClock: Clock = {
  now: () => performance.now(),
  schedule(run, delay, hold) {
    // Node returns an object with unref, browsers a number.
    const handle: unknown = setTimeout(run, Math.min(delay, 0x7fffffff))
    if (!hold && typeof handle === 'object' && handle !== null && 'unref' in handle) {
      ;(handle as { unref(): void }).unref()
    }
    return () => clearTimeout(handle as ReturnType<typeof setTimeout>) // what setTimeout returned
  },
}

/** Where a manual clock begins, as in Go's `testing/synctest`: midnight of 1 January 2000, UTC. */
const beginning = Date.UTC(2000, 0, 1)

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  #now = 0
  readonly #timers = new Map<number, { at: number; run: () => void }>()
  #ids = 0

  now(): number {
    return this.#now
  }

  date(): Date {
    return new Date(beginning + this.#now)
  }

  schedule(run: () => void, delay: number): () => void {
    const id = ++this.#ids
    this.#timers.set(id, { at: this.#now + delay, run })
    return () => this.#timers.delete(id)
  }

  /** Moves time on by `ms`, running what falls due in order, and lets goroutines run after each. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms
    await rest()
    for (;;) {
      let next: { id: number; at: number; run: () => void } | undefined
      for (const [id, { at, run }] of this.#timers) {
        if (at <= end && (next === undefined || at < next.at)) next = { id, at, run }
      }
      if (next === undefined) break
      this.#timers.delete(next.id)
      this.#now = Math.max(this.#now, next.at)
      next.run()
      await rest()
    }
    this.#now = end
  }
}

/** Lets every goroutine run until it waits: microtasks are done before a macrotask begins. */
function rest(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0))
}

/** One entry of the heap. */
export interface Alarm {
  when: number
  /** Place in the heap; -1 when not in it. */
  at: number
  readonly ring: () => void
}

let clock: Clock = hostClock
let hold = true
let armedFor = Number.POSITIVE_INFINITY
let disarm: (() => void) | null = null
const heap: Alarm[] = []

/** Uses another clock from now on. Timers that are set keep their times on the new one. */
export function setClock(next: Clock): void {
  disarm?.()
  disarm = null
  armedFor = Number.POSITIVE_INFINITY
  clock = next
  arm()
}

/** Milliseconds on the clock in use. */
export function now(): number {
  return clock.now()
}

/** Rings `alarm` at `when`; moves it when it is set already. */
export function setAlarm(alarm: Alarm, when: number): void {
  if (alarm.at >= 0) clearAlarm(alarm)
  alarm.when = when
  alarm.at = heap.length
  heap.push(alarm)
  siftUp(alarm.at)
  arm()
}

/** True when the alarm was set. */
export function clearAlarm(alarm: Alarm): boolean {
  const { at } = alarm
  if (at < 0) return false
  alarm.at = -1
  const last = heap.pop() as Alarm // the heap holds at least `alarm`
  if (last !== alarm) {
    heap[at] = last
    last.at = at
    siftUp(at)
    siftDown(last.at)
  }
  if (heap.length === 0) arm()
  return true
}

/** The time of day by the clock that counts. */
export function dateNow(): Date {
  return clock.date?.() ?? new Date()
}

/** Timers keep the process alive, or, after main has returned, no longer do. */
export function holdProcess(holding: boolean): void {
  hold = holding
  disarm?.()
  disarm = null
  armedFor = Number.POSITIVE_INFINITY
  arm()
}

function arm(): void {
  const [first] = heap
  const when = first === undefined ? Number.POSITIVE_INFINITY : first.when
  if (first !== undefined && when >= armedFor) return
  if (first === undefined && armedFor === Number.POSITIVE_INFINITY) return
  disarm?.()
  armedFor = when
  disarm = first === undefined ? null : clock.schedule(ring, Math.max(0, when - clock.now()), hold)
}

function ring(): void {
  disarm = null
  armedFor = Number.POSITIVE_INFINITY
  const current = clock.now()
  scheduler.current = null
  for (;;) {
    const [first] = heap
    // A host timer may ring a fraction of a millisecond early.
    if (first === undefined || first.when > current + 0.5) break
    clearAlarm(first)
    first.ring()
  }
  arm()
}

function siftUp(from: number): void {
  let at = from
  const alarm = heap[at] as Alarm // `from` is in the heap
  while (at > 0) {
    const up = (at - 1) >> 1
    const parent = heap[up] as Alarm
    if (parent.when <= alarm.when) break
    place(parent, at)
    at = up
  }
  place(alarm, at)
}

function siftDown(from: number): void {
  let at = from
  const alarm = heap[at] as Alarm // `from` is in the heap
  for (;;) {
    let down = 2 * at + 1
    if (down >= heap.length) break
    if (down + 1 < heap.length && (heap[down + 1] as Alarm).when < (heap[down] as Alarm).when)
      down++
    const child = heap[down] as Alarm
    if (child.when >= alarm.when) break
    place(child, at)
    at = down
  }
  place(alarm, at)
}

function place(alarm: Alarm, at: number): void {
  heap[at] = alarm
  alarm.at = at
}
