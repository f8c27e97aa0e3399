/** The rows that `Inspection` shows, one shape for each of the journal's tables. */

export interface PageOptions {
  readonly queue?: string
  /** Rows of a page, 100 by default, 500 at most. */
  readonly limit?: number
  /** `seq` of the last row of the page before. */
  readonly after?: number
}

export interface TaskRow {
  readonly seq: number
  readonly id: string
  readonly queue: string
  readonly key: string | undefined
  readonly payload: unknown
  readonly version: number
  readonly attempts: number
  readonly state: 'due' | 'later' | 'running' | 'waiting'
  readonly waitsFor: string | undefined
  readonly due: Date
  readonly created: Date
  readonly owner: string | undefined
  /** The last failure. */
  readonly error: string | undefined
}

export interface DeadLetter {
  readonly seq: number
  readonly id: string
  readonly kind: 'message' | 'job'
  readonly queue: string
  readonly key: string | undefined
  readonly payload: unknown
  readonly attempts: number
  readonly created: Date
  readonly died: Date
  readonly reason: string
}

export interface LeaseRow {
  readonly key: string
  readonly token: number
  readonly owner: string
  readonly expires: Date
}

export interface ScheduleRow {
  readonly name: string
  readonly cron: string
  readonly zone: string
  readonly missed: string
  readonly queue: string
  readonly next: Date
  readonly last: Date | undefined
}

export interface ProcessRow {
  readonly id: string
  readonly host: string
  readonly pid: number
  readonly started: Date
  readonly expires: Date
  readonly claims: number
}

export interface QueueCounts {
  readonly queue: string
  readonly waiting: number
  readonly running: number
  readonly dead: number
}

export interface StepRow {
  readonly place: number
  readonly name: string
  readonly result: unknown
  readonly at: Date
}
