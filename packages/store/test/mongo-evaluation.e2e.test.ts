/** Rules on writes and events are judged in memory: that judgement must be the one that the database's filters make. */
import { type Condition, parseWhere, type Values } from '@typestead/entity'
import { type Database, open } from '@typestead/store'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { findTool } from '../../../scripts/tools.ts'
import { matching } from '../src/mongo/evaluate.ts'
import { MongoSession } from '../src/mongo/session.ts'
import { type FerretServer, startFerret } from './ferret.ts'
import { filterCases, filteredRows } from './filters.ts'
import { Member, model, type OfficeModel, Post, Sample, Team } from './models.ts'

const ferretdb = findTool('ferretdb')

describe.skipIf(ferretdb === null)('conditions judged in memory, with FerretDB', () => {
  let server: FerretServer
  let db: Database<OfficeModel>

  beforeAll(async () => {
    server = await startFerret()
    db = await open(model, await server.fresh())
    await db.createMany(
      Sample,
      filteredRows.map((row, index) => ({ ...row, int: index + 1 })) as never,
    )
  })

  afterAll(async () => {
    await db?.[Symbol.asyncDispose]()
    await server?.[Symbol.asyncDispose]()
  })

  function judged(
    entity: typeof Sample | typeof Member,
    condition: Condition,
    rows: readonly object[],
  ): Promise<boolean[]> {
    if (!(db.backend instanceof MongoSession)) throw new Error('not the MongoDB store')
    return matching(db.backend.read, model.meta(entity), condition, rows as Values[])
  }

  test.each(filterCases)('%s', async (_, where, expected) => {
    const rows = await db.find(Sample, { orderBy: { int: 'asc' } })
    const condition = parseWhere(model.meta(Sample), where)
    const numbers = (answers: boolean[]) =>
      rows.filter((_row, index) => answers[index]).map((row) => row.int)
    expect(numbers(await judged(Sample, condition, rows))).toEqual(expected)
    const others = rows
      .map((row) => row.int)
      .filter((number) => !expected.includes(number as number))
    expect(numbers(await judged(Sample, { op: 'not', of: condition }, rows))).toEqual(others)
  })

  test('relations are asked of the database', async () => {
    const team = await db.create(Team, { name: 'judged' })
    const ann = await db.create(Member, { email: 'ann@judged.io', name: 'Ann', team: team.id })
    const bob = await db.create(Member, { email: 'bob@judged.io', name: 'Bob' })
    await db.createMany(Post, [
      { title: 'a', likes: 3, author: ann.id },
      { title: 'b', likes: 1, author: ann.id },
    ])
    // As the backend gives rows: a link is the key.
    const rows = [
      { ...ann, team: team.id },
      { ...bob, team: null },
    ]
    const cases: [object, boolean[]][] = [
      [{ team: { name: 'judged' } }, [true, false]],
      [{ team: { name: 'other' } }, [false, false]],
      [{ team: null }, [false, true]],
      [{ team: team.id }, [true, false]],
      [{ posts: { some: { likes: { gt: 2 } } } }, [true, false]],
      [{ posts: { every: { likes: { gt: 2 } } } }, [false, true]],
      [{ posts: { none: {} } }, [false, true]],
      [{ team: { members: { some: { name: 'Ann' } } } }, [true, false]],
      [{ not: { team: { members: { some: { name: 'Ann' } } } } }, [false, true]],
    ]
    for (const [where, expected] of cases)
      expect(await judged(Member, parseWhere(model.meta(Member), where), rows)).toEqual(expected)
  })
})
