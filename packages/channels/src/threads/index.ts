/** Channels between worker threads, and functions started on them; Node only. */
import './shared-select.ts'

export { makeSharedChan, type SharedChanOptions } from './make-shared-chan.ts'
export type { SendOptions, SharedChannel } from './shared-channel.ts'
export {
  inspectThreads,
  startThreads,
  type Threads,
  type ThreadsOptions,
  type WorkerThread,
} from './threads.ts'
export { callWorker, goWorker, type WorkerModule, workerModule } from './worker-module.ts'
