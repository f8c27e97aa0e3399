/**
 * The home thread's side: starts workers, keeps their number, repairs what a killed one leaves, and keeps the process
 * alive while goroutines anywhere can run. Workers are not held by the process: it ends with main, as in Go.
 */
import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import { Goroutine } from '../goroutine.ts'
import { inspectScheduler, type SchedulerView } from '../inspect-scheduler.ts'
import { endings, idleVetoes } from '../run.ts'
import { scheduler } from '../scheduler.ts'
import { lostCalls, resetCalls } from './calls.ts'
import { rung, wakeThread } from './doorbell.ts'
import { attend, checkMemory, home } from './home.ts'
import { makeSharedChan } from './make-shared-chan.ts'
import { repair } from './repair.ts'
import { runQueueOf, type Task } from './tasks.ts'
import { Header, maxThreads, Thread, ThreadState, type World } from './world.ts'

export interface ThreadsOptions {
  /** Worker threads, 1 to 31. Default: one less than the machine has processors, at least 1. */
  readonly threads?: number
  /**
   * Bytes of shared memory, 8 MiB to 2 GiB, only reserved until used; counts for the first call in a program. Default
   * 256 MiB.
   */
  readonly memory?: number
  /** Workers know the state of each goroutine, for `inspectThreads`. Default false. */
  readonly observe?: boolean
}

/** A worker thread; its number is that of its M and P. */
export interface WorkerThread {
  readonly number: number
  readonly worker: Worker
  /** Ends the thread at once, wherever it is; a new one takes its place. */
  terminate(): Promise<void>
}

interface Slot {
  readonly number: number
  worker: Worker
}

const slots: Slot[] = []
/** Announced modules, by address; their numbers are the order. */
const modules = new Map<string, number>()
let stopping: Promise<void> | null = null
let observing = false
let repairs = 0
const inspections = new Map<number, (view: SchedulerView) => void>()
let lastInspection = 0

/**
 * Starts workers up to the wanted number; those that run stay, so a smaller number changes nothing.
 * @throws {RangeError} for a number of threads or of bytes that cannot be
 */
export function startThreads(options: ThreadsOptions = {}): Threads {
  const count = options.threads ?? Math.max(1, availableParallelism() - 1)
  if (!Number.isInteger(count) || count < 1 || count >= maxThreads) {
    throw new RangeError(`threads is a whole number from 1 to ${maxThreads - 1}, got ${count}`)
  }
  home(checkMemory(options.memory))
  observing ||= options.observe === true
  if (slots.length === 0) hold(true)
  while (slots.length < count) {
    const number = slots.length + 1
    slots.push({ number, worker: launch(number) })
  }
  return new Threads()
}

/** The worker threads of this program. */
export class Threads implements AsyncDisposable {
  get threads(): readonly WorkerThread[] {
    return slots.map(({ number, worker }) => ({
      number,
      worker,
      terminate: async () => {
        await worker.terminate()
      },
    }))
  }

  /** Killed threads that were repaired and replaced so far. */
  get repairs(): number {
    return repairs
  }

  /** Ends all workers. */
  stop(): Promise<void> {
    stopping ??= stopAll()
    return stopping
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }
}

/**
 * Lets every worker load a module before its first task comes, those that replace a killed one too; the number by
 * which tasks name it.
 */
export function announce(url: string): number {
  const known = modules.get(url)
  if (known !== undefined) return known
  const announced = modules.size
  modules.set(url, announced)
  const { world } = home()
  for (const { number, worker } of slots) {
    worker.postMessage(url)
    wakeThread(world, number)
  }
  return announced
}

/** Whether workers run. */
export function threadsRunning(): boolean {
  return slots.length > 0
}

/** M, P and G of all threads. A worker that is busy for 100 ms is shown without its goroutines. */
export async function inspectThreads(): Promise<SchedulerView> {
  const { world } = home()
  const views = await Promise.all(slots.map(({ number, worker }) => ask(number, worker)))
  const own = inspectScheduler()
  return {
    m: [
      ...own.m,
      ...slots.map(({ number }, i) => ({ id: number, p: number, g: views[i]?.m[0]?.g ?? null })),
    ],
    p: [
      ...own.p,
      ...slots.map(({ number }, i) => ({
        id: number,
        m: number,
        runq: views[i]?.p[0]?.runq ?? [],
        queued: runQueueOf(world, number)?.length ?? 0,
      })),
    ],
    g: [
      ...own.g,
      ...views.flatMap((view, i) => view?.g.map((g) => ({ ...g, m: slots[i]?.number ?? 0 })) ?? []),
    ],
  }
}

