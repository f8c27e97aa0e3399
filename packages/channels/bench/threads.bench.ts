/** Across threads, by wall clock, beside Node's own postMessage, piscina, and Go on two processors. */
import { measure } from '../../../bench/measure.ts'

const own = (args: string) => ({ module: new URL('./threads.ts', import.meta.url), args })
const peer = (name: string, args: string) => ({
  module: new URL(`../../../bench/peers/channels/${name}.ts`, import.meta.url),
  args,
})

export const measures = [
  measure({
    name: 'round trip between threads',
    unit: 'round trip',
    rounds: 7,
    warmUps: 8,
    sides: { typestead: own('round trip'), postMessage: peer('post-message', 'round trip') },
    goals: [{ against: 'postMessage', atMost: 0.5, by: 'wall' }],
  }),
  measure({
    name: 'integers, one at a time',
    unit: 'integer',
    rounds: 7,
    warmUps: 8,
    sides: { typestead: own('integers'), postMessage: peer('post-message', 'integers') },
    goals: [{ figure: 'wallNs', atMost: 150 }],
  }),
  measure({
    name: 'integers, in batches',
    unit: 'integer',
    rounds: 7,
    warmUps: 8,
    sides: { typestead: own('batched') },
    goals: [{ figure: 'wallNs', atMost: 10 }],
  }),
  measure({
    name: 'small objects',
    unit: 'object',
    rounds: 7,
    warmUps: 8,
    sides: { typestead: own('objects'), postMessage: peer('post-message', 'objects') },
    goals: [{ against: 'postMessage', atLeast: 2, by: 'wall' }],
  }),
  measure({
    name: 'start a function on a worker and await it',
    unit: 'start',
    rounds: 7,
    warmUps: 8,
    sides: { typestead: own('start'), piscina: peer('piscina', 'start') },
    goals: [{ against: 'piscina', atMost: 0.6, by: 'wall' }],
  }),
  measure({
    name: 'start many functions on two workers',
    unit: 'start',
    rounds: 7,
    warmUps: 8,
    sides: { typestead: own('start many'), piscina: peer('piscina', 'start many') },
    goals: [{ against: 'piscina', atMost: 0.6, by: 'wall' }],
  }),
]
