/** Time as the journal sees it. Injected, so that tests and the model test decide when it is. */

export interface Clock {
  /** The wall clock, milliseconds since 1970. May jump. */
  now(): number
  /** Milliseconds that only grow, from any start; deadlines of this process are kept in it. */
  monotonic(): number
  /** Calls back after so many milliseconds; the result cancels. Keeps the process alive: somebody waits, or work is held. */
  after(ms: number, callback: () => void): () => void
}

export const systemClock: Clock = {
  now: Date.now,
  monotonic: () => performance.now(),
  after(ms, callback) {
    // Node's timers hold 31 bits; whoever waits longer asks again.
    const timer = setTimeout(callback, Math.min(Math.max(ms, 0), 0x7fffffff))
    return () => clearTimeout(timer)
  },
}

/** Resolves after so many milliseconds, or rejects with the signal's reason. */
export function wait(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const end = () => {
      cancel()
      reject(signal?.reason)
    }
    const cancel = clock.after(ms, () => {
      signal?.removeEventListener('abort', end)
      resolve()
    })
    signal?.addEventListener('abort', end, { once: true })
  })
}
