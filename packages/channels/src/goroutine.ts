/**
 * A goroutine (G): in the await lane an async function that the engine resumes, in the generator lane a generator
 * that our scheduler resumes. States are Go's; exact for generators always, for async functions while observed.
 */
import type { Fiber } from './fiber.ts'

export type GoroutineState = 'runnable' | 'running' | 'waiting' | 'dead'
export type Lane = 'await' | 'generator'

/** Go's wait reasons, as its traces print them. */
const waitReasons = [
  'chan receive',
  'chan receive (nil chan)',
  'chan send',
  'chan send (nil chan)',
  'select',
  'select (no cases)',
  'sleep',
  'sync.WaitGroup.Wait',
  'sync.Mutex.Lock',
  'sync.RWMutex.RLock',
  'sync.RWMutex.Lock',
  'sync.Cond.Wait',
  'semacquire',
  'IO wait',
] as const
export type WaitReason = (typeof waitReasons)[number]

/**
 * What is known of a goroutine without holding it: survives a goroutine that is forgotten while it waits, which is
 * how a leak is told.
 */
export interface GoroutineEntry {
  readonly id: number
  /** Name of the function. */
  readonly name: string
  /** `main in goroutine 1`, as in Go's traces; empty for main. */
  readonly createdBy: string
  lane: Lane
  state: GoroutineState
  waitReason: WaitReason | ''
  /** What it waits on, for reports: the channel's name, or its type and address. */
  waitingOn: string
}

/** @internal State and wait reason in one small integer, which costs less to change on each operation than two strings. */
export const Status = {
  runnable: 0,
  running: 1,
  dead: 2,
  /** For the first of the wait reasons. */
  waiting: 3,
  waitingToReceive: 3,
  waitingToSend: 5,
} as const
const states = ['runnable', 'running', 'dead'] as const

export class Goroutine {
  readonly id: number
  /** @internal its function, or what else has its name */
  readonly named: { readonly name: string }
  /** @internal kept while goroutines are observed */
  entry: GoroutineEntry | null = null

  /** @internal the function to start; null once started. */
  start: (() => unknown) | null = null
  /** @internal what resumes it, once it has begun in the generator lane */
  fiber: Fiber | null = null
  /** A `Status`; from `Status.waiting` on it waits, for reason `status - Status.waiting`. */
  private status: number = Status.runnable

  constructor(id: number, named: { readonly name: string }) {
    this.id = id
    this.named = named
  }

  /** Name of the function, for reports. */
  get name(): string {
    return this.named.name
  }

  get lane(): Lane {
    return this.fiber === null ? 'await' : 'generator'
  }

  get state(): GoroutineState {
    return states[this.now] ?? 'waiting'
  }

  get waitReason(): WaitReason | '' {
    return waitReasons[this.now - Status.waiting] ?? ''
  }

  private get now(): number {
    return this.fiber === null ? this.status : this.fiber.status
  }

  private set now(status: number) {
    if (this.fiber === null) this.status = status
    else this.fiber.status = status
  }

  /** @internal */
  becomeRunnable(): void {
    this.now = Status.runnable
  }

  /** @internal */
  run(): void {
    this.now = Status.running
  }

  /** @internal */
  wait(reason: WaitReason): void {
    this.now = Status.waiting + waitReasons.indexOf(reason)
  }

  /** @internal */
  end(): void {
    this.now = Status.dead
  }
}
