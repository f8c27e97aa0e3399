/**
 * Go's nil channel: sends and receives wait forever, `close` panics, in a `select` its cases are never ready.
 * `recv(null)` and `send(null, value)` mean the same in a `select`.
 */
import type { Chan, Received } from './chan.ts'
import { Channel } from './channel.ts'
import { any, type Element } from './element.ts'
import { closeOfNil } from './panic.ts'
import { parkForever } from './park.ts'
import { RecvCase, SendCase } from './select-case.ts'

class NilChannel<T> extends Channel<T> {
  override send(): Promise<void> {
    return parkForever('chan send (nil chan)', this)
  }

  override receive(): Promise<T> {
    return parkForever('chan receive (nil chan)', this)
  }

  override receiveOk(): Promise<Received<T>> {
    return parkForever('chan receive (nil chan)', this)
  }

  override nextResult(): Promise<IteratorResult<T, undefined>> {
    return parkForever('chan receive (nil chan)', this)
  }

  override trySend(): boolean {
    return false
  }

  override sendNow(): boolean {
    return false
  }

  override recv(): RecvCase<T> {
    return new RecvCase<T>(null)
  }

  override put(value: T): Iterable<never, void> {
    return new SendCase(null, value)
  }

  override sending(value: T): SendCase {
    return new SendCase(null, value)
  }

  override close(): void {
    throw closeOfNil()
  }

  override toString(): string {
    return '<nil>'
  }
}

/** `var c chan T`: a channel that was never made. */
export function nilChan<T>(elem?: Element<T>): Chan<T> {
  // Nothing is ever received from it, so the element's zero is never seen as a T.
  return new NilChannel<T>(0, { element: elem ?? (any as Element<T>), name: '' })
}

export function isNil(channel: object): boolean {
  return channel instanceof NilChannel
}
