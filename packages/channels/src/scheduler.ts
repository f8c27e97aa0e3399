/**
 * The scheduler of this thread: starts goroutines, resumes those of the generator lane from one run queue (FIFO, as
 * Go's P), and knows which goroutine runs now. Functions of the await lane are resumed by the engine; only their
 * start goes through the run queue.
 */
import { breath, defer, outOfBreath, settleAfterTurn } from './event-loop.ts'
import { Fiber } from './fiber.ts'
import { Goroutine, Status } from './goroutine.ts'
import { observation } from './observer.ts'

export const scheduler = {
  /** The goroutine that runs now: in the await lane known until its first `await`, or always while observed. */
  current: null as Goroutine | null,
  /** What runs now, if that is in the generator lane. */
  fiber: null as Fiber | null,
  /** Goroutines started and not finished. */
  live: 0,
  lastId: 1,
  /** What happens to a panic that no goroutine recovered; `run` replaces it. */
  onPanic: rethrow as (goroutine: Goroutine, reason: unknown) => void,
}

/** A ring: `queued` goroutines from `head`, wrapping; its length is a power of two, and doubles when it is full. */
let runQueue: (Goroutine | Fiber | null)[] = new Array(64).fill(null)
/** A longer one is given back once it is empty. */
const mostKept = 32_768
let head = 0
let queued = 0
let draining = false
const settled = Promise.resolve()

type Arguments = readonly unknown[]

/**
 * Starts `body(...args)` as a goroutine: Go's `go` statement. It begins after the caller's next wait, in the order
 * of the calls. A generator function runs in the generator lane, any other in the await lane. A panic that it does
 * not recover ends the program under `run`; elsewhere it is an uncaught exception.
 */
export function go<A extends Arguments>(body: (...args: A) => unknown, ...args: A): Goroutine {
  const goroutine = new Goroutine(++scheduler.lastId, body)
  launch(goroutine, args.length === 0 ? (body as () => unknown) : () => body(...args))
  return goroutine
}

/** @internal Starts `body` as `goroutine`. */
export function launch(goroutine: Goroutine, body: () => unknown): void {
  goroutine.start = body
  scheduler.live++
  observation.observer?.created(goroutine)
  makeRunnable(goroutine)
}

/** Lets other goroutines run first: Go's `runtime.Gosched`. */
export function gosched(): Promise<void> {
  const turn = Promise.resolve()
  const kept = observation.observer === null ? turn : observation.observer.keep(turn)
  return --breath.left < 0 ? settleAfterTurn(kept) : kept
}

/** Goroutines of this thread that have not ended: Go's `runtime.NumGoroutine`. */
export function numGoroutine(): number {
  return scheduler.live
}

/** Puts a goroutine on the run queue: the end of Go's `goready`. */
export function makeRunnable(next: Goroutine | Fiber): void {
  if (queued === runQueue.length) grow()
  runQueue[(head + queued++) & (runQueue.length - 1)] = next
  if (!draining) {
    draining = true
    settled.then(drain)
  }
}

function grow(): void {
  const before = runQueue
  const mask = before.length - 1
  runQueue = new Array(before.length * 2).fill(null)
  for (let i = 0; i < queued; i++) runQueue[i] = before[(head + i) & mask] as Goroutine | Fiber // it is full
  head = 0
}

/** The run queue now, for inspection. */
export function runnable(): Goroutine[] {
  const mask = runQueue.length - 1
  // `queued` goroutines stand from `head`.
  return Array.from({ length: queued }, (_, i) => {
    const next = runQueue[(head + i) & mask] as Goroutine | Fiber
    return next instanceof Fiber ? (next.g as Goroutine) : next // a fiber is of a goroutine
  })
}

/** Goroutines resumed in a row before functions of the await lane have their turn. */
const burst = 256

/** Bound here: the engine treats what a module binds itself as constant, what it imports it reads each time. */
const budget = breath
const observed = observation

function drain(): void {
  for (let resumed = 0; queued > 0; resumed++) {
    if (resumed === burst) {
      settled.then(drain)
      return
    }
    if (--budget.left < 0 && outOfBreath()) {
      defer(drain)
      return
    }
    const next = runQueue[head] as Goroutine | Fiber // queued > 0
    runQueue[head] = null
    head = (head + 1) & (runQueue.length - 1)
    queued--
    if (next instanceof Fiber) resume(next)
    else begin(next)
  }
  draining = false
  if (runQueue.length > mostKept) {
    runQueue = new Array(64).fill(null)
    head = 0
  }
  scheduler.fiber = null
  observed.observer?.rest()
  scheduler.current = null
}

function begin(goroutine: Goroutine): void {
  goroutine.run()
  if (observed.observer !== null) observed.observer.running(goroutine)
  scheduler.fiber = null
  scheduler.current = goroutine
  const start = goroutine.start as () => unknown // set by `go`, taken once here
  goroutine.start = null
  let result: unknown
  try {
    result = start()
  } catch (reason) {
    panicked(goroutine, reason)
    return
  }
  if (typeof result !== 'object' || result === null) finished(goroutine)
  else if (result instanceof Promise) {
    if (observation.observer === null) {
      // The same two functions for all: a parked goroutine then costs no object of its own here.
      result.then(someFinished, somePanicked)
    } else observation.observer.follow(goroutine, result, finished, panicked)
  } else if (isGenerator(result)) {
    goroutine.fiber = new Fiber(goroutine, result)
    resume(goroutine.fiber)
  } else finished(goroutine)
}

function resume(fiber: Fiber): void {
  fiber.status = Status.running
  if (observed.observer !== null) observed.observer.running(fiber.g as Goroutine)
  scheduler.fiber = fiber
  let done: boolean | undefined
  try {
    done = fiber.resume()
  } catch (reason) {
    panicked(fiber.g as Goroutine, reason) // a fiber is of a goroutine
    return
  }
  if (done === true) finished(fiber.g as Goroutine)
}

function finished(goroutine: Goroutine): void {
  goroutine.end()
  scheduler.live--
  observation.observer?.ended(goroutine)
}

function someFinished(): void {
  scheduler.live--
}

function somePanicked(reason: unknown): void {
  scheduler.live--
  scheduler.onPanic(new Goroutine(0, { name: '' }), reason)
}

function panicked(goroutine: Goroutine, reason: unknown): void {
  finished(goroutine)
  scheduler.onPanic(goroutine, reason)
}

/** Without `run`, a panic is the host's uncaught exception. */
function rethrow(_goroutine: Goroutine, reason: unknown): void {
  queueMicrotask(() => {
    throw reason
  })
}

export function isGenerator(value: object): value is Iterator<unknown, unknown, unknown> {
  return Symbol.iterator in value && 'next' in value && typeof value.next === 'function'
}
