/**
 * A goroutine (G): in the await lane an async function that the engine resumes, in the generator lane a generator
 * that our scheduler resumes. States are Go's; exact for generators always, for async functions while observed.
 */
import type { Sudog } from './sudog.ts'

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

/** State and wait reason in one small integer, which costs less to change on each operation than two strings. */
const Status = { runnable: 0, running: 1, dead: 2, waiting: 3 } as const
const states = ['runnable', 'running', 'dead'] as const

export class Goroutine {
  readonly id: number
  lane: Lane = 'await'
  /** @internal its function, or what else has its name */
  readonly named: { readonly name: string }
  /** @internal kept while goroutines are observed */
  entry: GoroutineEntry | null = null

  /** @internal the function to start; null once started. */
  start: (() => unknown) | null = null
  /** @internal */
  generator: Iterator<unknown, unknown, unknown> | null = null
  /** @internal where it waits in the generator lane, but for selects: made when it first does */
  sudog: Sudog | null = null
  /** @internal value and success of the operation that it parked in. */
  value: unknown = undefined
  /** @internal */
  ok = true
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

  get state(): GoroutineState {
    return states[this.status] ?? 'waiting'
  }

  get waitReason(): WaitReason | '' {
    return waitReasons[this.status - Status.waiting] ?? ''
  }

  /** @internal */
  becomeRunnable(): void {
    this.status = Status.runnable
  }

  /** @internal */
  run(): void {
    this.status = Status.running
  }

  /** @internal */
  wait(reason: WaitReason): void {
    this.status = Status.waiting + waitReasons.indexOf(reason)
  }

  /** @internal the commonest waits, without looking the reason up */
  waitToReceive(): void {
    this.status = Status.waiting
  }

  /** @internal */
  waitToSend(): void {
    this.status = Status.waiting + 2
  }

  /** @internal */
  end(): void {
    this.status = Status.dead
    this.generator = null
    this.sudog = null
  }
}
