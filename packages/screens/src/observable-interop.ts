/**
 * Bridges: RxJS and anything observable, async iterables, and channels. A channel is told by its shape, so this package
 * needs none; `@typestead/channels` fits.
 */
import { type ValuesOptions, valuesOf } from './async-values.ts'
import { type Events, stream } from './event-stream.ts'
import { batch } from './reactive-graph.ts'
import { observableKey, type Source } from './stream.ts'

/** An Observable of RxJS or another library. */
export interface ObservableLike<T> {
  subscribe(observer: { next(value: T): void; error(reason: unknown): void; complete(): void }): {
    unsubscribe(): void
  }
}

/** An Observable as events. The other way round: RxJS's `from()` takes our cells and streams as they are. */
export function fromObservable<T>(observable: ObservableLike<T>): Events<T> {
  return stream((out) => {
    const interop = Reflect.get(observable, observableKey)
    // What stands under this key is a function without arguments, by the Observable proposal.
    const source = (
      typeof interop === 'function' ? interop.call(observable) : observable
    ) as ObservableLike<T>
    const subscription = source.subscribe({
      next: (value) => out.next(value),
      error: (reason) => out.error?.(reason),
      complete: () => out.complete?.(),
    })
    return () => subscription.unsubscribe()
  })
}

/** The values of an async iterable as events; unsubscribing ends the iteration. */
export function fromAsyncIterable<T>(iterable: AsyncIterable<T>): Events<T> {
  return stream((out) => {
    const iterator = iterable[Symbol.asyncIterator]()
    let stopped = false
    const pump = async () => {
      for (;;) {
        const { value, done } = await iterator.next()
        if (stopped) return
        if (done) return out.complete?.()
        out.next(value)
      }
    }
    pump().catch((reason: unknown) => out.error?.(reason))
    return () => {
      stopped = true
      iterator.return?.()?.catch(() => {}) // the subscriber left: nobody is there for this error
    }
  })
}

/** The receiving end of a channel, as `@typestead/channels` has it. */
export interface ReceivingChannel<T> {
  batches(max?: number): AsyncIterable<readonly T[]>
}

/** The sending end of a channel. */
export interface SendingChannel<T> {
  send(value: T): Promise<void>
  trySend(value: T): boolean
}

/**
 * What is received from a channel as events; what lies ready is delivered together, with one flush. The channel's
 * back-pressure holds: the next values are taken when these were delivered. Its closing is the end.
 */
export function fromChannel<T>(channel: ReceivingChannel<T>, max = 256): Events<T> {
  return stream((out) => {
    const subscription = fromAsyncIterable(channel.batches(max)).subscribe({
      next(values) {
        batch(() => {
          for (const value of values) out.next(value)
        })
      },
      error: (reason) => out.error?.(reason),
      complete: () => out.complete?.(),
    })
    return () => subscription.unsubscribe()
  })
}

/**
 * Sends each value, until the source ends or the signal aborts. Values wait while the channel is full, at most `limit`
 * of them; of a cell with `latest` only the newest waits.
 */
export async function toChannel<T>(
  source: Source<T>,
  channel: SendingChannel<T>,
  options: ValuesOptions & { readonly signal?: AbortSignal } = {},
): Promise<void> {
  const { signal } = options
  const iterator = valuesOf(source, options)[Symbol.asyncIterator]()
  const stop = () => void iterator.return?.()
  signal?.addEventListener('abort', stop, { once: true })
  try {
    for (;;) {
      const { value, done } = await iterator.next()
      if (done || signal?.aborted) return
      if (!channel.trySend(value)) await channel.send(value)
    }
  } finally {
    signal?.removeEventListener('abort', stop)
    stop()
  }
}
