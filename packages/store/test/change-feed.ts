/** The change feed: every write once, in order, for whoever may see the row. */
import { type ChangeEvent, type Cursor, type Database, open } from '@typestead/store'
import { describe, expect, test } from 'vitest'
import type { Office } from './behaviour.ts'
import {
  Comment,
  Member,
  model,
  type OfficeModel,
  Paper,
  Post,
  Profile,
  Reader,
  Slot,
  Team,
} from './models.ts'

export function changeFeedBehaves(office: Office): void {
  describe('the change feed', () => {
    /** The events from a place on, until there are `count`. */
    async function read(
      db: Pick<Database<OfficeModel>, 'changes'>,
      after: Cursor,
      count: number,
    ): Promise<ChangeEvent[]> {
      const events: ChangeEvent[] = []
      const stop = new AbortController()
      const timer = setTimeout(() => stop.abort(), 20_000)
      for await (const event of db.changes({ after, signal: stop.signal })) {
        events.push(event)
        if (events.length === count) break
      }
      clearTimeout(timer)
      return events
    }

    const told = (events: readonly ChangeEvent[]) =>
      events.map((event) => `${event.op} ${event.entity} ${name(event.row)}`)

    test('tells of every kind of write, in order, with the row', async () => {
      const { db } = office
      const after = await db.changesEnd()
      const team = await db.create(Team, { name: 'fed' })
      await db.update(Team, team.id, { name: 'fed 2' })
      const many = await db.createMany(Team, [{ name: 'fed 3' }, { name: 'fed 4' }])
      await db.updateMany(Team, { id: many[0]?.id ?? '' }, { name: 'fed 5' })
      await db.upsert(Team, { by: ['name'], create: { name: 'fed 6' }, update: {} })
      await db.delete(Team, team.id)
      await db.deleteMany(Team, { name: 'fed 4' })
      const events = await read(db, after, 8)
      expect(told(events)).toEqual([
        'create Team fed',
        'update Team fed 2',
        'create Team fed 3',
        'create Team fed 4',
        'update Team fed 5',
        'create Team fed 6',
        'delete Team fed 2',
        'delete Team fed 4',
      ])
      expect(events[0]).toMatchObject({ key: team.id, row: { id: team.id, name: 'fed' } })
      expect(events[0]?.row).toBeInstanceOf(Team)
      expect(events[0]?.at).toBeInstanceOf(Date)
    })

    test('tells of rows that follow a deletion, and of soft deletion', async () => {
      const { db } = office
      const team = await db.create(Team, { name: 'followed' })
      const member = await db.create(Member, {
        email: 'followed@x.io',
        name: 'followed',
        team: team.id,
      })
      await db.create(Profile, { bio: 'p', member: member.id })
      const slot = await db.create(Slot, { room: 'feed', hour: 1 })
      const after = await db.changesEnd()
      await db.delete(Team, team.id)
      await db.delete(Member, member.id)
      await db.delete(Slot, slot.id)
      const events = await read(db, after, 5)
      const kinds = events.map((event) => `${event.op} ${event.entity}`)
      expect(new Set(kinds.slice(0, 2))).toEqual(new Set(['update Member', 'delete Team']))
      expect(new Set(kinds.slice(2, 4))).toEqual(new Set(['delete Profile', 'delete Member']))
      expect(kinds[4]).toBe('delete Slot')
      const loosened = events.find((event) => event.op === 'update')
      expect(loosened?.row).toMatchObject({ team: null })
    })

    test('never tells secrets, and nothing of a write that failed', async () => {
      const { db } = office
      await db.create(Team, { name: 'feed clash' })
      const after = await db.changesEnd()
      await expect(db.create(Team, { name: 'feed clash' })).rejects.toMatchObject({
        code: 'CONFLICT',
      })
      await expect(
        db.createMany(Team, [{ name: 'feed new' }, { name: 'feed clash' }]),
      ).rejects.toMatchObject({ code: 'CONFLICT' })
      await db.create(Member, { email: 'secret@x.io', name: 'secret', password: 'hidden away' })
      const [event] = await read(db, after, 1)
      expect(event?.entity).toBe('Member')
      expect(JSON.stringify(event)).not.toContain('hidden away')
      expect(Object.keys(event?.row as object)).not.toContain('password')
    })

    test('carries values of every kind', async () => {
      const { db } = office
      const after = await db.changesEnd()
      const post = await db.create(Post, {
        title: 'feed \u2028 \u{1F600}',
        score: 0.1,
        author: (await db.create(Member, { email: 'kinds@x.io', name: 'k' })).id,
      })
      const events = await read(db, after, 2)
      expect(events[1]?.row).toEqual(post)
    })

    test('goes on from any cursor, without loss and without repetition', async () => {
      const { db } = office
      const after = await db.changesEnd()
      for (let index = 0; index < 6; index++) await db.create(Team, { name: `resume ${index}` })
      const all = told(await read(db, after, 6))
      const resumed: string[] = []
      let cursor = after
      while (resumed.length < 6) {
        const [event] = await read(db, cursor, 1)
        if (!event) break
        resumed.push(...told([event]))
        cursor = event.cursor
      }
      expect(resumed).toEqual(all)
    })

    test('tells each write of concurrent writers once, those of one row in their order', async () => {
      const source = await office.fresh()
      await using one = await open(model, source)
      await using two = await open(model, source)
      const after = await one.changesEnd()
      const reader = read(one, after, 48)
      const write = async (db: typeof one, writer: string) => {
        for (let index = 0; index < 4; index++) {
          const team = await db.create(Team, { name: `${writer} ${index}` })
          await db.update(Team, team.id, { name: `${writer} ${index}!` })
          await db.delete(Team, team.id)
        }
      }
      await Promise.all([write(one, 'a'), write(two, 'b'), write(one, 'c'), write(two, 'd')])
      const events = await reader
      expect(events).toHaveLength(48)
      expect(new Set(events.map((event) => event.cursor)).size).toBe(48)
      const byRow = Map.groupBy(events, (event) => String(event.key))
      expect(byRow.size).toBe(16)
      for (const [, mine] of byRow)
        expect(mine.map((event) => event.op)).toEqual(['create', 'update', 'delete'])
      expect(told(await read(two, after, 48))).toEqual(told(events))
    })

    test('holds rules and tenants on the row of each event', async () => {
      const { db } = office
      const [ann, bob] = await db.createMany(Reader, [
        { name: 'feed ann', circle: 'feed' },
        { name: 'feed bob', circle: 'other' },
      ])
      if (!ann || !bob) throw new Error('not made')
      const after = await db.changesEnd()
      const paper = (
        title: string,
        owner: string,
        tenant: string,
        state: 'draft' | 'final' = 'draft',
      ) => db.create(Paper, { title, owner, tenant, state })
      await paper('feed bob draft', bob.id, 'feed')
      await paper('feed ann elsewhere', ann.id, 'other')
      await paper('feed ann draft', ann.id, 'feed')
      await paper('feed bob final', bob.id, 'feed', 'final')
      await db.create(Team, { name: 'feed rules end' })
      const asAnn = db.as({ tenant: 'feed', user: ann.id, circle: 'feed' })
      expect(told(await read(asAnn, after, 2))).toEqual([
        'create Paper feed ann draft',
        'create Team feed rules end',
      ])
      const asOther = db.as({ tenant: 'feed', user: ann.id, circle: 'other' })
      expect(told(await read(asOther, after, 3))).toEqual([
        'create Paper feed ann draft',
        'create Paper feed bob final',
        'create Team feed rules end',
      ])
    })

    test('can be read of some entities alone', async () => {
      const { db } = office
      const after = await db.changesEnd()
      const member = await db.create(Member, { email: 'only@x.io', name: 'only' })
      const post = await db.create(Post, { title: 'only', author: member.id })
      await db.create(Comment, { text: 'only', post: post.id })
      const stop = new AbortController()
      for await (const event of db.changes({ after, entities: [Comment], signal: stop.signal })) {
        expect(event.entity).toBe('Comment')
        stop.abort()
      }
    })

    test('tells who waits, in this process and in another store', async () => {
      const source = await office.fresh()
      await using writer = await open(model, source)
      await using reader = await open(model, source)
      const after = await reader.changesEnd()
      const waiting = read(reader, after, 1)
      await new Promise((resolve) => setTimeout(resolve, 60))
      await writer.create(Team, { name: 'waited for' })
      expect(told(await waiting)).toEqual(['create Team waited for'])
    })

    test('ends when its signal is aborted', async () => {
      const stop = new AbortController()
      const reading = (async () => {
        for await (const _ of office.db.changes({ signal: stop.signal }));
      })()
      await new Promise((resolve) => setTimeout(resolve, 20))
      stop.abort()
      await reading
    })

    test('refuses a cursor that is not one of its own', async () => {
      for (const after of ['', 'x', '0', '-1', '{"$gt":0}'])
        await expect(read(office.db, after as Cursor, 1)).rejects.toMatchObject({
          code: 'BAD_CURSOR',
        })
    })
  })
}

function name(row: unknown): string {
  const values = row as { name?: string; title?: string }
  return values.name ?? values.title ?? ''
}
