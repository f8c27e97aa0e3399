/** What a turn costs before anything is kept: the pure step, and with a session that goes through JSON. */
import { type ModuleSide, measure } from '../../../bench/measure.ts'

const own = (name: string): ModuleSide => ({
  module: new URL('./turn.ts', import.meta.url),
  export: name,
})

export const measures = [
  measure({
    name: 'a pure turn',
    unit: 'turn',
    sides: { typestead: own('bench'), 'session through JSON': own('throughJson') },
  }),
]
