/** The clock of everything that waits, in one place, so that tests set it; see `useManualClock` in testing. */

export interface Clock {
  /** Milliseconds. */
  now(): number
  /** Runs `work` once, after `ms`; returns what takes it back. */
  after(ms: number, work: () => void): () => void
}

const hostClock: Clock = {
  now: () => performance.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms)
    return () => clearTimeout(timer)
  },
}

/** The clock in use. */
export let clock: Clock = hostClock

/** Replaces the clock, the host's when there is none; returns the one before. */
export function setClock(next: Clock = hostClock): Clock {
  const previous = clock
  clock = next
  return previous
}
