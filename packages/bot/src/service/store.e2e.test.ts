import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineModel, Entity, id, string } from '@typestead/entity'
import { openJournal } from '@typestead/journal'
import { postgres } from '@typestead/journal/postgres'
import { type Database, embedded, open } from '@typestead/store'
import { startEmbedded } from '@typestead/store/embedded'
import { sqlStore } from '@typestead/store/sql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hookRegistry } from '../hooks/hook-registry.ts'
import { defineBot } from '../model/define-bot.ts'
import { nluUnderstanding } from '../understanding/nlu-understanding.ts'
import { openBots } from './open-bots.ts'

class Order extends Entity('Order', { id: id(), title: string() }) {}

let data: string
let folder: string
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'typestead-bot-store-'))
  folder = await mkdtemp(join(tmpdir(), 'typestead-bot-models-'))
})
afterAll(async () => {
  await rm(data, { recursive: true, force: true })
  await rm(folder, { recursive: true, force: true })
})

const shop = (db: Database) =>
  defineBot({
    name: 'Shop',
    slotTypes: { Title: { values: ['twilight', 'wings of fire', 'nothing'], resolve: 'top' } },
    intents: {
      OrderBook: {
        utterances: ['order a book', 'i want to order {title}'],
        slots: { title: { type: 'Title', prompt: ['Which book?'] } },
        fulfil: async (turn) => {
          const { title } = turn.slots
          turn.inTransaction(db, async (tx) => {
            await tx.create(Order, { title: String(title) })
            if (title === 'nothing') throw new Error('sold out')
          })
          return turn.close(`Ordered ${title}.`)
        },
      },
    },
    clarification: { prompt: ['Sorry?'] },
    abort: ['Goodbye.'],
  })

test('an order and the turn that made it are one transaction of the store, and models survive a restart', async () => {
  await using db = await open(defineModel({ Order }), embedded({ data }))
  await using server = await startEmbedded({ data })
  const [row] = (await sqlStore(db)?.run({ text: 'select current_database()', values: [] })) ?? []
  const url = `postgres://${server.user}@localhost/${row?.[0]}?host=${encodeURIComponent(server.host)}&port=${server.port}`
  const start = async () => {
    const hooks = hookRegistry()
    const bots = await openBots({
      journal: await openJournal(postgres(url)),
      understander: nluUnderstanding({ folder }),
      hooks,
      db: { host: db, runner: (tx: Database) => sqlStore(tx) },
    })
    await bots.build(shop(db))
    await bots.publish('Shop', { alias: 'prod' })
    return { bots, hooks }
  }
  const say = async (bots: Awaited<ReturnType<typeof openBots>>, user: string, text: string) => {
    const { reply, failure } = await bots.turn({ bot: 'Shop', alias: 'prod', user, text })
    return failure?.code ?? reply?.said?.messages.map(({ content }) => content).join('|')
  }
  const first = await start()
  expect(await say(first.bots, 'ann', 'order a book')).toBe('Which book?')
  expect(await say(first.bots, 'ann', 'twilight')).toBe('Ordered twilight.')
  expect(await say(first.bots, 'bob', 'i want to order nothing')).toBe('HOOK_FAILED')
  expect((await db.find(Order, {})).map(({ title }) => title)).toEqual(['twilight'])
  await first.bots.close()
  await first.hooks.close()

  const second = await start()
  expect((await second.bots.versions('Shop')).map(({ version }) => version)).toEqual(['1'])
  expect(await say(second.bots, 'eve', 'i want to order wings of fire')).toBe(
    'Ordered wings of fire.',
  )
  expect(await second.bots.replay('Shop/prod/ann')).toEqual({ turns: 2 })
  await second.bots.close()
  await second.hooks.close()
})
