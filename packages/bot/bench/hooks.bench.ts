/** A hook in a worker against a bare round trip of messages, one call after the other and pipelined. */
import { measure } from '../../../bench/measure.ts'

const module = new URL('./hooks.ts', import.meta.url)
const sides = (pipelined: boolean) => ({
  typestead: { module, args: { pipelined } },
  postMessage: { module, export: 'bare', args: { pipelined } },
})

export const measures = [
  measure({
    name: 'hook in a worker, one after the other',
    unit: 'call',
    sides: sides(false),
    goals: [{ against: 'postMessage', atMost: 1.5 }],
  }),
  measure({
    name: 'hook in a worker, pipelined',
    unit: 'call',
    sides: sides(true),
    goals: [],
  }),
]
