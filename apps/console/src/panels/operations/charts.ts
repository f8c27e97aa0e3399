/** The charts of the overview: which numbers of a sample they draw, and how they are written. */
import { bytes, count, milliseconds } from '../../page-frame/format.ts'
import type { MetricSample } from '../../server/activity.ts'

export interface Line {
  readonly label: string
  /** A custom property of the style sheet. */
  readonly color: string
  readonly value: (sample: MetricSample) => number | null
}

export interface Chart {
  readonly title: string
  readonly lines: readonly Line[]
  readonly format: (value: number) => string
}

const perSecond = (value: number) => `${value < 10 ? value.toFixed(1) : count(Math.round(value))}/s`
const percent = (value: number) => `${Math.round(value * 100)} %`

export const charts: readonly Chart[] = [
  {
    title: 'Requests',
    format: perSecond,
    lines: [
      { label: 'all', color: '--line-1', value: ({ requests }) => requests },
      { label: 'failed', color: '--line-bad', value: ({ failures }) => failures },
    ],
  },
  {
    title: 'Answer time, 95 of 100',
    format: milliseconds,
    lines: [{ label: 'requests', color: '--line-1', value: ({ latency }) => latency }],
  },
  {
    title: 'Store queries',
    format: perSecond,
    lines: [{ label: 'queries', color: '--line-2', value: ({ queries }) => queries }],
  },
  {
    title: 'Query time, 95 of 100',
    format: milliseconds,
    lines: [{ label: 'queries', color: '--line-2', value: ({ queryLatency }) => queryLatency }],
  },
  {
    title: 'Processor',
    format: percent,
    lines: [{ label: 'of a core', color: '--line-3', value: ({ cpu }) => cpu }],
  },
  {
    title: 'Memory',
    format: bytes,
    lines: [
      { label: 'process', color: '--line-3', value: ({ memory }) => memory },
      { label: 'heap', color: '--line-1', value: ({ heap }) => heap },
    ],
  },
  {
    title: 'Event loop late, 99 of 100',
    format: milliseconds,
    lines: [{ label: 'late', color: '--line-4', value: ({ lag }) => lag }],
  },
  {
    title: 'Store connections',
    format: (value) => count(value),
    lines: [
      { label: 'open', color: '--line-2', value: ({ connections }) => connections.open ?? null },
      { label: 'idle', color: '--line-4', value: ({ connections }) => connections.idle ?? null },
      {
        label: 'waiting',
        color: '--line-bad',
        value: ({ connections }) => connections.waiting ?? null,
      },
    ],
  },
]

/** The last number that there is of a line. */
export function latest(samples: readonly MetricSample[], line: Line): number | null {
  const found = samples.findLast((sample) => line.value(sample) !== null)
  return found === undefined ? null : line.value(found)
}

/** What a line says in words, for who does not see it. */
export function summary(samples: readonly MetricSample[], { title, lines, format }: Chart): string {
  const said = lines.map((line) => {
    const values = samples.flatMap((sample) => line.value(sample) ?? [])
    const now = latest(samples, line)
    if (now === null || values.length === 0) return `${line.label}: none`
    return `${line.label}: ${format(now)} now, at most ${format(Math.max(...values))}`
  })
  return `${title}. ${said.join('; ')}`
}
