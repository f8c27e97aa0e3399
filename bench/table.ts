/** Prints outcomes: one table a measure, then its goals. */
import { type Outcome, rounded } from './outcome.ts'

export function table(outcome: Outcome): string {
  const rows = [
    ['side', 'CPU/op', 'wall/op', '±', 'typestead is', 'by wall', ''],
    ...sideRows(outcome),
  ]
  const widths =
    rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  const lines = rows.map((row) => {
    const cells = row.map((cell, at) =>
      at === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[at] ?? 0),
    )
    return `  ${cells.join('  ')}`.trimEnd()
  })
  const goals = outcome.goals.map(({ goal, state, found }) => `  goal ${state}: ${goal}: ${found}`)
  return [`${outcome.name} (per ${outcome.unit})`, ...lines, ...goals, ''].join('\n')
}

function sideRows({ sides, ratios }: Outcome): string[][] {
  return Object.entries(sides).map(([name, side]) => {
    if ('absent' in side) {
      return [name, '', '', '', '', '', `${side.failed ? 'failed' : 'skipped'}: ${side.absent}`]
    }
    const ratio = ratios.find(({ peer }) => peer === name)
    const figures = Object.entries(side.figures).map(
      ([figure, value]) => `${figure} ${rounded(value)}`,
    )
    return [
      name,
      time(side.cpuNs),
      time(side.wallNs),
      `${Math.round(side.spread * 100)} %`,
      times(ratio?.cpu),
      times(ratio?.wall),
      [ratio?.refused ?? '', ...figures].filter((text) => text !== '').join(', '),
    ]
  })
}

function times(ratio: number | undefined): string {
  return ratio === undefined ? '' : `${rounded(ratio)}× as fast`
}

/** @param ns nanoseconds */
export function time(ns: number): string {
  if (ns < 1e3) return `${rounded(ns)} ns`
  if (ns < 1e6) return `${rounded(ns / 1e3)} µs`
  if (ns < 1e9) return `${rounded(ns / 1e6)} ms`
  return `${rounded(ns / 1e9)} s`
}
