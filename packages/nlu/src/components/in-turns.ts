/** Runs a long computation that yields its progress, giving way to other work whenever it is asked to. */
import { setImmediate } from 'node:timers/promises'

const turn = 8

/** @param pause told the progress; a promise it gives is waited for. Default: the event loop gets a turn every 8 ms. */
export async function inTurns<T>(
  work: Generator<number, T>,
  pause: (done: number) => Promise<unknown> | undefined = everyTurn(),
): Promise<T> {
  for (;;) {
    const step = work.next()
    if (step.done) return step.value
    const waiting = pause(step.value)
    if (waiting) await waiting
  }
}

function everyTurn(): () => Promise<unknown> | undefined {
  let last = performance.now()
  return () => {
    if (performance.now() - last < turn) return undefined
    return setImmediate().then(() => {
      last = performance.now()
    })
  }
}
