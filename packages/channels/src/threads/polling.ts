/**
 * Waiting for a ring before going to sleep for good: an answer often comes within microseconds, and leaving the event
 * loop and coming back costs tens of them. First comes a look between the microtasks of this thread's goroutines, for
 * longer if that has been worth it; if nothing else happens here, then a nap, which leaves the processor to those who
 * are to answer. The home thread gives timers and sockets their turn between its naps.
 */
import { breath } from '../event-loop.ts'
import { done } from '../park.ts'
import { beginSleep, endSleep, rung } from './doorbell.ts'
import { Thread, type World } from './world.ts'

/** A goroutine that goes on here takes some microtasks until it does something that is seen. */
const leastLooks = 16
/** As often as something happens here meanwhile it begins anew; then this thread is busy with itself. */
const mostInterruptions = 64
/** Milliseconds of a long look: more than it takes to wake somebody who naps. */
const longLook = 0.03
/** Milliseconds of a nap, and how many naps. */
const homeNap = 0.05
const homeNaps = 4
const workerNap = 0.2

/** After a long look that was in vain, this many waits go without; twice as many each time. */
let penalty = 4
const worstPenalty = 512
let without = 0

export function poll(world: World, over: (heard: boolean) => void): void {
  let operations = breath.left
  let interruptions = 0
  let looks = 0
  let end = 0
  let naps = world.me === 0 ? homeNaps : 1
  const look = (): void => {
    if (rung(world)) {
      if (looks > leastLooks) worthIt()
      over(true)
    } else if (breath.overdue || interruptions > mostInterruptions) over(false)
    else if (operations !== breath.left) {
      // Goroutines are at work here; they are not to be kept waiting.
      operations = breath.left
      interruptions++
      looks = 0
      done.then(look)
    } else if (++looks < leastLooks) done.then(look)
    else lookLonger()
  }
  const lookLonger = (): void => {
    if (end === 0 && without === 0) end = performance.now() + longLook
    if (performance.now() < end) done.then(look)
    else {
      if (looks > leastLooks) inVain()
      else if (without > 0) without--
      rest()
    }
  }
  const rest = (): void => {
    if (nap(world)) over(true)
    else if (--naps === 0) over(false)
    else setImmediate(() => (rung(world) ? over(true) : rest()))
  }
  done.then(look)
}

function worthIt(): void {
  penalty = 4
}

function inVain(): void {
  without = penalty
  penalty = Math.min(worstPenalty, penalty * 2)
}

/** Whether it was rung meanwhile. */
function nap(world: World): boolean {
  const bell = beginSleep(world)
  if (bell === null) return true
  const at = world.thread(world.me) + Thread.bell
  Atomics.wait(world.i32, at, bell, world.me === 0 ? homeNap : workerNap)
  endSleep(world)
  return rung(world)
}
