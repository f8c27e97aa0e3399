/** The journal's rows as the workbench answers them. Times are ISO 8601. */

export interface Overview {
  /** Whether the app has a journal. */
  readonly journal: boolean
  readonly queues: readonly QueueCounts[]
  readonly processes: readonly ProcessRow[]
  readonly leases?: readonly LeaseRow[]
  readonly schedules?: readonly ScheduleRow[]
}

export interface QueueCounts {
  readonly queue: string
  readonly waiting: number
  readonly running: number
  readonly dead: number
}

export interface ProcessRow {
  readonly id: string
  readonly host: string
  readonly pid: number
  readonly started: string
  readonly claims: number
}

export interface LeaseRow {
  readonly key: string
  readonly token: number
  readonly owner: string
  readonly expires: string
}

export interface ScheduleRow {
  readonly name: string
  readonly cron: string
  readonly zone: string
  readonly queue: string
  readonly next: string
}

export interface TaskRow {
  readonly id: string
  readonly queue: string
  readonly key?: string
  readonly payload: unknown
  readonly attempts: number
  readonly state: 'due' | 'later' | 'running' | 'waiting'
  readonly waitsFor?: string
  readonly due: string
  readonly created: string
  readonly error?: string
}

export interface DeadLetter {
  readonly id: string
  readonly kind: 'message' | 'job'
  readonly queue: string
  readonly key?: string
  readonly payload: unknown
  readonly attempts: number
  readonly created: string
  readonly died: string
  readonly reason: string
}

export interface StepRow {
  readonly place: number
  readonly name: string
  readonly result: unknown
  readonly at: string
}

export function payloadText(payload: unknown): string {
  return JSON.stringify(payload, undefined, 2) ?? 'nothing'
}
