/** The topic `bots` of the workbench: turns, changes of bots, deliveries, as they happen in any process of the app. */
import type { LiveManager } from './live-manager.ts'

export interface BotHappening {
  readonly type: string
  /** Of a turn. */
  readonly conversation?: { readonly id: string; readonly asksForPerson: boolean }
}

/** Happenings of this time become one call. */
const gatherMilliseconds = 150

/**
 * Calls back after happenings that count. What is missed while the stream is away: read `live.opened` as well.
 * @returns what ends it
 */
export function followBots(
  live: LiveManager,
  counts: (happening: BotHappening) => boolean,
  changed: () => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const end = live.onBots((happening) => {
    if (!counts(happening)) return
    timer ??= setTimeout(() => {
      timer = undefined
      changed()
    }, gatherMilliseconds)
  })
  return () => {
    clearTimeout(timer)
    end()
  }
}
