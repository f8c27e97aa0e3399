/** `tryReceive` for hot paths: it gives the value itself, so that nothing is allocated. */
import type { RecvChan } from './chan.ts'
import type { Channel } from './channel.ts'

/**
 * Receives when that needs no waiting, as `receive` does, else gives `fallback`; let that be something that nobody
 * sends. On a closed channel it gives the zero value, as `receive` does: `tryReceive` tells the two apart.
 */
export function receiveOr<T, F>(channel: RecvChan<T>, fallback: F): T | F {
  // A channel of this thread has it as a method; asked for so, it costs no test of its class.
  const own = (channel as Partial<Channel<T>>).receiveOr
  if (own !== undefined) return own.call(channel, fallback) as T | F
  const received = channel.tryReceive()
  // A channel without a zero of its own gives undefined, as `receive` documents.
  return received === undefined ? fallback : (received.value as T)
}
