/**
 * A goroutine (G): in the await lane an async function that the engine resumes, in the generator lane a generator
 * that our scheduler resumes. States are Go's; exact for generators always, for async functions while observed.
 */
export type GoroutineState = 'runnable' | 'running' | 'waiting' | 'dead'
export type Lane = 'await' | 'generator'

/** Go's wait reasons, as its traces print them. */
export type WaitReason =
  | 'chan receive'
  | 'chan receive (nil chan)'
  | 'chan send'
  | 'chan send (nil chan)'
  | 'select'
  | 'select (no cases)'
  | 'sleep'
  | 'sync.WaitGroup.Wait'
  | 'sync.Mutex.Lock'
  | 'sync.RWMutex.RLock'
  | 'sync.RWMutex.Lock'
  | 'sync.Cond.Wait'
  | 'semacquire'
  | 'IO wait'

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

export class Goroutine {
  readonly id: number
  lane: Lane = 'await'
  state: GoroutineState = 'runnable'
  waitReason: WaitReason | '' = ''
  /** Name of the function, for reports. */
  readonly name: string
  /** @internal kept while goroutines are observed */
  entry: GoroutineEntry | null = null

  /** @internal the function to start; null once started. */
  start: (() => unknown) | null = null
  /** @internal */
  generator: Iterator<unknown, unknown, unknown> | null = null
  /** @internal the operation it parked in has been completed by another goroutine. */
  resumed = false
  /** @internal value and success of that operation. */
  value: unknown = undefined
  /** @internal */
  ok = true

  constructor(id: number, name: string) {
    this.id = id
    this.name = name
  }
}
