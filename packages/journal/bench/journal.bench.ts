/** The journal beside other queues and durable execution on one PostgreSQL server, and its group commit in SQLite. */
import { type ModuleSide, measure } from '../../../bench/measure.ts'
import { data, prepare } from './library.ts'

const own = (file: string, name = 'bench'): ModuleSide => ({
  module: new URL(file, import.meta.url),
  export: name,
  args: { data },
  prepare,
})
const peer = (name: string, exported = 'bench'): ModuleSide => ({
  module: new URL(`../../../bench/peers/journal/${name}.ts`, import.meta.url),
  export: exported,
  args: { data },
  prepare,
})

export const measures = [
  measure({
    name: 'a job put with others and run',
    unit: 'job',
    sides: {
      typestead: own('./queue.ts'),
      'graphile-worker': peer('graphile-worker'),
      'pg-boss': peer('pg-boss'),
    },
    goals: [
      { against: 'graphile-worker', atLeast: 1.2, by: 'wall' },
      { against: 'graphile-worker', atLeast: 1.2 },
    ],
  }),
  measure({
    name: 'a job put by itself and run',
    unit: 'job',
    sides: {
      typestead: own('./queue.ts', 'single'),
      'graphile-worker': peer('graphile-worker', 'single'),
    },
    goals: [
      { against: 'graphile-worker', atLeast: 1.2, by: 'wall' },
      { against: 'graphile-worker', atLeast: 1.2 },
    ],
  }),
  measure({
    name: 'a durable job of one step',
    unit: 'job',
    sides: { typestead: own('./durable.ts'), dbos: peer('dbos') },
    goals: [
      { against: 'dbos', atLeast: 2, by: 'wall' },
      { against: 'dbos', atLeast: 2 },
    ],
  }),
  measure({
    name: 'from send to start',
    unit: 'message',
    sides: { typestead: own('./latency.ts') },
    goals: [{ figure: 'p99 ms', atMost: 20 }],
  }),
  measure({
    name: 'a job beside a million finished ones',
    unit: 'job',
    sides: { typestead: own('./queue.ts', 'crowded'), 'an empty journal': own('./queue.ts') },
    goals: [{ against: 'an empty journal', atMost: 1.15 }],
  }),
  measure({
    name: 'a message kept in SQLite',
    unit: 'message',
    sides: {
      typestead: own('./commits.ts'),
      'a commit each': own('./commits.ts', 'commitPerOperation'),
    },
    goals: [{ against: 'a commit each', atLeast: 15, by: 'wall' }],
  }),
]
