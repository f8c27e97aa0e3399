/**
 * Follows a subscription for as long as it is wanted. The client goes on where a connection was cut; this begins anew where the server
 * has ended one (at a sign-out, or when it stops) or refuses to go on from the last event.
 */
export interface Following<T> {
  /** `after` is the cursor of the last event that came; undefined to begin with now. */
  readonly subscribe: (after: string | undefined, signal: AbortSignal) => AsyncIterable<T>
  /** Takes an event; gives its cursor. */
  readonly heard: (event: T) => string
  /** Events may have been missed: what is shown has to be read again. */
  readonly lost: (error: unknown) => Promise<void>
}

const firstPauseMs = 500
const longestPauseMs = 30_000

/** Ends when the signal is aborted. Gives the last cursor. */
export async function follow<T>(
  { subscribe, heard, lost }: Following<T>,
  signal: AbortSignal,
  from?: string,
): Promise<string | undefined> {
  let after = from
  let wait = firstPauseMs
  while (!signal.aborted) {
    try {
      for await (const event of subscribe(after, signal)) {
        after = heard(event)
        wait = firstPauseMs
      }
    } catch (error) {
      if (signal.aborted) break
      after = undefined
      await lost(error)
    }
    await pause(wait, signal)
    wait = Math.min(wait * 2, longestPauseMs)
  }
  return after
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, milliseconds)
    signal.addEventListener('abort', done)
  })
}
