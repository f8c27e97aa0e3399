import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineModel, Entity, id, string } from '@typestead/entity'
import { embedded, open } from '@typestead/store'
import { startEmbedded } from '@typestead/store/embedded'
import { sqlStore } from '@typestead/store/sql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openJournal, type SqlRunner } from '../src/index.ts'
import { postgres } from '../src/postgres.ts'

class Order extends Entity('Order', { id: id(), title: string() }) {}

let data: string
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'typestead-journal-'))
})
afterAll(() => rm(data, { recursive: true, force: true }))

test('messages, idempotency keys and steps are part of a transaction of the store', async () => {
  await using db = await open(defineModel({ Order }), embedded({ data }))
  await using server = await startEmbedded({ data })
  const [row] = (await sqlStore(db)?.run({ text: 'select current_database()', values: [] })) ?? []
  const url = `postgres://${server.user}@localhost/${row?.[0]}?host=${encodeURIComponent(server.host)}&port=${server.port}`
  await using journal = await openJournal(postgres(url))

  const order = (title: string, fails: boolean) =>
    db.transaction(async (tx) => {
      const own = sqlStore(tx) as SqlRunner
      return journal.once(
        `order ${title}`,
        async () => {
          const { id } = await tx.create(Order, { title })
          await journal.send('mail', { order: id }, { in: own })
          if (fails) throw new Error('no')
          return id
        },
        { in: own },
      )
    })
  await expect(order('Twilight', true)).rejects.toThrow('no')
  expect([await db.count(Order), await journal.inspect.outbox()]).toEqual([0, []])
  const first = await order('Twilight', false)
  expect(await order('Twilight', false)).toBe(first)
  expect(await db.count(Order)).toBe(1)
  expect(await journal.inspect.outbox()).toMatchObject([
    { queue: 'mail', payload: { order: first } },
  ])
})
