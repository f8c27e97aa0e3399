/** @jsxImportSource @typestead/screens */
/** A small chart with its numbers. What draws is loaded when the first one is shown. */
import { onDispose, reaction } from '@typestead/screens'
import type { Child } from '@typestead/screens/dom'
import type { MetricSample } from '../../server/activity.ts'
import { type Chart, latest, summary } from './charts.ts'

export interface ChartCardProps {
  readonly chart: Chart
  readonly samples: () => readonly MetricSample[]
}

export function ChartCard({ chart, samples }: ChartCardProps): Child {
  const picture = (
    <div class="chart" role="img" aria-label={() => summary(samples(), chart)} />
  ) as HTMLElement // a tag makes an element
  const gone = new AbortController()
  onDispose(() => gone.abort())
  void import('./line-chart.ts').then(({ lineChart }) => {
    if (gone.signal.aborted) return
    const drawn = lineChart(picture, chart)
    const following = reaction(() => drawn.draw(samples()))
    gone.signal.addEventListener('abort', () => {
      following.unsubscribe()
      drawn[Symbol.dispose]()
    })
  })
  return (
    <figure>
      <figcaption>
        <span class="chart-title">{chart.title}</span>
        <span class="chart-numbers">
          {chart.lines.map((line) => (
            <span class="chart-number">
              <span class="chart-key" style={`background: var(${line.color})`} />
              <span class="soft">{line.label}</span>{' '}
              <strong>
                {() => {
                  const value = latest(samples(), line)
                  return value === null ? '–' : chart.format(value)
                }}
              </strong>
            </span>
          ))}
        </span>
      </figcaption>
      {picture}
    </figure>
  )
}
