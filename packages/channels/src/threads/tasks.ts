/**
 * Functions on their way to a worker. Every worker has a run queue, a shared channel; a worker with an empty one steals
 * from the others before it sleeps. What has been started stays on its thread: JavaScript cannot move a running
 * function, so M:N scheduling places and steals goroutines that have not begun.
 */
import { channelById, home } from './home.ts'
import type { SharedChannel } from './shared-channel.ts'
import { maxThreads, Thread, ThreadState, type World } from './world.ts'

/** What travels: module, export, arguments; who waits for the result (thread and call, 0 for nobody). */
export type Task = readonly [
  url: string,
  name: string,
  args: readonly unknown[],
  caller: number,
  call: number,
]

/** What comes back: the call, whether it returned, and what it returned or threw. */
export type Result = readonly [call: number, ok: boolean, value: unknown]

/** The run queue of thread `number`, null when it has none. */
export function runQueueOf(world: World, number: number): SharedChannel<Task> | null {
  const id = Atomics.load(world.i32, world.thread(number) + Thread.runQueue)
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
export async function place(task: Task): Promise<void> {
  const { world } = home()
  let best: SharedChannel<Task> | null = null
  let least = Number.POSITIVE_INFINITY
  for (let number = 1; number < maxThreads; number++) {
    const queue = serving(world, number) ? runQueueOf(world, number) : null
    if (queue === null) continue
    const load = loadOf(world, number, queue.length)
    if (load < least) {
      least = load
      best = queue
    }
  }
  if (best === null) throw new RangeError('no worker is running; call startThreads() first')
  if (!best.trySend(task)) await best.send(task)
}

/** A task from another worker's run queue. */
export function steal(): Task | undefined {
  const { world } = home()
  for (let step = 1; step < maxThreads; step++) {
    const victim = (world.me + step) % maxThreads
    if (victim === 0 || victim === world.me) continue
    const queue = runQueueOf(world, victim)
    if (queue === null || queue.length === 0) continue
    const stolen = queue.tryReceive()
    if (stolen?.ok === true) return stolen.value
  }
  return undefined
}

/** Workers that take part: alive, or about to start. */
export function serving(world: World, number: number): boolean {
  const state = Atomics.load(world.i32, world.thread(number) + Thread.state)
  return state !== ThreadState.free && state !== ThreadState.dead
}

/** A sleeping worker comes first, then the shortest queue, then the fewest goroutines; a starting one comes last. */
function loadOf(world: World, number: number, queued: number): number {
  const thread = world.thread(number)
  const starting = Atomics.load(world.i32, thread + Thread.state) === ThreadState.starting ? 2 : 0
  const awake = Atomics.load(world.i32, thread + Thread.sleeping) === 0 ? 1 : 0
  return (queued + awake + starting) * 100_000 + Atomics.load(world.i32, thread + Thread.live)
}