function launch(number: number): Worker {
  const { world, channels } = home()
  const thread = world.thread(number)
  if (world.word(thread + Thread.runQueue) === 0) {
    const queue = makeSharedChan<Task>({ capacity: 4096, name: `run queue ${number}` })
    Atomics.store(world.i32, thread + Thread.runQueue, queue.id)
    channels.get(queue.id)
  }
  // Tasks may be placed before it has loaded.
  Atomics.store(world.i32, thread + Thread.state, ThreadState.starting)
  if (number > world.word(Header.lastThread)) Atomics.store(world.i32, Header.lastThread, number)
  const worker = new Worker(entry(), {
    workerData: {
      buffer: world.buffer,
      me: number,
      observe: observing,
      modules: [...modules.keys()],
    },
    name: `goroutines ${number}`,
  })
  worker.on('message', (message: Message) => heard(message))
  worker.on('error', (error) => crash(error))
  worker.on('exit', () => gone(number, worker))
  // After the listeners, which hold the process.
  worker.unref()
  return worker
}

type Message =
  | { readonly inspected: number; readonly view: SchedulerView }
  | {
      readonly panic: string
      readonly stack: string
      readonly goroutine: number
      readonly name: string
    }

function heard(message: Message): void {
  if ('inspected' in message) {
    inspections.get(message.inspected)?.(message.view)
    return
  }
  const error = new Error(message.panic)
  error.stack = message.stack
  scheduler.onPanic(new Goroutine(message.goroutine, message), error)
}

/** An exception outside all goroutines: the worker is replaced, the program learns of it. */
function crash(error: unknown): void {
  scheduler.onPanic(new Goroutine(0, { name: 'worker' }), error)
}

function gone(number: number, worker: Worker): void {
  const slot = slots.find((one) => one.number === number)
  if (slot === undefined || slot.worker !== worker || stopping !== null) return
  const { world } = home()
  if (!repair(world, number)) {
    setImmediate(() => gone(number, worker))
    return
  }
  repairs++
  lostCalls(number)
  slot.worker = launch(number)
  attend()
}

async function stopAll(): Promise<void> {
  const { world } = home()
  const ended = slots.splice(0)
  await Promise.all(ended.map(({ worker }) => worker.terminate()))
  for (const { number } of ended) {
    while (!repair(world, number)) await new Promise((resolve) => setImmediate(resolve))
    Atomics.store(world.i32, world.thread(number) + Thread.state, ThreadState.free)
  }
  hold(false)
  resetCalls()
  stopping = null
}

function ask(number: number, worker: Worker): Promise<SchedulerView | null> {
  const { world } = home()
  const id = ++lastInspection
  return new Promise((resolve) => {
    const timer = setTimeout(() => answer(null), 100)
    const answer = (view: SchedulerView | null): void => {
      clearTimeout(timer)
      inspections.delete(id)
      resolve(view)
    }
    inspections.set(id, answer)
    worker.postMessage(id)
    wakeThread(world, number)
  })
}

/** Keeps the process while a thread is awake; `beforeExit` asks again after each pause. */
function hold(holding: boolean): void {
  if (holding) {
    process.on('beforeExit', stayAwake)
    idleVetoes.add(anyAwake)
    endings.add(end)
  } else {
    process.off('beforeExit', stayAwake)
    idleVetoes.delete(anyAwake)
    endings.delete(end)
  }
}

const end = (): Promise<void> => new Threads().stop()

/** Workers first: what a worker rang for before it slept is then seen. */
function anyAwake(): boolean {
  const { world } = home()
  return slots.some(({ number }) => !asleep(world, number)) || rung(world)
}

/** A worker that has been rung is awake, although it may not know yet. */
function asleep(world: World, number: number): boolean {
  const thread = world.thread(number)
  return (
    Atomics.load(world.i32, thread + Thread.state) === ThreadState.idle &&
    Atomics.load(world.i32, thread + Thread.sleeping) === 1 &&
    Atomics.load(world.i32, thread + Thread.summary) === 0
  )
}

let pause = 1

function stayAwake(): void {
  const { world } = home()
  if (!anyAwake()) return
  if (rung(world)) {
    pause = 1
    setImmediate(attend)
    return
  }
  // A ring ends the pause early: it wakes the event loop.
  pause = Math.min(10, pause * 2)
  setTimeout(() => {}, pause)
}

function entry(): URL {
  const own = import.meta.url
  return new URL(own.endsWith('.ts') ? './worker-main.ts' : './worker-main.js', own)
}
