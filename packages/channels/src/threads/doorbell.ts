/**
 * How a thread is told that channels want its attention, with at most one system call for each sleep. A ringer sets
 * the channel's bit, then the summary bit, then wakes the thread if it has said that it sleeps; a thread says that it
 * sleeps, then looks at the summary once more, so no ring is missed.
 */
import { maxChannels, Thread, type World } from './world.ts'

/** Tells thread `number` to look at channel `id`. */
export function ring(world: World, number: number, id: number): void {
  const { i32 } = world
  const thread = world.thread(number)
  const group = id >> 5
  Atomics.or(i32, thread + Thread.pending + group, 1 << (id & 31))
  Atomics.or(i32, thread + Thread.summary, 1 << group)
  wakeThread(world, number)
}

/** Wakes the thread if it sleeps, for whatever reason it then finds. */
export function wakeThread(world: World, number: number): void {
  const { i32 } = world
  const thread = world.thread(number)
  // A load is cheaper, and most are awake.
  if (Atomics.load(i32, thread + Thread.sleeping) === 0) return
  if (Atomics.exchange(i32, thread + Thread.sleeping, 0) === 0) return
  Atomics.add(i32, thread + Thread.bell, 1)
  Atomics.notify(i32, thread + Thread.bell)
}

/** Whether channels want this thread's attention. */
export function rung(world: World): boolean {
  return Atomics.load(world.i32, world.summary) !== 0
}

/** The same without a fence: what it does not see yet is seen by the next look. */
export function seemsRung(world: World): boolean {
  return world.word(world.summary) !== 0
}

/** Calls `visit` for each channel that wants attention and forgets that it does. */
export function answer(world: World, visit: (id: number) => void): void {
  const { i32 } = world
  const thread = world.thread(world.me)
  let groups = Atomics.exchange(i32, thread + Thread.summary, 0)
  while (groups !== 0) {
    const group = 31 - Math.clz32(groups & -groups)
    groups &= groups - 1
    let bits = Atomics.exchange(i32, thread + Thread.pending + group, 0)
    while (bits !== 0) {
      const bit = 31 - Math.clz32(bits & -bits)
      bits &= bits - 1
      visit(group * 32 + bit)
    }
  }
}

/** Says that this thread sleeps; the value to wait on, or null when it has been rung. */
export function beginSleep(world: World): number | null {
  const { i32 } = world
  const thread = world.thread(world.me)
  const bell = Atomics.load(i32, thread + Thread.bell)
  Atomics.store(i32, thread + Thread.sleeping, 1)
  if (Atomics.load(i32, thread + Thread.summary) === 0) return bell
  Atomics.store(i32, thread + Thread.sleeping, 0)
  return null
}

/** Says that this thread is awake again, when nobody has woken it. */
export function endSleep(world: World): void {
  Atomics.store(world.i32, world.thread(world.me) + Thread.sleeping, 0)
}

/** Every channel wants the attention of thread `number`: after a repair nobody knows who missed what. */
export function ringAll(world: World, number: number): void {
  const count = maxChannels / 32
  for (let group = 0; group < count; group++) {
    Atomics.store(world.i32, world.thread(number) + Thread.pending + group, -1)
  }
  Atomics.store(world.i32, world.thread(number) + Thread.summary, -1)
  wakeThread(world, number)
}
