/**
 * Keeps the host's event loop alive under a hot loop of channel operations: microtasks never let timers and sockets
 * in, so after about 10 ms without a turn of the loop every further operation and wake-up is continued from a
 * macrotask. The clock is read once per `interval` operations; the interval shrinks while operations are slow.
 */
const turnBudget = 10
const longestInterval = 1024

interface Immediate {
  unref?: () => void
}

export const breath = {
  /** Operations until the clock is read; negative keeps every operation on the slow path. */
  left: longestInterval,
  /** The budget is used up: continuations are collected for the next turn. */
  overdue: false,
}

let interval = longestInterval
let turnStart = 0
let lastCheck = 0
let detached = false
const deferred: (() => void)[] = []

/** To be asked when `breath.left` has run out: true when the caller has to continue in the next turn. */
export function outOfBreath(): boolean {
  if (breath.overdue) return true
  const now = performance.now()
  const sinceCheck = now - lastCheck
  lastCheck = now
  if (sinceCheck > turnBudget / 4) interval = Math.max(1, interval >> 2)
  else if (interval < longestInterval) interval = Math.min(longestInterval, interval << 1)
  if (!detached && now - turnStart < turnBudget) {
    breath.left = interval
    return false
  }
  breath.overdue = true
  nextTurn(turn, detached)
  return true
}

/** Runs `continuation` in the next turn of the event loop. Call only while `breath.overdue`. */
export function defer(continuation: () => void): void {
  deferred.push(continuation)
}

/** `promise` itself, or, when the loop is owed a turn, a promise that settles like it after that turn. */
export function settleAfterTurn<T>(promise: Promise<T>): Promise<T> {
  if (!outOfBreath()) return promise
  // A rejection is the caller's to handle, in the next turn.
  promise.catch(ignore)
  return new Promise<T>((resolve) => defer(() => resolve(promise)))
}

const ignore = (): void => {}

/**
 * After main has returned, goroutines left over may run on only while something else keeps the process alive, as
 * Go's program ends with main. Their operations then go through turns that do not hold the process.
 */
export function detachLeftovers(detach: boolean): void {
  detached = detach
  breath.left = detach ? -1 : interval
}

function turn(): void {
  breath.overdue = false
  breath.left = detached ? -1 : interval
  turnStart = lastCheck = performance.now()
  const count = deferred.length
  for (let i = 0; i < count; i++) (deferred[i] as () => void)()
  deferred.splice(0, count)
}

/** A macrotask, after which timers and sockets have had their turn: `setImmediate`, or a message in browsers. */
export const nextTurn: (run: () => void, unref?: boolean) => void = chooseNextTurn()

function chooseNextTurn(): (run: () => void, unref?: boolean) => void {
  // `setImmediate` is Node's; in browsers the global is absent.
  const host = globalThis as { setImmediate?: (run: () => void) => Immediate }
  const immediate = host.setImmediate
  if (immediate !== undefined) {
    return (run, unref) => {
      const handle = immediate(run)
      if (unref === true) handle.unref?.()
    }
  }
  const waiting: (() => void)[] = []
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => waiting.shift()?.()
  return (run) => {
    waiting.push(run)
    port2.postMessage(0)
  }
}
