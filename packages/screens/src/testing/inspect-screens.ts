/** What is alive and what has run, in the whole program: the difference of two looks is what a test asserts on. */
import { graphStats } from '../reactive-graph.ts'

export interface ScreensCounts {
  /** Runs of reactions so far: bindings, lists, workers and `reaction()`. */
  readonly runs: number
  readonly flushes: number
  /** Reactions that are alive. */
  readonly reactions: number
  /** Subscriptions to event streams that are open. */
  readonly subscriptions: number
}

export function inspectScreens(): ScreensCounts {
  return { ...graphStats }
}
