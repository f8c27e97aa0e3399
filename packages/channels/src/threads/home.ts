/**
 * This thread's place in the shared world: which goroutines here wait on which shared channels, and how the thread is
 * woken for them. Values never wait in a thread: a woken goroutine takes its value itself, so a thread that is killed
 * takes none along that it had not received.
 */
import { nextTurn } from '../event-loop.ts'
import type { WaitQueue } from '../sudog.ts'
import { answer, beginSleep, seemsRung } from './doorbell.ts'
import { poll } from './polling.ts'
import type { SharedChannel } from './shared-channel.ts'
import { Thread, World } from './world.ts'

interface Attached {
  readonly world: World
  readonly channels: Map<number, SharedChannel<unknown>>
}

interface Waiting {
  readonly recvq: WaitQueue
  readonly sendq: WaitQueue
}

const waiting = new Set<Waiting>()
let attached: Attached | null = null
let armed = false
let makeChannel: ((id: number) => SharedChannel<unknown>) | null = null

/** 256 MiB of addresses; memory is used as it is touched. */
const defaultMemory = 256 * 2 ** 20

/** Room for the run queues of all threads is not included: each takes 1 MiB. */
const leastMemory = 2 ** 23
/** Offsets have 31 bits. */
const mostMemory = 2 ** 31 - 64

/** @throws {RangeError} for a size that shared memory cannot have */
export function checkMemory(memory: number = defaultMemory): number {
  if (Number.isInteger(memory) && memory >= leastMemory && memory <= mostMemory) {
    // Whole cache lines.
    return Math.floor(memory / 64) * 64
  }
  throw new RangeError(
    `memory is a whole number of bytes from ${leastMemory} (8 MiB) to ${mostMemory} (2 GiB), got ${memory}`,
  )
}

/** Makes the world on first use, in the home thread. */
export function home(memory: number = defaultMemory): Attached {
  attached ??= { world: World.create(memory), channels: new Map() }
  return attached
}

/** Joins the world of another thread. */
export function join(buffer: SharedArrayBuffer, me: number): void {
  attached = { world: new World(buffer, me), channels: new Map() }
}

export function isAttached(): boolean {
  return attached !== null
}

/** @internal breaks the circle between this file and the channels */
export function setChannelMaker(make: (id: number) => SharedChannel<unknown>): void {
  makeChannel = make
}

/** This thread's object for a shared channel: one for each id. */
export function channelById(id: number): SharedChannel<unknown> {
  const { channels } = home()
  const known = channels.get(id)
  if (known !== undefined) return known
  const made = (makeChannel as NonNullable<typeof makeChannel>)(id) // set when shared-channel.ts was loaded
  channels.set(id, made)
  return made
}

/** Looks after every channel that has rung. */
export function attend(): void {
  const { world, channels } = home()
  answer(world, (id) => channels.get(id)?.attend())
}

/** Attends if this thread was rung; cheap enough for every operation. */
export function attendIfRung(): void {
  if (attached !== null && seemsRung(attached.world)) attend()
}

/** Makes sure that a ring is heard although this thread does nothing; `channel` has goroutines that wait here. */
export function listen(channel: Waiting): void {
  waiting.add(channel)
  listenOn()
}

function listenOn(): void {
  if (armed) return
  armed = true
  const { world } = home()
  poll(world, (ringing) => {
    if (ringing) heard()
    else if (world.me === 0) arm()
    // In a worker that has nothing else to do the event loop ends before the second turn, and the thread sleeps for
    // real.
    else nextTurn(() => nextTurn(arm, true), true)
  })
}

function arm(): void {
  const { world } = home()
  const bell = beginSleep(world)
  if (bell === null) {
    heard()
    return
  }
  const ringing = Atomics.waitAsync(world.i32, world.thread(world.me) + Thread.bell, bell)
  if (!ringing.async) heard()
  else {
    ringing.value.then(heard)
  }
}

function heard(): void {
  armed = false
  attend()
  for (const channel of waiting) {
    if (channel.recvq.first === null && channel.sendq.first === null) waiting.delete(channel)
  }
  if (waiting.size > 0) listenOn()
}
