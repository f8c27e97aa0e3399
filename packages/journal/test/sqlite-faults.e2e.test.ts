import { once } from 'node:events'
import { copyFile, mkdtemp, open, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { fromDatabase, openJournal, sqlite } from '../src/index.ts'

describe('a journal in an SQLite file', () => {
  let folder: string
  let path: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'typestead-journal-'))
    path = join(folder, 'journal.db')
  })
  afterEach(() => rm(folder, { recursive: true, force: true }))

  async function filled(messages: number): Promise<void> {
    await using journal = await openJournal(sqlite(path))
    const payload = 'x'.repeat(500)
    await journal.sendMany('q', Array(messages).fill(payload))
  }

  test('is refused when it was cut off, and left as it is', async () => {
    await filled(500)
    const { size } = await stat(path)
    await truncate(path, Math.floor(size / 2))
    const before = await readFile(path)
    await expect(openJournal(sqlite(path))).rejects.toMatchObject({ code: 'CORRUPT' })
    expect(await readFile(path)).toEqual(before)
  })

  test('is refused when a page was torn', async () => {
    await filled(500)
    const file = await open(path, 'r+')
    await file.write(Buffer.alloc(2048, 0x5a), 0, 2048, 4096 * 3)
    await file.close()
    await expect(openJournal(sqlite(path))).rejects.toMatchObject({ code: 'CORRUPT' })
  })

  test('is refused when it is something else, or empty beside its log', async () => {
    await writeFile(path, 'not a database, but long enough to look like a header of one'.repeat(20))
    await expect(openJournal(sqlite(path))).rejects.toMatchObject({ code: 'CORRUPT' })
    await writeFile(path, '')
    await writeFile(`${path}-wal`, 'what was acknowledged')
    await expect(openJournal(sqlite(path))).rejects.toThrow('empty but its log')
  })

  test('keeps what was acknowledged when the log lies beside it as after a crash', async () => {
    const journal = await openJournal(sqlite(path))
    await journal.send('q', 'kept')
    const copy = join(folder, 'copy.db')
    await copyFile(path, copy)
    await copyFile(`${path}-wal`, `${copy}-wal`)
    const log = await readFile(`${copy}-wal`)
    // A commit that was being written: half a frame more, of no valid checksum.
    await writeFile(`${copy}-wal`, Buffer.concat([log, Buffer.alloc(2000, 1)]))
    await journal.close()
    await using reopened = await openJournal(sqlite(copy))
    expect(await reopened.inspect.outbox()).toMatchObject([{ payload: 'kept' }])
  })

  test('is opened by many in one moment after a crash, though only one of them can mend the log', async () => {
    await using journal = await openJournal(sqlite(path))
    // The longer the log, the longer it is being mended.
    await journal.sendMany('q', Array(60).fill('x'.repeat(400_000)))
    for (let round = 0; round < 5; round++) {
      const copy = join(folder, `copy-${round}.db`)
      await Promise.all([copyFile(path, copy), copyFile(`${path}-wal`, `${copy}-wal`)])
      const told = new Int32Array(new SharedArrayBuffer(4))
      const threads = Array.from(
        { length: 4 },
        () =>
          new Worker(new URL('./open-when-told.ts', import.meta.url), {
            workerData: { path: copy, told },
          }),
      )
      await Promise.all(threads.map((thread) => once(thread, 'message')))
      const answers = threads.map((thread) => once(thread, 'message'))
      Atomics.store(told, 0, 1)
      Atomics.notify(told, 0)
      for (const [answer] of await Promise.all(answers)) {
        expect(answer).toMatchObject([{ queue: 'q', waiting: 60 }])
      }
      await Promise.all(threads.map((thread) => thread.terminate()))
    }
  })

  test('says that it is full, keeps nothing of what failed, reads on, and writes again once there is room', async () => {
    await filled(100)
    const { size } = await stat(path)
    const journal = await openJournal(sqlite(path, { maxBytes: size + 20_000 }))
    const big = 'y'.repeat(100_000)
    const results = await Promise.allSettled([
      journal.send('big', big, { id: 'a' }),
      journal.send('big', big, { id: 'b' }),
    ])
    expect(results.map((result) => result.status === 'rejected' && result.reason.code)).toEqual([
      'FULL',
      'FULL',
    ])
    expect(await journal.inspect.outbox({ queue: 'big' })).toEqual([])
    expect(await journal.inspect.queues()).toMatchObject([{ queue: 'q', waiting: 100 }])
    await journal.close()
    await using wider = await openJournal(sqlite(path))
    await wider.send('big', big)
    expect(await wider.inspect.outbox({ queue: 'big' })).toHaveLength(1)
  })

  test('of a newer format is refused, with what to do', async () => {
    await filled(1)
    const database = new DatabaseSync(path)
    database.exec(`update journal_meta set value = '999' where name = 'format'`)
    database.close()
    await expect(openJournal(sqlite(path))).rejects.toMatchObject({
      code: 'FORMAT',
      message: expect.stringContaining('deploy the newer code'),
    })
  })

  test('takes part in a transaction of a connection of the caller', async () => {
    await using journal = await openJournal(sqlite(path))
    const own = new DatabaseSync(path)
    own.exec('create table thing (n integer)')
    const add = async (n: number, end: string) => {
      own.exec('begin immediate')
      own.prepare('insert into thing values (?)').run(n)
      await journal.send('things', n, { in: fromDatabase(own) })
      own.exec(end)
    }
    await add(1, 'rollback')
    await add(2, 'commit')
    own.close()
    expect(await journal.inspect.outbox()).toMatchObject([{ payload: 2 }])
  })

  test('waits for another that holds the file, without stopping the event loop', async () => {
    await using journal = await openJournal(sqlite(path))
    const other = new DatabaseSync(path)
    other.exec('begin immediate')
    const sent = journal.send('q', 1)
    await new Promise((resolve) => setTimeout(resolve, 20))
    other.exec('commit')
    other.close()
    await sent
    expect(await journal.inspect.outbox()).toHaveLength(1)
  })

  test('says so when a transaction would wait for itself', async () => {
    await using journal = await openJournal(sqlite(path))
    const within = journal.transaction(async () => {
      await journal.forget('k')
    })
    await expect(within).rejects.toMatchObject({ code: 'IN_TRANSACTION' })
  })

  test('closes for good', async () => {
    const journal = await openJournal(sqlite(path))
    await journal.close()
    await expect(journal.send('q', 1)).rejects.toMatchObject({ code: 'CLOSED' })
  })
})
