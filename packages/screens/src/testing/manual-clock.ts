/** A clock that stands until it is told to go on: `using clock = useManualClock(); clock.advance(200)`. */
import { type Clock, setClock } from '../clock.ts'
import { flush } from '../reactive-graph.ts'

export interface ManualClock extends Clock, Disposable {
  /** Lets `ms` go by: runs what is due, in order, each followed by a flush. */
  advance(ms: number): void
  /** Timers that wait. */
  readonly waiting: number
}

/** Takes the place of the host's clock until it is disposed. */
export function useManualClock(): ManualClock {
  let now = 0
  let order = 0
  const timers = new Map<number, { readonly at: number; readonly work: () => void }>()
  const due = (until: number) => {
    let first: number | undefined
    for (const [id, { at }] of timers) {
      if (at <= until && (first === undefined || at < (timers.get(first)?.at ?? at))) first = id
    }
    return first
  }
  const manual: ManualClock = {
    now: () => now,
    after(ms, work) {
      const id = ++order
      timers.set(id, { at: now + ms, work })
      return () => timers.delete(id)
    },
    advance(ms) {
      const until = now + ms
      flush()
      for (let id = due(until); id !== undefined; id = due(until)) {
        const timer = timers.get(id)
        timers.delete(id)
        now = Math.max(now, timer?.at ?? now)
        timer?.work()
        flush()
      }
      now = until
    },
    get waiting() {
      return timers.size
    },
    [Symbol.dispose]() {
      setClock(previous)
    },
  }
  const previous = setClock(manual)
  return manual
}
