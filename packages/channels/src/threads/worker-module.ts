/** Starting exported functions on worker threads, with their own argument and result types. */
import { call } from './calls.ts'
import { home } from './home.ts'
import { type ModuleName, place } from './tasks.ts'
import { announce, startThreads, threadsRunning } from './threads.ts'

/** A module whose exported functions can be started on workers. */
export interface WorkerModule<M> {
  readonly url: string
  /** Only for the types: the module is not loaded here. */
  readonly exports?: M
}

/** The functions among a module's exports. */
export type Functions<M> = {
  [K in keyof M]: M[K] extends (...args: never[]) => unknown ? K : never
}[keyof M] &
  string

export type Arguments<F> = F extends (...args: infer A) => unknown ? A : never
/** A promise or a generator counts as what it gives. */
export type Returned<F> = F extends (...args: never[]) => infer R
  ? R extends Generator<unknown, infer V>
    ? V
    : Awaited<R>
  : never

/**
 * Names a module by its address: `workerModule<typeof import('./jobs.ts')>(new URL('./jobs.ts', import.meta.url))`.
 * The address stands in the source, so that bundlers find it.
 * @throws {TypeError} for anything but a URL
 */
export function workerModule<M>(url: URL): WorkerModule<M> {
  if (!(url instanceof URL)) {
    throw new TypeError(
      `workerModule takes a URL, such as new URL('./jobs.ts', import.meta.url), got ${String(url)}`,
    )
  }
  return { url: url.href }
}

/**
 * Starts an exported function as a goroutine on a worker: Go's `go` statement over threads. Arguments are copied;
 * shared channels are passed as they are. A panic there ends the program, as everywhere.
 * @throws {Panic} (as a rejection) ERR_NOT_CLONEABLE, with the path of the argument
 */
export function goWorker<M, K extends Functions<M>>(
  module: WorkerModule<M>,
  name: K,
  ...args: Arguments<M[K]>
): Promise<void> {
  return place([announced(module.url), name, args, home().world.me, 0])
}

/**
 * Runs an exported function on a worker and settles with its result.
 * @throws what it throws; {Panic} ERR_WORKER_DIED when its thread ended before
 */
export function callWorker<M, K extends Functions<M>>(
  module: WorkerModule<M>,
  name: K,
  ...args: Arguments<M[K]>
): Promise<Returned<M[K]>> {
  return call(announced(module.url), name, args) as Promise<Returned<M[K]>> // the function's own result
}

/** What workers call the module; the home thread starts them if none run. */
function announced(url: string): ModuleName {
  if (typeof url !== 'string') {
    throw new TypeError('the first argument is a module named by workerModule(new URL(…))')
  }
  if (home().world.me !== 0) return url
  if (!threadsRunning()) startThreads()
  return announce(url)
}
