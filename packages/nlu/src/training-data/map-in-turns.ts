/** Maps a long list a piece at a time; other work runs between, so that reading large data does not hold the event loop. */
import { setImmediate } from 'node:timers/promises'

/** Items of one turn: some milliseconds' worth. */
const piece = 1000

export async function mapInTurns<T, R>(
  items: readonly T[],
  map: (item: T, index: number) => R,
): Promise<R[]> {
  const mapped: R[] = []
  for (const [index, item] of items.entries()) {
    if (index > 0 && index % piece === 0) await setImmediate()
    mapped.push(map(item, index))
  }
  return mapped
}
