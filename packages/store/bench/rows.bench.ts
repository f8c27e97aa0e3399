/** Reading and writing rows beside other libraries, on one server and the same rows, answers compared. */
import { type Goal, type ModuleSide, measure } from '../../../bench/measure.ts'
import type { Task } from '../../../bench/peers/store/tasks.ts'
import { data, prepare } from './library.ts'

const peers = {
  drizzle: 'drizzle',
  'mikro-orm': 'mikro-orm',
  kysely: 'kysely',
  'pg, by hand': 'raw-pg',
} as const

const named: Readonly<Record<Task, { readonly name: string; readonly unit: string }>> = {
  get: { name: 'one row by its key', unit: 'row' },
  load: { name: '50 users with 20 posts each', unit: 'list' },
  some: { name: 'a filter over a relation', unit: 'list' },
  firstPage: { name: 'a page of 20 at the start of 10,000', unit: 'page' },
  lastPage: { name: 'a page of 20 at the end of 10,000', unit: 'page' },
  insert: { name: 'insert one row', unit: 'row' },
  insertMany: { name: 'insert 1,000 rows', unit: '1,000 rows' },
  update: { name: 'update one row that is the user’s own', unit: 'row' },
}

/** What holds with a margin for a noisy machine; the README says where the fastest peers stand. */
const read: readonly Goal<keyof typeof peers>[] = [
  { against: 'mikro-orm', atLeast: 3 },
  { against: 'drizzle', atMost: 1.7 },
  { against: 'pg, by hand', atMost: 2 },
]
const goals: Readonly<Record<Task, readonly Goal<keyof typeof peers>[]>> = {
  get: read,
  load: read,
  some: read,
  firstPage: read,
  lastPage: read,
  insert: [
    { against: 'mikro-orm', atLeast: 1.3 },
    { against: 'pg, by hand', atMost: 2 },
  ],
  insertMany: [
    { against: 'drizzle', atLeast: 2 },
    { against: 'mikro-orm', atLeast: 4 },
    { against: 'pg, by hand', atMost: 1.4 },
  ],
  update: [
    { against: 'mikro-orm', atLeast: 1.2 },
    { against: 'pg, by hand', atMost: 2.2 },
  ],
}

export const measures = (Object.keys(named) as Task[]).map((task) => {
  const side = (module: URL): ModuleSide => ({ module, args: { data, task }, prepare })
  const peer = (name: keyof typeof peers) =>
    side(new URL(`../../../bench/peers/store/${peers[name]}.ts`, import.meta.url))
  return measure({
    ...named[task],
    // The compiler is done with every side by then; after three, the larger sides still pay for it.
    warmUps: task === 'insertMany' ? 8 : 20,
    sides: {
      typestead: side(new URL('./side.ts', import.meta.url)),
      drizzle: peer('drizzle'),
      'mikro-orm': peer('mikro-orm'),
      kysely: peer('kysely'),
      'pg, by hand': peer('pg, by hand'),
    },
    goals: goals[task],
  })
})
