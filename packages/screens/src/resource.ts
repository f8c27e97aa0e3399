/**
 * Something that is loaded: it says whether it is there, what went wrong, and tries again by itself, waiting longer each
 * time, until it has it. A newer load wins over an older one; what was there stays while it is loaded anew.
 */
import { cell, computed, reaction } from './cell.ts'
import { clock } from './clock.ts'
import { onDispose } from './owner.ts'
import { untracked } from './reactive-graph.ts'
import type { Readable } from './stream.ts'

export interface ResourceOptions {
  /** The first wait before it tries again, doubled each time up to `maxRetryMs`; 1,000 by default, 0 for never. */
  readonly retryMs?: number
  /** 30,000 by default. */
  readonly maxRetryMs?: number
}

export interface Resource<T> {
  /** Undefined until the first load. */
  readonly value: Readable<T | undefined>
  /** Why the last load failed; undefined after one that did not. */
  readonly error: Readable<unknown>
  readonly loading: Readable<boolean>
  /** Loads now, whatever it waits for. */
  reload(): void
}

/** Cells that `load` reads before its first `await` make it load again. Belongs to the owner that runs. */
export function resource<T>(
  load: (signal: AbortSignal) => Promise<T>,
  options: ResourceOptions = {},
): Resource<T> {
  const { retryMs = 1000, maxRetryMs = 30_000 } = options
  const state = cell<{ readonly value?: T; readonly error?: unknown; readonly loading: boolean }>({
    loading: true,
  })
  const asked = cell(0)
  let controller: AbortController | undefined
  let cancel: (() => void) | undefined
  let wait = retryMs
  const stop = () => {
    cancel?.()
    controller?.abort()
  }
  const again = () => asked.update((count) => count + 1)
  reaction(() => {
    asked.value
    stop()
    const mine = new AbortController()
    controller = mine
    untracked(() => state.update((now) => ({ ...now, loading: true })))
    const failed = (error: unknown) => {
      if (mine.signal.aborted) return
      state.update(({ value }) => ({
        ...(value === undefined ? {} : { value }),
        error,
        loading: false,
      }))
      if (retryMs === 0) return
      cancel = clock.after(wait, again)
      wait = Math.min(wait * 2, maxRetryMs)
    }
    const loaded = (value: T) => {
      if (mine.signal.aborted) return
      wait = retryMs
      state.set({ value, loading: false })
    }
    try {
      load(mine.signal).then(loaded, failed)
    } catch (error) {
      failed(error)
    }
  })
  onDispose(stop)
  return {
    value: computed(() => state.value.value),
    error: computed(() => state.value.error),
    loading: computed(() => state.value.loading),
    reload() {
      wait = retryMs
      again()
    },
  }
}
