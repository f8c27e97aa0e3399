/**
 * Functions on their way to a worker. Every worker has a run queue, a shared channel; a worker with an empty one steals
 * from the others before it sleeps. What has been started stays on its thread: JavaScript cannot move a running
 * function, so M:N scheduling places and steals goroutines that have not begun.
 */
import { Panic } from '../panic.ts'
import { done } from '../park.ts'
import { channelById, home } from './home.ts'
import type { SharedChannel } from './shared-channel.ts'
import { Uncloneable } from './uncloneable.ts'
import { Header, Thread, ThreadState, type World } from './world.ts'

/** An address, or the number of a module that the home thread has announced. */
export type ModuleName = string | number

/** What travels: module, export, arguments; who waits for the result (thread and call, 0 for nobody). */
export type Task = readonly [
  module: ModuleName,
  name: string,
  args: readonly unknown[],
  caller: number,
  call: number,
]

/** What comes back: the call, whether it returned, and what it returned or threw. */
export type Result = readonly [call: number, ok: boolean, value: unknown]

/** The run queue of thread `number`, null when it has none. */
export function runQueueOf(world: World, number: number): SharedChannel<Task> | null {
  const id = world.word(world.thread(number) + Thread.runQueue)
  // Only tasks are sent on run queues.
  return id === 0 ? null : (channelById(id) as SharedChannel<Task>)
}

/** Where results of calls made by thread `number` go. */
export function resultsOf(world: World, number: number): SharedChannel<Result> | null {
  const id = Atomics.load(world.i32, world.thread(number) + Thread.results)
  // Only results are sent there.
  return id === 0 ? null : (channelById(id) as SharedChannel<Result>)
}

/** Puts a task on the run queue of the worker that has the least to do. */
export function place(task: Task): Promise<void> {
  const { world } = home()
  let best: SharedChannel<Task> | null = null
  let least = Number.POSITIVE_INFINITY
  const last = lastThread(world)
  for (let number = 1; number <= last; number++) {
    const queue = serving(world, number) ? runQueueOf(world, number) : null
    if (queue === null) continue
    const load = loadOf(world, number, queue.length)
    if (load < least) {
      least = load
      best = queue
    }
  }
  if (best === null) {
    const reason = new Panic('ERR_SHARED', 'no worker is running; call startThreads() first')
    return Promise.reject(reason)
  }
  try {
    return best.trySend(task) ? done : best.send(task)
  } catch (reason) {
    return Promise.reject(named(reason, task))
  }
}

/** An argument that cannot be copied, by its place in the call. */
function named(reason: unknown, task: Task): unknown {
  if (!(reason instanceof Uncloneable)) return reason
  return reason.of(`argument ${Number(reason.path[1]) + 1} of ${task[1]}()`, 2)
}

/** A task from another worker's run queue. */
export function steal(): Task | undefined {
  const { world } = home()
  const last = lastThread(world)
  for (let step = 1; step <= last; step++) {
    const victim = (world.me + step) % (last + 1)
    if (victim === 0 || victim === world.me) continue
    const queue = runQueueOf(world, victim)
    if (queue === null || queue.length === 0) continue
    const stolen = queue.tryReceive()
    if (stolen?.ok === true) return stolen.value
  }
  return undefined
}

/** The highest number that a worker has had so far. */
export function lastThread(world: World): number {
  return world.word(Header.lastThread)
}

/** Workers that take part: alive, or about to start. */
export function serving(world: World, number: number): boolean {
  const state = world.word(world.thread(number) + Thread.state)
  return state !== ThreadState.free && state !== ThreadState.dead
}

/** A sleeping worker comes first, then the shortest queue, then the fewest goroutines; a starting one comes last. */
function loadOf(world: World, number: number, queued: number): number {
  const thread = world.thread(number)
  const starting = world.word(thread + Thread.state) === ThreadState.starting ? 2 : 0
  const awake = world.word(thread + Thread.sleeping) === 0 ? 1 : 0
  return (queued + awake + starting) * 100_000 + world.word(thread + Thread.live)
}
