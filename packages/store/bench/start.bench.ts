/** From an empty folder to the first answered query of the store alone, unseeded: each repetition a new folder and process. */
import { fileURLToPath } from 'node:url'
import { measure } from '../../../bench/measure.ts'

export const measures = [
  measure({
    name: 'from an empty folder to the first answer',
    unit: 'start',
    rounds: 5,
    sides: {
      typestead: {
        command: [process.execPath, fileURLToPath(new URL('./first-answer.ts', import.meta.url))],
      },
    },
    goals: [{ figure: 'seconds', atMost: 3 }],
  }),
]
