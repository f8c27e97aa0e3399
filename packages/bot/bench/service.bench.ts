/** What it costs that a turn is durable. */
import { type ModuleSide, measure } from '../../../bench/measure.ts'

const own = (name: string): ModuleSide => ({
  module: new URL('./durable-turns.ts', import.meta.url),
  export: name,
})

export const measures = [
  measure({
    name: 'a durable turn in SQLite',
    unit: 'turn',
    sides: { typestead: own('bench'), 'a commit each': own('commitPerTurn') },
    goals: [{ against: 'a commit each', atLeast: 15, by: 'wall' }],
  }),
]
