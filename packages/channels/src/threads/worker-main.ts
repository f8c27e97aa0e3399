/**
 * What a worker runs: takes tasks from its run queue, or steals some, starts them as goroutines, and sleeps in
 * `Atomics.wait` when its event loop has nothing left. `beforeExit` is that moment: a worker has no other.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { inspectScheduler } from '../inspect-scheduler.ts'
import { Panic } from '../panic.ts'
import { go, gosched, isGenerator, scheduler } from '../scheduler.ts'
import { observe } from '../tracker.ts'
import { beginSleep } from './doorbell.ts'
import { attend, home, join } from './home.ts'
import './make-shared-chan.ts'
import './shared-select.ts'
import { resultsOf, runQueueOf, steal, type Task } from './tasks.ts'
import { Thread, ThreadState } from './world.ts'

interface Start {
  readonly buffer: SharedArrayBuffer
  readonly me: number
  readonly observe: boolean
  /** To load before they are asked for. */
  readonly modules: readonly string[]
}

const { buffer, me, observe: observing, modules: known } = workerData as Start // given by threads.ts
join(buffer, me)
const { world } = home()
const thread = world.thread(me)
const modules = new Map<string, Record<string, unknown>>()

if (observing) observe()
scheduler.onPanic = (goroutine, reason) => report(goroutine.id, reason)
parentPort?.on('message', (message: number | string) => {
  if (typeof message === 'string') prepare(message)
  else parentPort?.postMessage({ inspected: message, view: inspectScheduler() })
})
parentPort?.unref()
process.on('beforeExit', sleep)
Atomics.store(world.i32, thread + Thread.state, ThreadState.running)
for (const url of known) prepare(url)
go(serve)

async function serve(): Promise<void> {
  const queue = runQueueOf(world, me)
  if (queue === null) throw new Panic('ERR_SHARED', 'a worker was started without a run queue')
  for (;;) {
    const own = queue.tryReceive()
    const task = own?.ok === true ? own.value : (steal() ?? (await queue.receive()))
    if (task[4] !== 0) Atomics.store(world.i32, world.call(task[4]), me)
    Atomics.add(world.i32, thread + Thread.taken, 1)
    Atomics.add(world.i32, thread + Thread.live, 1)
    go(named(task))
    // It begins now; a function that keeps the thread busy leaves the rest of the queue to thieves.
    await gosched()
  }
}

/** The task as a goroutine that bears the name of its function. */
function named(task: Task): () => unknown {
  const [url, name] = task
  const start = {
    [name]: () =>
      modules.has(url)
        ? begin(task)
        : load(url).then(
            // Anew as a goroutine: it may be a generator.
            () => void go(named(task)),
            (error) => fail(task, error),
          ),
  }
  return start[name] as () => unknown // defined above
}

/** A module that does not load is reported by the task that needs it. */
function prepare(url: string): void {
  load(url).catch(() => {})
}

async function load(url: string): Promise<void> {
  // A module's namespace is an object of its exports.
  modules.set(url, (await import(url)) as Record<string, unknown>)
}

function begin(task: Task): unknown {
  const [url, name, args] = task
  const target = modules.get(url)?.[name]
  if (typeof target !== 'function') {
    return fail(task, new Panic('ERR_SHARED', `${url} has no exported function ${name}`))
  }
  let result: unknown
  try {
    result = target(...args)
  } catch (error) {
    return fail(task, error)
  }
  if (result instanceof Promise) {
    return result.then(
      (value) => reply(task, true, value),
      (error) => fail(task, error),
    )
  }
  if (typeof result === 'object' && result !== null && isGenerator(result)) {
    return follow(task, result)
  }
  return reply(task, true, result)
}

function* follow(task: Task, body: Iterator<unknown, unknown, unknown>): Generator<unknown, void> {
  try {
    // Yields only operations of the generator lane, to the scheduler.
    const value = yield* body as unknown as Iterable<never, unknown>
    void reply(task, true, value)
  } catch (error) {
    void fail(task, error)
  }
}

function fail(task: Task, error: unknown): Promise<void> | undefined {
  if (task[4] !== 0) return reply(task, false, error)
  ended()
  report(0, error, task[1])
  return undefined
}

async function reply([, , , caller, call]: Task, ok: boolean, value: unknown): Promise<void> {
  ended()
  if (call === 0) return
  const results = resultsOf(world, caller)
  try {
    await results?.send([call, ok, value])
  } catch (error) {
    await results?.send([call, false, error])
  }
}

function ended(): void {
  Atomics.sub(world.i32, thread + Thread.live, 1)
}

/** A panic that nobody recovered ends the program: the home thread is told. */
function report(goroutine: number, reason: unknown, name = ''): void {
  const error = reason instanceof Error ? reason : new Error(String(reason))
  parentPort?.postMessage({ panic: error.message, stack: error.stack, goroutine, name })
}

function sleep(): void {
  Atomics.store(world.i32, thread + Thread.state, ThreadState.idle)
  const bell = beginSleep(world)
  if (bell !== null) Atomics.wait(world.i32, thread + Thread.bell, bell)
  Atomics.store(world.i32, thread + Thread.state, ThreadState.running)
  attend()
  // One more turn of the event loop, for what was just made runnable and for messages.
  setImmediate(() => {})
}
