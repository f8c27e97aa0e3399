/**
 * Go's two ways to fail: a `Panic` can be recovered (try/catch), a `FatalError` ends the program under `run`.
 * Messages of the runtime are Go's own texts, word for word; `code` is stable.
 */
export type PanicCode =
  | 'ERR_SEND_ON_CLOSED'
  | 'ERR_CLOSE_OF_CLOSED'
  | 'ERR_CLOSE_OF_NIL'
  | 'ERR_CHAN_SIZE'
  | 'ERR_NEGATIVE_WAITGROUP'
  | 'ERR_TICKER_INTERVAL'
  | 'ERR_SEMAPHORE'
  | 'ERR_ERRGROUP_LIMIT'
  | 'ERR_NIL_CONTEXT'
  | 'ERR_ZERO_BATCH'
  | 'ERR_NOT_A_GOROUTINE'
  | 'ERR_NOT_A_CHANNEL'
  | 'ERR_MULTIPLE_DEFAULTS'
  | 'ERR_SHARED'
  | 'ERR_NOT_CLONEABLE'
  | 'ERR_ARENA_FULL'
  | 'ERR_WORKER_DIED'

/** What Go's `panic` raises: recoverable by try/catch; uncaught in a goroutine it ends the program. */
export class Panic extends Error {
  override readonly name: string = 'Panic'
  readonly code: PanicCode

  constructor(code: PanicCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export type FatalCode = 'ERR_DEADLOCK' | 'ERR_UNLOCK_OF_UNLOCKED'

/** What Go's runtime throws and no program recovers from: misuse of a lock, deadlock. */
export class FatalError extends Error {
  override readonly name: string = 'FatalError'
  readonly code: FatalCode

  constructor(code: FatalCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}

export const sendOnClosed = (): Panic => new Panic('ERR_SEND_ON_CLOSED', 'send on closed channel')

export const closeOfClosed = (): Panic =>
  new Panic('ERR_CLOSE_OF_CLOSED', 'close of closed channel')

export const closeOfNil = (): Panic => new Panic('ERR_CLOSE_OF_NIL', 'close of nil channel')

export const chanSizeOutOfRange = (): Panic =>
  new Panic('ERR_CHAN_SIZE', 'makechan: size out of range')
