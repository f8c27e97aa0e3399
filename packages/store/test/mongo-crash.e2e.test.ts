/** What is left when a writer is killed at each point of a write, and when the server goes away: nothing lost, nothing twice. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { inspect } from 'node:util'
import { type ChangeEvent, type Cursor, type Database, mongo, open } from '@typestead/store'
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findTool } from '../../../scripts/tools.ts'
import { type FerretServer, startFerret } from './ferret.ts'
import { Key, KeyNext, keyModel, keyNextModel } from './mongo-crash-models.ts'

const ferretdb = findTool('ferretdb')
const writer = fileURLToPath(new URL('./mongo-writer.ts', import.meta.url))

describe.skipIf(ferretdb === null)('the MongoDB store with FerretDB', () => {
  let server: FerretServer

  beforeAll(async () => {
    server = await startFerret({ connectTimeout: 500 })
  })

  afterAll(async () => {
    await server?.[Symbol.asyncDispose]()
  })

  /** A database with one row, and the feed's place after it. */
  async function prepared(): Promise<{ url: string; after: Cursor }> {
    const url = server.freshUrl()
    await using db = await open(keyModel, mongo(url))
    await db.create(Key, { name: 'there' })
    return { url, after: await db.changesEnd() }
  }

  async function killedAt(
    point: string,
    action: string,
    url: string,
    skip = 0,
  ): Promise<string | null> {
    const child = spawn(process.execPath, [writer, url, point, action, String(skip)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
    expect(code === 0 || signal === 'SIGKILL').toBe(true)
    return signal
  }

  async function raw<R>(url: string, work: (client: MongoClient) => Promise<R>): Promise<R> {
    const client = new MongoClient(url)
    try {
      return await work(client)
    } finally {
      await client.close()
    }
  }

  /** All events after a place: a last one is written, to know where they end. */
  async function events(db: Database<typeof keyModel>, after: Cursor): Promise<string[]> {
    const { id } = await db.create(Key, { name: 'the end' })
    const found: ChangeEvent[] = []
    for await (const event of db.changes({ after })) {
      if (event.key === id) break
      found.push(event)
    }
    await db.delete(Key, id)
    return found.map((event) => `${event.op} ${(event.row as Key).name}`)
  }

  const names = async (db: Database<typeof keyModel>) =>
    (await db.find(Key, { orderBy: { name: 'asc' } })).map((key) => key.name)

  test.each(['written', 'relayed'])(
    'tells once of a create whose writer was killed when it was %s',
    async (point) => {
      const { url, after } = await prepared()
      expect(await killedAt(point, 'create', url)).toBe('SIGKILL')
      await using db = await open(keyModel, mongo(url))
      await using _other = await open(keyModel, mongo(url))
      expect(await names(db)).toEqual(['crashed', 'there'])
      expect(await events(db, after)).toEqual(['create crashed'])
    },
  )

  test.each(['written', 'relayed'])(
    'tells once of an update whose writer was killed when it was %s',
    async (point) => {
      const { url, after } = await prepared()
      expect(await killedAt(point, 'update', url)).toBe('SIGKILL')
      await using db = await open(keyModel, mongo(url))
      expect(await names(db)).toEqual(['changed'])
      expect(await events(db, after)).toEqual(['update changed'])
    },
  )

  test('tells in order when a row is written again after its writer was killed', async () => {
    const { url, after } = await prepared()
    await using db = await open(keyModel, mongo(url))
    expect(await killedAt('written', 'update', url)).toBe('SIGKILL')
    await db.updateMany(Key, { name: 'changed' }, { name: 'changed again' })
    expect(await events(db, after)).toEqual(['update changed', 'update changed again'])
  })

  test.each(['written', 'relayed'])(
    'has a row gone, and its values free, whose deleter was killed when it was %s',
    async (point) => {
      const { url, after } = await prepared()
      await using before = await open(keyModel, mongo(url))
      const [row] = await before.find(Key)
      expect(await killedAt(point, 'delete', url)).toBe('SIGKILL')
      expect(await names(before)).toEqual([])
      expect(await before.count(Key)).toBe(0)
      expect(await before.get(Key, row?.id ?? '')).toBe(null)
      await before.create(Key, { id: row?.id ?? '', name: 'there' })
      await using db = await open(keyModel, mongo(url))
      expect(await names(db)).toEqual(['there'])
      expect(await events(db, after)).toEqual(['delete there', 'create there'])
      const left = await raw(url, (client) =>
        client
          .db()
          .collection('key')
          .countDocuments({ _hidden: { $ne: null } }),
      )
      expect(left).toBe(0)
    },
  )

  test('shows none of many whose writer was killed before they were complete', async () => {
    const { url, after } = await prepared()
    await using db = await open(keyModel, mongo(url))
    expect(await killedAt('staged', 'createMany', url)).toBe('SIGKILL')
    expect(await names(db)).toEqual(['there'])
    await expect(db.create(Key, { name: 'two' })).rejects.toMatchObject({ code: 'CONFLICT' })
    // An hour later.
    await raw(url, (client) =>
      client
        .db()
        .collection('key')
        .updateMany(
          { '_hidden.kind': 'staged' },
          { $set: { '_hidden.at': new Date(Date.now() - 3_600_000) } },
        ),
    )
    await db.create(Key, { name: 'two' })
    await using other = await open(keyModel, mongo(url))
    expect(await names(other)).toEqual(['there', 'two'])
    expect(await events(other, after)).toEqual(['create two'])
    expect(await raw(url, (client) => client.db().collection('key').countDocuments())).toBe(2)
  })

  test('shows all of many whose writer was killed once they were complete', async () => {
    const { url, after } = await prepared()
    expect(await killedAt('committed', 'createMany', url)).toBe('SIGKILL')
    await using db = await open(keyModel, mongo(url))
    expect(await names(db)).toEqual(['one', 'there', 'three', 'two'])
    expect((await events(db, after)).sort()).toEqual(['create one', 'create three', 'create two'])
  })

  test('finds what a killed writer left while a feed is being read', async () => {
    const { url, after } = await prepared()
    await using db = await open(keyModel, mongo(url))
    const reading = (async () => {
      for await (const event of db.changes({ after })) return (event.row as Key).name
      return ''
    })()
    expect(await killedAt('written', 'create', url)).toBe('SIGKILL')
    expect(await reading).toBe('crashed')
  })

  test('brings a migration to its end, whichever step it was killed after', async () => {
    for (let step = 0; ; step++) {
      const { url } = await prepared()
      const signal = await killedAt('migrating', 'migrate', url, step)
      // The lock runs out after some seconds; not waited for here.
      await raw(url, (client) =>
        client
          .db()
          .collection('typestead_locks')
          .updateMany({}, { $set: { expires: new Date(0) } }),
      )
      await using db = await open(keyNextModel, mongo(url), { migrate: 'safe' })
      const [row] = await db.find(KeyNext)
      expect(row).toMatchObject({ label: 'there', price: '1.50', slug: 'slug of there', size: 1 })
      expect(await db.count(KeyNext, { price: { gt: '1' } })).toBe(1)
      await expect(db.create(KeyNext, { label: 'there', slug: 'x' })).rejects.toMatchObject({
        code: 'CONFLICT',
        fields: ['label'],
      })
      expect(await db.migrations.history()).toHaveLength(2)
      if (signal === null) {
        expect(step).toBeGreaterThan(4)
        return
      }
    }
  })

  test('says that the server is away, and goes on by itself when it is back', async () => {
    const { url, after } = await prepared()
    await using db = await open(keyModel, mongo(url, { connectTimeout: 300 }))
    await server.stop()
    const away = { code: 'UNAVAILABLE' }
    await expect(db.find(Key)).rejects.toMatchObject(away)
    await expect(db.create(Key, { name: 'x' })).rejects.toMatchObject(away)
    await expect(db.ping()).rejects.toMatchObject(away)
    await expect(db.changesEnd()).rejects.toMatchObject(away)
    const reading = db.changes({ after })
    await expect(reading.next()).rejects.toMatchObject(away)
    await expect(open(keyModel, mongo(url, { connectTimeout: 300 }))).rejects.toMatchObject(away)
    await server.restart()
    await db.ping()
    expect(await names(db)).toEqual(['there'])
    await db.create(Key, { name: 'back' })
    expect(await events(db, after)).toEqual(['create back'])
  })

  test('never tells a password', async () => {
    const urls = [
      'mongodb://user:sesame@127.0.0.1:1/app',
      'mongodb://user:sesame@@127.0.0.1/app',
      'mongo://user:sesame@x',
    ]
    for (const url of urls) {
      const refused = await open(keyModel, mongo(url, { connectTimeout: 200 })).catch(
        (error: unknown) => error,
      )
      expect(refused).toMatchObject({ name: 'StoreError' })
      expect(inspect(refused, { depth: 9, showHidden: true })).not.toContain('sesame')
    }
  })

  test('wants a URL that names the database', async () => {
    const url = server.freshUrl().replace(/\/[^/]*$/, '')
    await expect(open(keyModel, mongo(url))).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringContaining('database'),
    })
  })
})
