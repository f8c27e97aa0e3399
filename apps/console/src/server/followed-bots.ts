/** The topic `bots` of the workbench: turns, changes of bots, deliveries, as they happen in any process of the app. */

export interface BotHappening {
  readonly type: string
}

/** Happenings of this time become one call. */
const gatherMilliseconds = 150

/**
 * Calls back after happenings that count, and after a break, during which some may have been missed.
 * @returns what ends it
 */
export function followBots(
  counts: (happening: BotHappening) => boolean,
  changed: () => void,
): () => void {
  const source = new EventSource('/_typestead/events?topics=bots')
  let timer: ReturnType<typeof setTimeout> | undefined
  const soon = () => {
    timer ??= setTimeout(() => {
      timer = undefined
      changed()
    }, gatherMilliseconds)
  }
  let isOpened = false
  source.addEventListener('open', () => {
    if (isOpened) soon()
    isOpened = true
  })
  source.addEventListener('bots', (event) => {
    const happening = JSON.parse(event.data) as BotHappening // the workbench's shape
    if (counts(happening)) soon()
  })
  return () => {
    clearTimeout(timer)
    source.close()
  }
}
