/**
 * Looking for a ring for a short while before going to sleep: an answer often comes within microseconds, and waking a
 * thread costs tens of them. How long is learned: doubled when looking was worth it, halved when it was not.
 */
import { breath } from '../event-loop.ts'
import { done } from '../park.ts'
import { rung } from './doorbell.ts'
import type { World } from './world.ts'

/** Milliseconds. */
const longest = 0.1
const shortest = 0.002
/** Who sleeps less than this is being talked to. */
const conversation = 0.2
/** How long looking may keep the event loop waiting. */
const densest = 0.05

let patience = longest

/** Looks between microtasks, so that goroutines of this thread run meanwhile, then once in each of some turns. */
export function poll(world: World, over: (heard: boolean) => void): void {
  const start = performance.now()
  const dense = start + Math.min(patience, densest)
  const end = start + patience
  const look = (): void => {
    if (rung(world)) over(learn(true))
    else if (performance.now() < dense && !breath.overdue) done.then(look)
    // Of a worker nothing else is asked; the home thread gives timers and sockets their turn.
    else if (performance.now() < end && world.me === 0) setImmediate(look)
    else over(learn(false))
  }
  done.then(look)
}

function learn(worth: boolean): boolean {
  patience = worth ? Math.min(longest, patience * 2) : Math.max(shortest, patience / 2)
  return worth
}

/** A sleep that ended soon: looking longer would have been worth it. */
export function woken(afterMs: number): void {
  if (afterMs < conversation) learn(true)
}
