/**
 * Go's rules for a program. `run(main)` settles when main returns; a panic that nobody recovered, or a deadlock,
 * prints Go's text with the state of each goroutine and exits with code 2. After main has returned nothing of ours
 * keeps the process alive.
 */
import { detachLeftovers } from './event-loop.ts'
import { Goroutine, type GoroutineEntry } from './goroutine.ts'
import { type LeakReport, watchLeaks } from './leaks.ts'
import { FatalError } from './panic.ts'
import { isGenerator, launch, scheduler } from './scheduler.ts'
import { holdProcess } from './time/clock.ts'
import { observe, type TraceListener } from './tracker.ts'

export interface RunOptions {
  /** False leaves the await lane at full speed; reports then do not know who waits for what. Default true. */
  readonly observe?: boolean
  readonly trace?: TraceListener
  /** Reports goroutines that can never run again; true prints them when they are found. Node only. */
  readonly leaks?: boolean | ((leaks: readonly LeakReport[]) => void)
}

/** @internal Others who know whether the program can go on although this thread is idle; the threads part. */
export const idleVetoes = new Set<() => boolean>()
/** @internal What has to be let go when main has returned. */
export const endings = new Set<() => Promise<void>>()

/** The few parts of Node's `process` that are used when there is one. */
interface HostProcess {
  on(event: 'beforeExit', listener: () => void): unknown
  off(event: 'beforeExit', listener: () => void): unknown
  exit(code: number): never
  readonly stderr: { write(text: string): unknown }
}

export async function run(main: () => unknown, options: RunOptions = {}): Promise<void> {
  const host = hostProcess()
  const observing = options.observe === false ? null : observe()
  const { trace, leaks } = options
  if (trace !== undefined) observing?.tracker.listeners.add(trace)
  const leakWatch =
    leaks === undefined || leaks === false
      ? null
      : watchLeaks(leaks === true ? (found) => host?.stderr.write(leakText(found)) : leaks)

  const asleep = (): void => {
    for (const canGoOn of idleVetoes) if (canGoOn()) return
    host?.stderr.write(deadlockText([...(observing?.tracker.live.values() ?? [])]))
    host?.exit(2)
  }
  const before = scheduler.onPanic
  holdProcess(true)
  detachLeftovers(false)
  host?.on('beforeExit', asleep)
  try {
    await new Promise<void>((resolve, reject) => {
      scheduler.onPanic = (goroutine, reason) => {
        host?.stderr.write(panicText(goroutine, reason))
        host?.exit(2)
        reject(reason)
      }
      launch(new Goroutine(1, main.name === '' ? { name: 'main' } : main), () =>
        entry(main, resolve),
      )
    })
    await leakWatch?.settle()
  } finally {
    host?.off('beforeExit', asleep)
    scheduler.onPanic = before
    leakWatch?.stop()
    if (trace !== undefined) observing?.tracker.listeners.delete(trace)
    observing?.stop()
    await Promise.all([...endings].map((end) => end()))
    if (scheduler.live > 0) {
      holdProcess(false)
      detachLeftovers(true)
    }
  }
}

/** Main in either lane, telling when it has returned. */
function entry(main: () => unknown, returned: () => void): unknown {
  const result = main()
  if (typeof result === 'object' && result !== null && isGenerator(result)) {
    return (function* () {
      // Only our own operations are yielded, to the scheduler.
      yield* result as unknown as Iterable<never, unknown>
      returned()
    })()
  }
  if (result instanceof Promise) return result.then(returned)
  returned()
  return undefined
}

/** Go's text for a program in which nobody can run. */
export function deadlockText(goroutines: readonly GoroutineEntry[]): string {
  const states = goroutines.map(goroutineText).join('\n')
  return `fatal error: all goroutines are asleep - deadlock!\n\n${states === '' ? 'goroutine 1 [waiting]:\nmain()\n' : states}`
}

function goroutineText(entry: GoroutineEntry): string {
  const on = entry.waitingOn === '' ? '' : `\ton ${entry.waitingOn}\n`
  const by = entry.createdBy === '' ? '' : `created by ${entry.createdBy}\n`
  return `goroutine ${entry.id} [${entry.waitReason === '' ? 'IO wait' : entry.waitReason}]:\n${entry.name}()\n${on}${by}`
}

/** Go's text for a panic, with JavaScript's stack in the place of Go's. */
export function panicText(goroutine: Goroutine, reason: unknown): string {
  const head = reason instanceof FatalError ? 'fatal error' : 'panic'
  const message = reason instanceof Error ? reason.message : String(reason)
  const frames = reason instanceof Error ? (reason.stack ?? '').split('\n') : []
  const at = frames.filter((line) => line.startsWith('    at ')).join('\n')
  return `${head}: ${message}\n\ngoroutine ${goroutine.id} [running]:\n${at === '' ? `${goroutine.name}()` : at}\n`
}

function leakText(leaks: readonly LeakReport[]): string {
  return leaks
    .map(({ id, name, waitReason, waitingOn, createdBy }) => {
      const on = waitingOn === '' ? '' : `\ton ${waitingOn}\n`
      const by = createdBy === '' ? '' : `created by ${createdBy}\n`
      return `goroutine ${id} [${waitReason} (leaked)]:\n${name}()\n${on}${by}`
    })
    .join('\n')
}

function hostProcess(): HostProcess | undefined {
  const { process } = globalThis as { process?: HostProcess } // absent in browsers
  return typeof process?.on === 'function' ? process : undefined
}
