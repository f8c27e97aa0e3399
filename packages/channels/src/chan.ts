/**
 * The public types of channels. Directions are types: `SendChan` is Go's `chan<- T`, `RecvChan` is `<-chan T`, and a
 * `Chan` is assignable to both. Operations are properties, not methods, since TypeScript checks methods bivariantly.
 */
import type { RecvCase, SendCase } from './select-case.ts'

/** One receive: `ok` is false when the channel is closed and drained; `value` is then its zero value. */
export type Received<T> =
  | { readonly value: T; readonly ok: true }
  | { readonly value: T | undefined; readonly ok: false }

interface AnyChan {
  /** Elements in the buffer now: Go's `len(ch)`. */
  readonly length: number
  /** Size of the buffer: Go's `cap(ch)`. */
  readonly capacity: number
  readonly name: string
  /** The stable address, as `fmt.Println(ch)` prints it; `<nil>` for a nil channel. */
  readonly toString: () => string
}

/** `chan<- T`. */
export interface SendChan<in T> extends AnyChan {
  /** Sends, waiting for room or for a receiver. Rejects with `send on closed channel`. */
  readonly send: (value: T) => Promise<void>
  /** Sends when that needs no waiting; false otherwise. @throws {Panic} on a closed channel */
  readonly trySend: (value: T) => boolean
  /** Sends in the generator lane: `yield* ch.put(value)`, at once; for a case of `select` use `send(ch, value)`. */
  readonly put: (value: T) => Iterable<never, void>
  /** @internal a send as a case of `select`; `send(ch, value)` */
  readonly sending: (value: T) => SendCase
  /** @throws {Panic} `close of closed channel`, `close of nil channel` */
  readonly close: () => void
}

/** `<-chan T`. */
export interface RecvChan<out T> extends AnyChan, AsyncIterable<T> {
  /**
   * Receives, waiting for a value. On a closed channel it gives the zero value at once; a channel made without
   * `zero` or `elem` has `undefined` for that, so use `receiveOk` or `for await` where a channel closes.
   */
  readonly receive: () => Promise<T>
  /** `v, ok := <-ch`. */
  readonly receiveOk: () => Promise<Received<T>>
  /** Receives when that needs no waiting; undefined otherwise. */
  readonly tryReceive: () => Received<T> | undefined
  /** Receives in the generator lane: `const v = yield* ch.recv()`; also a case of `select`. */
  readonly recv: () => RecvCase<T>
  /** `v, ok := <-ch` in the generator lane. */
  readonly recvOk: () => Iterable<never, Received<T>>
  /** Whole batches of what is there, at least one and at most `max` values each, until the channel is closed. */
  readonly batches: (max?: number) => AsyncIterable<T[]>
  /** `for range ch`: ends when the channel is closed and drained. Leaving the loop does not close. */
  readonly [Symbol.asyncIterator]: () => AsyncIterator<T, undefined>
}

/** `chan T`: both directions. */
export interface Chan<in out T> extends SendChan<T>, RecvChan<T> {}
