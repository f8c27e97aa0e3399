/**
 * Calls of functions on workers that give a result: which are under way, and what becomes of those that a killed
 * worker had taken.
 */
import { Panic } from '../panic.ts'
import { done, parkAwait, ready } from '../park.ts'
import { go } from '../scheduler.ts'
import { acquireSudog, type Sudog, Wait } from '../sudog.ts'
import { home } from './home.ts'
import { makeSharedChan } from './make-shared-chan.ts'
import type { SharedChannel } from './shared-channel.ts'
import { lastThread, type ModuleName, place, type Result, runQueueOf, type Task } from './tasks.ts'
import { maxCalls, Thread } from './world.ts'

/** The goroutines that wait for the results. */
const calls = new Map<number, Sudog>()
const freeIds: number[] = []
let lastId = 0
let results: SharedChannel<Result> | null = null

/** Places a task and settles with its result. */
export function call(module: ModuleName, name: string, args: readonly unknown[]): Promise<unknown> {
  const { world } = home()
  results ??= collectResults()
  const id = freeIds.pop() ?? ++lastId
  if (id >= maxCalls) {
    lastId--
    throw new Panic(
      'ERR_SHARED',
      `${maxCalls - 1} calls are under way; await some before making more`,
    )
  }
  Atomics.store(world.i32, world.call(id), 0)
  const sudog = acquireSudog()
  const promise = parkAwait(sudog, Wait.receive, 'chan receive', results)
  calls.set(id, sudog)
  const placed = place([module, name, args, world.me, id])
  if (placed !== done) placed.catch((reason) => finish(id, false, reason))
  return promise
}

/** Rejects what thread `dead` had taken, and, a little later, what it had taken without saying so. */
export function lostCalls(dead: number): void {
  const { world } = home()
  for (const id of calls.keys()) {
    if (Atomics.load(world.i32, world.call(id)) === dead) finish(id, false, died(dead))
  }
  const untaken = [...calls.keys()].filter((id) => Atomics.load(world.i32, world.call(id)) === 0)
  if (untaken.length > 0) setTimeout(() => rejectVanished(untaken, dead), 100)
}

/** All workers have ended. */
export function resetCalls(): void {
  for (const id of [...calls.keys()]) {
    finish(id, false, new Panic('ERR_WORKER_DIED', 'the worker threads were stopped'))
  }
}

function collectResults(): SharedChannel<Result> {
  const { world } = home()
  const channel = makeSharedChan<Result>({ capacity: 8192, name: 'results' })
  Atomics.store(world.i32, world.thread(world.me) + Thread.results, channel.id)
  go(async function results() {
    for await (const [id, ok, value] of channel) {
      finish(id, ok, value)
      // What has come meanwhile, without an await for each.
      for (let more = channel.tryReceive(); more?.ok === true; more = channel.tryReceive()) {
        finish(...more.value)
      }
    }
  })
  return channel
}

/** Calls that wait in no run queue and that no live thread has taken were in the hands of the dead one. */
function rejectVanished(suspects: readonly number[], dead: number): void {
  const { world } = home()
  const queued = new Set<number>()
  for (let number = 1; number <= lastThread(world); number++) {
    const queue = runQueueOf(world, number)
    const tasks: Task[] = []
    for (let left = queue?.length ?? 0; left > 0; left--) {
      const task = queue?.tryReceive()
      if (task?.ok === true) tasks.push(task.value)
    }
    for (const task of tasks) {
      queued.add(task[4])
      void place(task)
    }
  }
  for (const id of suspects) {
    if (queued.has(id) || Atomics.load(world.i32, world.call(id)) !== 0) continue
    finish(id, false, died(dead))
  }
}

function finish(id: number, ok: boolean, value: unknown): void {
  const sudog = calls.get(id)
  if (sudog === undefined) return
  calls.delete(id)
  freeIds.push(id)
  ready(sudog, ok ? value : Promise.reject(value), true)
}

function died(thread: number): Panic {
  return new Panic(
    'ERR_WORKER_DIED',
    `worker thread ${thread} ended while it ran this call; start it again if that is safe`,
  )
}
