/**
 * Finds goroutines that can never run again: those parked on something that nothing else can reach. The collector
 * tells: while observed, a goroutine is held only by what it waits on, so a live one that is collected has leaked.
 */

import { nextTurn } from './event-loop.ts'
import type { Goroutine, GoroutineEntry, WaitReason } from './goroutine.ts'
import { observe } from './tracker.ts'

export interface LeakReport {
  readonly id: number
  readonly name: string
  readonly waitReason: WaitReason | ''
  readonly waitingOn: string
  readonly createdBy: string
}

export interface LeakWatch {
  /** Collects garbage where the host lets us, and waits for what that finds. */
  settle(): Promise<void>
  /** Every leak found so far. */
  readonly found: readonly LeakReport[]
  stop(): void
}

/** Watches every goroutine started from now on; `report` gets the leaks that one collection has found. */
export function watchLeaks(report: (leaks: readonly LeakReport[]) => void = () => {}): LeakWatch {
  const { tracker, stop } = observe()
  const found: LeakReport[] = []
  let fresh: LeakReport[] = []
  const registry = new FinalizationRegistry<GoroutineEntry>((entry) => {
    if (entry.state === 'dead') return
    const { id, name, waitReason, waitingOn, createdBy } = entry
    if (fresh.length === 0) nextTurn(flush)
    fresh.push({ id, name, waitReason, waitingOn, createdBy })
    entry.state = 'dead'
    tracker.live.delete(id)
  })
  const flush = (): void => {
    const batch = fresh.sort((a, b) => a.id - b.id)
    fresh = []
    found.push(...batch)
    report(batch)
  }
  const watch = (goroutine: Goroutine, entry: GoroutineEntry): void =>
    registry.register(goroutine, entry)
  tracker.watch = watch
  return {
    found,
    async settle() {
      const collect = collector()
      // Until four collections in a row have found nothing: the host tells what was collected in a turn of its own.
      for (let idle = 0; idle < 4; idle++) {
        const before = found.length
        tracker.rest()
        await new Promise<void>((resolve) => nextTurn(resolve))
        tracker.rest()
        collect?.()
        await new Promise<void>((resolve) => setTimeout(resolve, 1))
        await new Promise<void>((resolve) => nextTurn(resolve))
        if (found.length > before) idle = 0
      }
    },
    stop() {
      if (tracker.watch === watch) tracker.watch = null
      stop()
    },
  }
}

/** `gc()` where the host has it, or Node's V8 can be told to. */
function collector(): (() => void) | undefined {
  const host = globalThis as {
    gc?: () => void
    process?: { getBuiltinModule?: (id: string) => unknown }
  }
  if (host.gc !== undefined) return host.gc
  // Node's own modules, reached without an import so that this file loads in browsers.
  const v8 = host.process?.getBuiltinModule?.('node:v8') as
    | { setFlagsFromString(flags: string): void }
    | undefined
  const vm = host.process?.getBuiltinModule?.('node:vm') as
    | { runInNewContext(code: string): () => void }
    | undefined
  if (v8 === undefined || vm === undefined) return undefined
  v8.setFlagsFromString('--expose-gc')
  return vm.runInNewContext('gc')
}
