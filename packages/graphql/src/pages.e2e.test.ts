import { defineModel, Entity, id, int, string } from '@typestead/entity'
import type { PostgresBackend, Statement } from '@typestead/store/sql'
import { expect, test } from 'vitest'

import { openPostgres } from '../test/stores.ts'
import { graphql } from './index.ts'

class Reading extends Entity('Reading', { id: id(), place: string(), value: int() }) {}

interface Plan {
  readonly 'Shared Hit Blocks': number
  readonly 'Shared Read Blocks': number
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Node Type': string
  readonly Plans?: readonly Plan[]
}

test('a page of 10,000 rows reads as much at the end as at the start, by EXPLAIN', async () => {
  await using opened = await openPostgres(defineModel({ Reading }))
  const { db } = opened
  for (let at = 0; at < 10_000; at += 1000) {
    const rows = Array.from({ length: 1000 }, (_, n) => ({ place: `p${n % 7}`, value: at + n }))
    await db.createMany(Reading, rows)
  }
  const api = graphql(db, { expose: [Reading] })
  const { connections } = db.backend as PostgresBackend
  const run = connections.run
  await run({ text: 'vacuum analyze reading', values: [] })
  let statement: Statement | undefined
  connections.run = (one) => {
    statement = one
    return run(one)
  }
  const page = async (args: string) => {
    const query = `{ readings(${args}) { nodes { value } pageInfo { endCursor hasNextPage } } }`
    const { data } = await api.execute({ query })
    const { text, values } = statement as Statement
    const [[explained]] = (await run({
      text: `explain (analyze, buffers, format json) ${text}`,
      values,
    })) as [[[{ Plan: Plan }]]]
    const plan = explained[0].Plan
    const { nodes, pageInfo } = (data as { readings: Readings }).readings
    return {
      values: nodes.map(({ value }) => value),
      endCursor: pageInfo.endCursor,
      blocks: plan['Shared Hit Blocks'] + plan['Shared Read Blocks'],
      rows: scanned(plan),
    }
  }
  const start = await page('first: 20')
  let cursor = start.endCursor
  for (let n = 0; n < 9; n++) cursor = (await page(`first: 1000, after: "${cursor}"`)).endCursor
  cursor = (await page(`first: 950, after: "${cursor}"`)).endCursor
  const end = await page(`first: 20, after: "${cursor}"`)
  expect(start.values).toEqual(Array.from({ length: 20 }, (_, n) => n))
  expect(end.values).toEqual(Array.from({ length: 20 }, (_, n) => 9970 + n))
  // One row more than the page tells whether the list goes on.
  expect([start.rows, end.rows]).toEqual([21, 21])
  // The descent of the index is the same; a page may straddle two blocks.
  expect(Math.abs(end.blocks - start.blocks)).toBeLessThanOrEqual(2)
  expect(end.blocks).toBeLessThan(15)
})

interface Readings {
  readonly nodes: readonly { readonly value: number }[]
  readonly pageInfo: { readonly endCursor: string }
}

/** Rows that the scans of a plan read. */
function scanned(plan: Plan): number {
  const inner = (plan.Plans ?? []).reduce((sum, one) => sum + scanned(one), 0)
  return /(Index|Seq|Bitmap Heap).*Scan/.test(plan['Node Type'])
    ? inner + plan['Actual Rows'] * plan['Actual Loops']
    : inner
}
