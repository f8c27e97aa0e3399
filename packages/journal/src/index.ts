/** The public names of this package. */
export { Batcher, type BatcherOptions } from './batcher.ts'
export { type Clock, systemClock } from './clock.ts'
export type { JournalDatabase } from './database.ts'
export { JournalError, type JournalErrorCode, PermanentError } from './errors.ts'
export type { Inspection } from './inspect.ts'
export type {
  DeadLetter,
  LeaseRow,
  PageOptions,
  ProcessRow,
  QueueCounts,
  ScheduleRow,
  StepRow,
  TaskRow,
} from './inspected-rows.ts'
export { defineJob, type JobDefinition, type JobOptions } from './jobs/job-definition.ts'
export type { JobHandle } from './jobs/job-handle.ts'
export type { JobRun } from './jobs/job-run.ts'
export type { JobState } from './jobs/job-store.ts'
export type { IncompatibleJobs, JobWorker, WorkerOptions } from './jobs/job-worker.ts'
export { Journal, type JournalOptions, openJournal, type StartOptions } from './journal.ts'
export type { Lease, LeaseOptions } from './lease.ts'
export type { OnceOptions, OnceRun } from './once.ts'
export {
  type DeliverOptions,
  type Delivery,
  defineQueue,
  type Message,
  type Queue,
  type SendOptions,
} from './outbox.ts'
export type {
  FinishedOwn,
  OwnMessage,
  OwnMessages,
  SendOwnOptions,
  SentOwn,
} from './own-messages.ts'
export type { Presence } from './presence.ts'
export type { MaxWaiting } from './queue-limits.ts'
export { resetJournal } from './reset.ts'
export { type Cron, nextRun, parseCron } from './schedules/cron.ts'
export type { MissedRuns, ScheduleOptions } from './schedules/schedule.ts'
export type { StorageSource } from './source.ts'
export type { FileOptions } from './sqlite/connection.ts'
export { fromDatabase } from './sqlite/from-database.ts'
export { sqlite } from './sqlite/sqlite.ts'
export type { Cell, Dialect, SqlRunner, Statement } from './storage.ts'
export type { RetryPolicy } from './tasks/backoff.ts'
export type { WithdrawnMessage, WithdrawOptions } from './withdraw.ts'
