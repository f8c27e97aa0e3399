/** What entities cost the compiler: 50 and 200 of them, with rows, inputs and filters, beside libraries that do the same work. */
import { fileURLToPath } from 'node:url'
import { type CommandSide, measure } from '../../../bench/measure.ts'
import type { Library } from './entity-programs.ts'

const program = fileURLToPath(new URL('./check-types.ts', import.meta.url))

function side(library: Library): CommandSide {
  return { command: [process.execPath, program, library] }
}

export const measures = [
  measure({
    name: 'type-check 50 entities',
    unit: 'program',
    rounds: 7,
    sides: {
      typestead: side('typestead'),
      zod: side('zod'),
      drizzle: side('drizzle'),
      'mikro-orm': side('mikro-orm'),
    },
    goals: [
      { figure: 'instantiations at 50 from sources', atMost: 90_000 },
      { figure: 'instantiations per entity', atMost: 1_800 },
      { against: 'zod', atMost: 1.4 },
    ],
  }),
]
