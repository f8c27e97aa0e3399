/** The statement that puts tasks into their queues, in one piece so that callers can have it in their own transaction. */
import type { Statement, Storage } from '../storage.ts'
import { behind, type NewTask } from './task.ts'

/** For tasks that this process begins at once: its name, and which they are. */
export interface PutAs {
  readonly owner: string
  readonly isOwn: (task: NewTask, n: number) => boolean
}

/**
 * Gives the ids that were put, with their number and owner. An id that is there already, waiting, finished or given up, is not put again. A task that
 * stands behind another of its key is passed over at first, and is nobody's own; who finishes that one calls it.
 */
export function putStatement(
  storage: Pick<Storage, 'dialect' | 'time'>,
  tasks: readonly NewTask[],
  as?: PutAs,
): Statement {
  const { dialect } = storage
  const task = dialect.table('task')
  const rows = dialect.rows('$2', {
    id: 'text',
    kind: 'text',
    queue: 'text',
    key: 'text',
    payload: 'text',
    version: 'bigint',
    delay: 'bigint',
    n: 'bigint',
    ...(as ? { own: 'bigint' } : {}),
  })
  const hasKeys = tasks.some(({ key }) => key !== null)
  const isBehind = `r.key is not null and exists (select 1 from ${task} e where e.queue = r.queue and e.key = r.key)`
  const due = `${dialect.now} + ${hasKeys ? `case when ${isBehind} then ${dialect.greatest('r.delay', String(behind.added))} else r.delay end` : 'r.delay'}`
  const unknown = ` and not exists (select 1 from ${dialect.table('finished')} f where f.id = r.id)
and not exists (select 1 from ${dialect.table('dead')} d where d.id = r.id)`
  const columns = `id, kind, queue, key, payload, version, due, earliest, created${as ? ', owner' : ''}`
  // Nothing is claimed in a name that others may have taken for dead.
  const owner = as
    ? `, case when r.own = 1 and not (${isBehind}) and exists (select 1 from ${dialect.table('process')} p where p.id = $3 and p.expires > ${dialect.now}) then $3::text end`
    : ''
  const select = `select r.id, r.kind, r.queue, r.key, r.payload, r.version, ${due}, ${dialect.now} + r.delay, ${dialect.now}${owner}
from ${rows} where true${tasks.some(({ named }) => named) ? unknown : ''}${
    // SQLite gives them as they are listed.
    dialect.kind === 'sqlite' ? '' : ' order by r.n'
  }`
  const insert = `insert into ${task} (${columns}) ${select} on conflict (id) do nothing returning id, queue, seq, owner`
  return {
    text:
      dialect.kind === 'sqlite'
        ? insert
        : `with added as (${insert}) select id, case when owner is null then ${dialect.notify(`'q:' || queue`)} end, seq, owner from added`,
    values: as
      ? [
          storage.time(),
          JSON.stringify(
            tasks.map((one, n) => ({ ...rowOf(one, n), own: as.isOwn(one, n) ? 1 : 0 })),
          ),
          as.owner,
        ]
      : [storage.time(), JSON.stringify(tasks.map(rowOf))],
  }
}

function rowOf({ id, kind, queue, key, payload, version, delay }: NewTask, n: number) {
  return { id, kind, queue, key, payload, version, delay, n }
}
