/**
 * What a worker runs: takes tasks from its run queue, or steals some, starts them as goroutines, and sleeps in
 * `Atomics.wait` when its event loop has nothing left. `beforeExit` is that moment: a worker has no other.
 */
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { Goroutine } from '../goroutine.ts'
import { inspectScheduler } from '../inspect-scheduler.ts'
import { Panic } from '../panic.ts'
import { go, gosched, isGenerator, launch, scheduler } from '../scheduler.ts'
import { observe } from '../tracker.ts'
import { beginSleep } from './doorbell.ts'
import { attend, home, join } from './home.ts'
import './make-shared-chan.ts'
import './shared-select.ts'
import { type ModuleName, resultsOf, runQueueOf, steal, type Task } from './tasks.ts'
import { Uncloneable } from './uncloneable.ts'
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
/** Addresses of the modules that the home thread has announced, by number. */
const announced = [...known]
const modules = new Map<ModuleName, Record<string, unknown>>()

if (observing) observe()
scheduler.onPanic = (goroutine, reason) => report(goroutine.id, reason)
parentPort?.on('message', hear)
parentPort?.unref()
process.on('beforeExit', sleep)
Atomics.store(world.i32, thread + Thread.state, ThreadState.running)
for (const number of known.keys()) prepare(number)
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
    start(task)
    // It begins now; a function that keeps the thread busy leaves the rest of the queue to thieves.
    await gosched()
  }
}

/** Starts the task as a goroutine that bears the name of its function. */
function start(task: Task): void {
  const [module, name] = task
  launch(new Goroutine(++scheduler.lastId, { name }), () =>
    modules.has(module)
      ? begin(task)
      : load(module).then(
          // Anew as a goroutine: it may be a generator.
          () => start(task),
          (error) => fail(task, error),
        ),
  )
}

/** The address of a module that is now announced, or the number of an inspection that is asked for. */
function hear(message: number | string): void {
  if (typeof message === 'number') {
    parentPort?.postMessage({ inspected: message, view: inspectScheduler() })
    return
  }
  announced.push(message)
  prepare(announced.length - 1)
}

/** A module that does not load is reported by the task that needs it. */
function prepare(module: number): void {
  load(module).catch(() => {})
}

async function load(module: ModuleName): Promise<void> {
  // A module's namespace is an object of its exports.
  modules.set(module, (await import(addressOf(module))) as Record<string, unknown>)
}

function addressOf(module: ModuleName): string {
  if (typeof module === 'string') return module
  // It was announced before its first task was placed, but messages are heard only in a turn of the event loop.
  while (module >= announced.length && parentPort !== null) {
    const next = receiveMessageOnPort(parentPort)
    if (next === undefined) break
    hear(next.message)
  }
  return announced[module] ?? ''
}

function begin(task: Task): unknown {
  const [module, name, args] = task
  const target = modules.get(module)?.[name]
  if (typeof target !== 'function') {
    const functions = Object.entries(modules.get(module) ?? {}).flatMap(([key, value]) =>
      typeof value === 'function' ? [key] : [],
    )
    return fail(
      task,
      new Panic(
        'ERR_SHARED',
        `${addressOf(module)} has no exported function ${name}; it exports ${functions.length === 0 ? 'none' : functions.join(', ')}`,
      ),
    )
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

function reply(task: Task, ok: boolean, value: unknown): Promise<void> | undefined {
  ended()
  const [, , , caller, call] = task
  if (call === 0) return undefined
  const results = resultsOf(world, caller)
  if (results === null) return undefined
  try {
    if (results.trySend([call, ok, value])) return undefined
    return results.send([call, ok, value])
  } catch (error) {
    if (error instanceof Uncloneable) error.of(`the result of ${task[1]}()`, 1)
    return results.send([call, false, error])
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
