/** The confusion matrix: by intent, how often it was taken for which; and the ways through it by keyboard. */
import type { CheckedExample } from './sentences.ts'

export interface Confusion {
  readonly names: readonly string[]
  /** `counts[row][column]`: examples of intent `row` that were taken for intent `column`. */
  readonly counts: readonly (readonly number[])[]
  /** Examples of each intent. */
  readonly totals: readonly number[]
}

export interface Place {
  readonly row: number
  readonly column: number
}

export function confusionOf(examples: readonly CheckedExample[]): Confusion {
  const pairs = examples.flatMap(({ intent, predicted }) =>
    intent === null ? [] : [[intent, predicted?.name ?? ''] as const],
  )
  const names = [...new Set(pairs.flat())].sort()
  const place = new Map(names.map((name, at) => [name, at]))
  const counts = names.map(() => new Array<number>(names.length).fill(0))
  for (const [intent, predicted] of pairs) {
    const row = counts[place.get(intent) ?? -1]
    const column = place.get(predicted) ?? -1
    if (row !== undefined) row[column] = (row[column] ?? 0) + 1
  }
  return { names, counts, totals: counts.map((row) => row.reduce((sum, count) => sum + count, 0)) }
}

/** Where an arrow leads: the next place with examples in that direction; Home and End to the ends of the row. */
export function placeAfter({ counts }: Confusion, from: Place, key: string): Place {
  const has = ({ row, column }: Place) => (counts[row]?.[column] ?? 0) > 0
  const size = counts.length
  const row = Array.from({ length: size }, (_, column) => ({ row: from.row, column })).filter(has)
  const column = Array.from({ length: size }, (_, at) => ({ row: at, column: from.column })).filter(
    has,
  )
  const found = {
    ArrowRight: () => row.find((place) => place.column > from.column),
    ArrowLeft: () => row.findLast((place) => place.column < from.column),
    // Columns may have gaps; a row always has something.
    ArrowDown: () => column.find((place) => place.row > from.row) ?? firstOf(counts, from.row + 1),
    ArrowUp: () =>
      column.findLast((place) => place.row < from.row) ?? firstOf(counts, from.row - 1),
    Home: () => row[0],
    End: () => row.at(-1),
  }[key]
  return found?.() ?? from
}

function firstOf(counts: Confusion['counts'], row: number): Place | undefined {
  const column = counts[row]?.findIndex((count) => count > 0) ?? -1
  return column < 0 ? undefined : { row, column }
}
