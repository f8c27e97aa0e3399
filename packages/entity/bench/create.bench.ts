/** What checking a create's input costs, beside schemas that check the same. */
import { measure } from '../../../bench/measure.ts'

const peer = (name: string) => ({
  module: new URL(`../../../bench/peers/entity/${name}-input.ts`, import.meta.url),
})

export const measures = [
  measure({
    name: 'check a create input',
    unit: 'input',
    sides: {
      typestead: { module: new URL('./create-input.ts', import.meta.url) },
      zod: peer('zod'),
      valibot: peer('valibot'),
      arktype: peer('arktype'),
    },
    goals: [{ against: 'zod', atLeast: 1 }],
  }),
]
