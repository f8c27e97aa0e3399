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

/** Tasks at most that SQLite is given one by one: binding costs less than JSON, a statement for each more than one for many. */
const fewest = 32

interface Wanted {
  readonly from: string
  readonly order?: string
  /** Some may be in the journal already. */
  readonly mayBeKnown: boolean
  readonly hasKeys: boolean
  readonly mayBeOwn: boolean
}

/**
 * They give the ids that were put, with their number and owner. An id that is there already, waiting, finished or given up, is not
 * put again. A task that stands behind another of its key is passed over at first, and is nobody's own; who finishes that one calls
 * it. PostgreSQL, and SQLite where they are many, is given all tasks at once, as JSON; SQLite otherwise a statement for each.
 */
export function putStatements(
  storage: Pick<Storage, 'dialect' | 'time'>,
  tasks: readonly NewTask[],
  as?: PutAs,
): Statement[] {
  const { dialect } = storage
  const isSqlite = dialect.kind === 'sqlite'
  const owner = as?.owner ?? null
  const rows = tasks.map((task, n) => rowOf(task, as?.isOwn(task, n) ?? false))
  const wanted = {
    mayBeKnown: tasks.some(({ named }) => named),
    hasKeys: tasks.some(({ key }) => key !== null),
    mayBeOwn: as !== undefined,
  }
  if (isSqlite && rows.length <= fewest) {
    const cells = Object.keys(columns).map((name, at) => `$${at + 3} as "${name}"`)
    const text = insertText(dialect, { ...wanted, from: `(select ${cells.join(', ')}) as r` })
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
  const values = [storage.time(), owner, JSON.stringify(rows.map((row, n) => ({ ...row, n })))]
  const from = dialect.rows('$3', { ...columns, n: 'bigint' })
  // SQLite gives them as they are listed.
  if (isSqlite) return [{ text: insertText(dialect, { ...wanted, from }), values }]
  const insert = insertText(dialect, { ...wanted, from, order: 'r.n' })
  const told = `case when owner is null then ${dialect.notify(`'q:' || queue`)} end`
  return [{ text: `with added as (${insert}) select id, ${told}, seq, owner from added`, values }]
}

function insertText(
  { table, now, greatest }: Storage['dialect'],
  { from, order, mayBeKnown, hasKeys, mayBeOwn }: Wanted,
): string {
  const task = table('task')
  const isBehind = `(r.key is not null and exists (select 1 from ${task} e where e.queue = r.queue and e.key = r.key))`
  const delay = hasKeys
    ? `case when ${isBehind} then ${greatest('r.delay', String(behind.added))} else r.delay end`
    : 'r.delay'
  // Nothing is claimed in a name that others may have taken for dead.
  const isAlive = `exists (select 1 from ${table('process')} p where p.id = $2 and p.expires > ${now})`
  const isOwn = hasKeys ? `r.own = 1 and not ${isBehind}` : 'r.own = 1'
  const owner = mayBeOwn ? `case when ${isOwn} and ${isAlive} then $2::text end` : '$2::text'
  const isNew = `not exists (select 1 from ${table('finished')} f where f.id = r.id)
and not exists (select 1 from ${table('dead')} d where d.id = r.id)`
  return `insert into ${task} (id, kind, queue, key, payload, version, due, earliest, created, owner)
select r.id, r.kind, r.queue, r.key, r.payload, r.version, ${now} + ${delay}, ${now} + r.delay, ${now}, ${owner}
from ${from} where ${mayBeKnown ? isNew : 'true'}${order === undefined ? '' : ` order by ${order}`}
on conflict (id) do nothing returning id, queue, seq, owner`
}

function rowOf({ id, kind, queue, key, payload, version, delay }: NewTask, isOwn: boolean) {
  return { id, kind, queue, key, payload, version, delay, own: isOwn ? 1 : 0 }
}
