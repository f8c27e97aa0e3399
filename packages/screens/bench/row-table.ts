/**
 * The side of row-table.bench.ts: every repetition runs all twelve operations of all sides in Chromium and gives ratios
 * to hand-written code; the harness takes their medians. What it answers is counts, which must be the same each time.
 */
import type { RepeatedBench } from '../../../bench/measure.ts'
import { names, openChromium, type Round } from './in-chromium.ts'
import { operations } from './operations.ts'

export async function bench(): Promise<RepeatedBench> {
  const chromium = await openChromium()
  const { mutations, runs } = await chromium.count()
  const heap = await chromium.heap()
  let last: Round | undefined
  return {
    operations: names.length * operations.length,
    async run() {
      last = await chromium.round()
      const own = operations.map(({ name }) => ({
        operation: name,
        runs: runs[name] ?? 0,
        mutations: mutations.typestead[name] ?? 0,
        'hand-written mutations': mutations['hand-written'][name] ?? 0,
      }))
      return own
    },
    figures() {
      if (last === undefined) return {}
      const round = last
      const figures: Record<string, number> = {}
      for (const name of names.filter((one) => one !== 'hand-written')) {
        figures[`${name}: mean ÷ hand-written`] = geometricMean(ratios(round, name))
        figures[`${name}: worst ÷ hand-written`] = Math.max(...ratios(round, name))
        const byHand = heap['hand-written']
        figures[`${name}: heap ÷ hand-written`] = heap[name].whole / byHand.whole
        figures[`${name}: script heap ÷ hand-written`] = heap[name].script / byHand.script
        if (name !== 'typestead') {
          figures[`${name}: one cell ÷ typestead`] =
            (round[name]['one cell'] ?? 0) / (round.typestead['one cell'] ?? 1)
        }
        for (const [at, ratio] of ratios(round, name).entries()) {
          figures[`${name}: ${operations[at]?.name} ÷ hand-written`] = ratio
        }
      }
      figures['runs beyond one for each binding'] = operations.reduce(
        (sum, { name, runs: expected }) => sum + Math.abs((runs[name] ?? 0) - expected),
        0,
      )
      figures['mutations beyond hand-written'] = operations.reduce(
        (sum, { name }) =>
          sum +
          Math.max(0, (mutations.typestead[name] ?? 0) - (mutations['hand-written'][name] ?? 0)),
        0,
      )
      return figures
    },
    [Symbol.asyncDispose]: () => chromium[Symbol.asyncDispose](),
  }
}

function ratios(round: Round, name: keyof Round): readonly number[] {
  return operations.map(
    ({ name: operation }) =>
      (round[name][operation] ?? 0) / (round['hand-written'][operation] ?? 1),
  )
}

function geometricMean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length)
}
