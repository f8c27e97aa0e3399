/** A task is what waits in a queue: a message of the outbox, or a job. The store of tasks moves it from state to state. */

export type TaskKind = 'message' | 'job'

/** A task as it is put in. */
export interface NewTask {
  /** What the far side can tell it by. */
  readonly id: string
  /** The id is the caller's: it may have been put before. */
  readonly named: boolean
  readonly kind: TaskKind
  readonly queue: string
  /** Tasks of one queue with the same key are done one after the other, in the order in which they came. */
  readonly key: string | null
  /** JSON. */
  readonly payload: string | null
  readonly version: number
  /** Milliseconds until it may be done. */
  readonly delay: number
}

/** A task that this process has claimed. */
export interface ClaimedTask extends Omit<NewTask, 'delay' | 'named'> {
  readonly seq: number
  /** How many times it has failed. */
  readonly attempts: number
  /** How many times a process died that had claimed it. */
  readonly lost: number
  readonly created: number
  /** 0 when no run of it can have recorded anything. */
  readonly began: number
  /** When it was claimed, by the clock that all processes share. */
  readonly claimed: number
}

/** How long tasks behind another of their key are passed over; who finishes that one calls the next in line. */
export const behind = { added: 1_000, found: 30_000 } as const

/** A task that waits for something from outside alone is due at the end of time. */
export const never = 8_640_000_000_000_000
