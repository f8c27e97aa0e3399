/** Draws a chart's lines with uPlot, in the colours of the theme; it follows its element's width and the theme. */
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import type { MetricSample } from '../../server/activity.ts'
import type { Chart } from './charts.ts'

export interface LineChart extends Disposable {
  draw(samples: readonly MetricSample[]): void
}

const height = 110

export function lineChart(place: HTMLElement, chart: Chart): LineChart {
  let data: uPlot.AlignedData = [[]]
  let plot = make()

  function make(): uPlot {
    const color = (name: string) => colorOf(place, name)
    const soft = color('--soft')
    const grid = { stroke: color('--edge'), width: 1 }
    const axis = { stroke: soft, font: '11px system-ui, sans-serif', grid, ticks: { show: false } }
    return new uPlot(
      {
        width: Math.max(160, place.clientWidth),
        height,
        legend: { show: false },
        cursor: { show: false },
        padding: [8, 4, 0, 0],
        scales: { y: { range: (_plot, _least, most) => [0, most > 0 ? most * 1.15 : 1] } },
        axes: [
          {
            ...axis,
            size: 22,
            space: 70,
            values: (_plot, ticks) => ticks.map(timeOf),
            grid: { show: false },
          },
          { ...axis, size: 58, space: 32, values: (_plot, ticks) => ticks.map(chart.format) },
        ],
        series: [
          {},
          ...chart.lines.map((line, at) => ({
            label: line.label,
            stroke: color(line.color),
            width: 1.6,
            spanGaps: true,
            // A line of few samples would hardly be seen.
            points: { size: 4, show: (plot: uPlot, series: number) => isSparse(plot.data[series]) },
            ...(at === 0
              ? { fill: `color-mix(in srgb, ${color(line.color)} 12%, transparent)` }
              : {}),
          })),
        ],
      },
      data,
      place,
    )
  }

  const again = () => {
    plot.destroy()
    plot = make()
  }
  const size = new ResizeObserver(() =>
    plot.setSize({ width: Math.max(160, place.clientWidth), height }),
  )
  size.observe(place)
  const system = matchMedia('(prefers-color-scheme: dark)')
  system.addEventListener('change', again)
  const chosen = new MutationObserver(again)
  chosen.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  return {
    draw(samples) {
      data = [
        samples.map(({ at }) => at / 1000),
        ...chart.lines.map((line) => samples.map((sample) => line.value(sample))),
      ]
      plot.setData(data)
    },
    [Symbol.dispose]() {
      size.disconnect()
      chosen.disconnect()
      system.removeEventListener('change', again)
      plot.destroy()
    },
  }
}

function isSparse(values: ArrayLike<number | null | undefined> | undefined): boolean {
  let count = 0
  for (const value of Array.from(values ?? [])) if (value !== null) count++
  return count < 40
}

function timeOf(seconds: number): string {
  return new Date(seconds * 1000).toLocaleTimeString('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
  })
}

/** What the theme makes of a custom property; a canvas knows no `light-dark()`. */
function colorOf(place: HTMLElement, name: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${name})`
  place.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}
