/** SQLite at synchronous FULL: the journal's group commit, and a commit per operation of the same rows. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { BenchMaker } from '../../../bench/measure.ts'
import { openJournal, sqlite } from '../src/index.ts'

const grouped = 2_000
const single = 100

export const bench: BenchMaker = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'typestead-bench-journal-'))
  const journal = await openJournal(sqlite(join(folder, 'journal.db')))
  let n = 0
  return {
    operations: grouped,
    async run() {
      await Promise.all(Array.from({ length: grouped }, () => journal.send('q', { n: n++ })))
      return 'kept'
    },
    async [Symbol.asyncDispose]() {
      await journal.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** The same table and indexes, written by hand: one transaction a message. */
export const commitPerOperation: BenchMaker = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'typestead-bench-journal-'))
  const path = join(folder, 'journal.db')
  await (await openJournal(sqlite(path))).close()
  const database = new DatabaseSync(path)
  database.exec('pragma synchronous = full')
  const insert = database.prepare(
    `insert into journal_task (id, kind, queue, payload, version, due, earliest, created) values (?, 'message', 'q', ?, 0, 0, 0, 0)`,
  )
  let n = 0
  return {
    operations: single,
    run() {
      for (let i = 0; i < single; i++) insert.run(`id-${n}`, JSON.stringify({ n: n++ }))
      return 'kept'
    },
    async [Symbol.asyncDispose]() {
      database.close()
      await rm(folder, { recursive: true })
    },
  }
}
