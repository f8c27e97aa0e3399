/** Go's M, P and G of this thread as plain data, at this instant. */
import type { GoroutineState, Lane, WaitReason } from './goroutine.ts'
import { runnable, scheduler } from './scheduler.ts'
import { observed } from './tracker.ts'

export interface GoroutineView {
  readonly id: number
  readonly name: string
  readonly lane: Lane
  readonly state: GoroutineState
  readonly waitReason: WaitReason | ''
  readonly waitingOn: string
  /** The thread it runs on, when that is a worker. */
  readonly m?: number
}

export interface SchedulerView {
  /** Threads: which P each holds and which goroutine it runs (null: none, or not known). */
  readonly m: readonly { readonly id: number; readonly p: number; readonly g: number | null }[]
  /** Contexts with their run queues, next first; `queued`: functions placed on that worker and not begun. */
  readonly p: readonly {
    readonly id: number
    readonly m: number
    readonly runq: readonly number[]
    readonly queued?: number
  }[]
  /** Every goroutine, while goroutines are observed (`run`, `trace`); else those in the run queue. */
  readonly g: readonly GoroutineView[]
}

export function inspectScheduler(): SchedulerView {
  const tracker = observed()
  const { current } = scheduler
  const queued = runnable()
  const runq =
    tracker === null ? queued.map(({ id }) => id) : [...tracker.runnable].map(({ id }) => id)
  const g: GoroutineView[] =
    tracker === null
      ? queued.map(({ id, name, lane, state, waitReason }) => ({
          id,
          name,
          lane,
          state,
          waitReason,
          waitingOn: '',
        }))
      : [...tracker.live.values()].map(({ id, name, lane, state, waitReason, waitingOn }) => ({
          id,
          name,
          lane,
          state,
          waitReason,
          waitingOn,
        }))
  const running = current !== null && current.state === 'running' ? current.id : null
  return {
    m: [{ id: 0, p: 0, g: running }],
    p: [{ id: 0, m: 0, runq }],
    g: g.sort((a, b) => a.id - b.id),
  }
}
