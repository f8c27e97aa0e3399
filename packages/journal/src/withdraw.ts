/**
 * Takes messages back out of a queue: those that wait, those that are being delivered now (which may arrive all the same), and
 * dead letters. What stood behind them goes on. Work under way for one that is gone ends without a trace of it.
 */
import { decode } from './json.ts'
import { callersRunner, type SqlRunner, type Storage } from './storage.ts'
import { topics } from './wakes.ts'

export interface WithdrawOptions {
  /** The caller's transaction: the messages are taken back exactly when it commits. */
  readonly in: SqlRunner
  /** A text that their payloads contain as a value or part of one: others are not read. */
  readonly containing: string
}

export interface WithdrawnMessage {
  readonly id: string
  readonly payload: unknown
}

/** Those of the queue that `isMeant` names. @returns them */
export async function withdraw(
  storage: Storage,
  queue: string,
  isMeant: (payload: unknown) => boolean,
  { in: tx, containing }: WithdrawOptions,
): Promise<WithdrawnMessage[]> {
  const { dialect } = storage
  const run = callersRunner(dialect, tx)
  const withdrawn: WithdrawnMessage[] = []
  const keys = new Set<string>()
  for (const name of ['task', 'dead']) {
    const table = dialect.table(name)
    const rows = await run.run({
      text: `select seq, id, payload, key from ${table} where queue = $1 and kind = 'message' and payload like $2 escape '\\'`,
      values: [queue, `%${inJson(containing)}%`],
    })
    const meant = rows
      .map(([seq, id, payload, key]) => ({ seq, id: String(id), payload: decode(payload), key }))
      .filter(({ payload }) => isMeant(payload))
    if (meant.length === 0) continue
    await run.run({
      text: `delete from ${table} where seq ${dialect.within(dialect.list('$1', 'bigint'))}`,
      values: [JSON.stringify(meant.map(({ seq }) => Number(seq)))],
    })
    for (const { id, payload, key } of meant) {
      withdrawn.push({ id, payload })
      if (name === 'task' && key !== null) keys.add(String(key))
    }
  }
  if (keys.size > 0) await callNext(storage, run, queue, [...keys])
  return withdrawn
}

/** As `like` takes it: a JSON string without its quotes, its wildcards escaped. */
function inJson(text: string): string {
  return JSON.stringify(text)
    .slice(1, -1)
    .replace(/[\\%_]/g, '\\$&')
}

/** Who is first in line now is due. */
async function callNext(
  storage: Storage,
  run: SqlRunner,
  queue: string,
  keys: readonly string[],
): Promise<void> {
  const { dialect } = storage
  const task = dialect.table('task')
  await run.run({
    text: `update ${task} set due = ${dialect.greatest(dialect.now, 'earliest')}
where seq ${dialect.within(`select min(t.seq) from ${task} t where t.queue = $2 and t.key in (${dialect.list('$3', 'text')}) group by t.key`)}
and owner is null returning ${dialect.notify(`'q:' || queue`)}`,
    values: [storage.time(), queue, JSON.stringify(keys)],
  })
  storage.wakeLater(topics.queue(queue))
}
