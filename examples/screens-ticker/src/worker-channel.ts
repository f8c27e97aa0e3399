/**
 * A channel whose sender is in a worker and whose receiver is in the page, over `postMessage`. The page gives leave for
 * as many values as its own channel can take (credit, as in HTTP/2's flow control), so neither side buffers without end.
 */
import { type Chan, makeChan } from '@typestead/channels/core'

/** What the page sends to the worker. */
export type FromPage =
  | { readonly kind: 'credit'; readonly count: number }
  | { readonly kind: 'rate'; readonly perSecond: number }

/** The worker's end of `postMessage`. */
interface Port {
  postMessage(message: unknown): void
  addEventListener(type: 'message', listener: (event: MessageEvent<FromPage>) => void): void
}

/** In the worker: sends what comes through `channel`, in batches, as far as the page's credit goes. */
export async function sendThrough<T>(channel: Chan<T>, port: Port): Promise<void> {
  let credit = 0
  const granted = makeChan<void>(1, { zero: undefined })
  port.addEventListener('message', ({ data }) => {
    if (data.kind !== 'credit') return
    credit += data.count
    granted.trySend(undefined)
  })
  for (;;) {
    while (credit === 0) await granted.receive()
    for await (const batch of channel.batches(credit)) {
      port.postMessage(batch)
      credit -= batch.length
      break
    }
  }
}

/** In the page: a channel of what the worker sends. Terminating the worker is the end. */
export function receiveFrom<T>(worker: Worker, zero: T, capacity = 1024): Chan<T> {
  const channel = makeChan<T>(capacity, { zero })
  const give = (count: number) => worker.postMessage({ kind: 'credit', count } satisfies FromPage)
  const put = async (values: readonly T[]) => {
    for (const value of values) if (!channel.trySend(value)) await channel.send(value)
    give(values.length)
  }
  // One message after the other, or values would overtake those that wait for room.
  let last = Promise.resolve()
  worker.addEventListener('message', ({ data }: MessageEvent<readonly T[]>) => {
    last = last.then(() => put(data))
  })
  give(capacity)
  return channel
}
