/** The statements that put tasks into their queues: callers can have them in their own transaction. */
import type { Statement, Storage } from '../storage.ts'
import { behind, type NewTask } from './task.ts'

/** For tasks that this process begins at once: its name, and which they are. */
export interface PutAs {
  readonly owner: string
  readonly isOwn: (task: NewTask, n: number) => boolean
}

const columns = {
  id: 'text',
  kind: 'text',
  queue: 'text',
  key: 'text',
  payload: 'text',
  version: 'bigint',
  delay: 'bigint',
  own: 'bigint',
} as const

/**
 * They give the ids that were put, with their number and owner. An id that is there already, waiting, finished or given up, is not
 * put again. A task that stands behind another of its key is passed over at first, and is nobody's own; who finishes that one calls
 * it. PostgreSQL is sent all tasks at once, as JSON; SQLite, which has no wire, runs a statement for each, which spares the JSON.
 */
export function putStatements(
  storage: Pick<Storage, 'dialect' | 'time'>,
  tasks: readonly NewTask[],
  as?: PutAs,
): Statement[] {
  const { dialect } = storage
  const owner = as?.owner ?? null
  const mayBeKnown = tasks.some(({ named }) => named)
  const rows = tasks.map((task, n) => rowOf(task, as?.isOwn(task, n) ?? false))
  if (dialect.kind === 'sqlite') {
    const cells = Object.keys(columns).map((name, at) => `$${at + 3} as "${name}"`)
    const text = insertText(dialect, `(select ${cells.join(', ')}) as r`, mayBeKnown)
    return rows.map((row) => ({
      text,
      values: [
        storage.time(),
        owner,
        row.id,
        row.kind,
        row.queue,
        row.key,
        row.payload,
        row.version,
        row.delay,
        row.own,
      ],
    }))
  }
  const numbered = rows.map((row, n) => ({ ...row, n }))
  const insert = insertText(
    dialect,
    dialect.rows('$3', { ...columns, n: 'bigint' }),
    mayBeKnown,
    'r.n',
  )
  const told = `case when owner is null then ${dialect.notify(`'q:' || queue`)} end`
  return [
    {
      text: `with added as (${insert}) select id, ${told}, seq, owner from added`,
      values: [storage.time(), owner, JSON.stringify(numbered)],
    },
  ]
}

function insertText(
  { table, now, greatest }: Storage['dialect'],
  from: string,
  mayBeKnown: boolean,
  order?: string,
): string {
  const task = table('task')
  const isBehind = `(r.key is not null and exists (select 1 from ${task} e where e.queue = r.queue and e.key = r.key))`
  // Nothing is claimed in a name that others may have taken for dead.
  const isAlive = `exists (select 1 from ${table('process')} p where p.id = $2 and p.expires > ${now})`
  const isNew = `not exists (select 1 from ${table('finished')} f where f.id = r.id)
and not exists (select 1 from ${table('dead')} d where d.id = r.id)`
  return `insert into ${task} (id, kind, queue, key, payload, version, due, earliest, created, owner)
select r.id, r.kind, r.queue, r.key, r.payload, r.version,
${now} + case when ${isBehind} then ${greatest('r.delay', String(behind.added))} else r.delay end, ${now} + r.delay, ${now},
case when r.own = 1 and not ${isBehind} and ${isAlive} then $2::text end
from ${from} where ${mayBeKnown ? isNew : 'true'}${order === undefined ? '' : ` order by ${order}`}
on conflict (id) do nothing returning id, queue, seq, owner`
}

function rowOf({ id, kind, queue, key, payload, version, delay }: NewTask, isOwn: boolean) {
  return { id, kind, queue, key, payload, version, delay, own: isOwn ? 1 : 0 }
}
