/** What is done now and then by whoever is there: claims of the dead are freed, and what has expired is removed. */
import type { Storage } from './storage.ts'
import { topics } from './wakes.ts'

/** Rows removed by one statement at most: none holds locks for long. */
const chunk = 1_000

/**
 * Frees what dead processes had claimed. A task that was lost is tried at once, and later each time it is lost again.
 * @returns how many tasks were freed
 */
export async function freeClaims(storage: Storage): Promise<number> {
  const { dialect } = storage
  const process = dialect.table('process')
  const values = [storage.time()]
  const [any] = await storage.read({
    text: `select id from ${process} where expires <= ${dialect.now} and expires > 0 limit 1`,
    values,
  })
  const orphans = `select id from ${process} p where expires = 0 and exists (select 1 from ${dialect.table('task')} t where t.owner = p.id)`
  if (any === undefined && (await storage.read({ text: orphans, values: [] })).length === 0)
    return 0
  // First for good: were the clock set back now, the dead must not come alive beside whoever takes over.
  await storage.run({
    text: `update ${process} set expires = 0 where expires <= ${dialect.now} returning id`,
    values,
  })
  const freed = await storage.run({
    text: `update ${dialect.table('task')} set owner = null, lost = lost + 1, due = ${dialect.now} + case when lost = 0 then 0 else 1000 * lost end
where owner in (select id from ${process} where expires = 0) returning queue, ${dialect.notify(`'q:' || queue`)}`,
    values,
  })
  // A claim that was under way when its process ran out may still come; names are kept for a day.
  await storage.run({
    text: `delete from ${process} where expires = 0 and started <= ${dialect.now} - 86400000 and not exists (select 1 from ${dialect.table('task')} t where t.owner = ${process}.id)`,
    values,
  })
  for (const queue of new Set(freed.map(([name]) => String(name))))
    storage.wake(topics.queue(queue))
  return freed.length
}

/** Removes results whose time is over, and steps that belong to nothing any more. */
export async function removeExpired(storage: Storage): Promise<void> {
  const { dialect } = storage
  const finished = dialect.table('finished')
  const once = dialect.table('once')
  await inChunks(
    storage,
    `delete from ${finished} where id ${dialect.within(`select id from ${finished} where expires <= ${dialect.now} order by expires limit ${chunk}`)} returning id`,
  )
  await inChunks(
    storage,
    `delete from ${once} where key ${dialect.within(`select key from ${once} where done = 1 and expires <= ${dialect.now} order by expires limit ${chunk}`)} and done = 1 and expires <= ${dialect.now} returning key`,
  )
}

async function inChunks(storage: Storage, text: string): Promise<void> {
  for (;;) {
    const rows = await storage.run({ text, values: [storage.time()] })
    if (rows.length < chunk) return
  }
}
