import {
  defineModel,
  describe as describeModel,
  diff,
  Entity,
  id,
  int,
  string,
} from '@typestead/entity'
import { describe, expect, it } from 'vitest'
import { buildPlan, refusals } from './build-plan.ts'
import type { PlanConsumer } from './consumer.ts'
import { planText, refusalText } from './print-plan.ts'
import { jsonSchemaConsumer, mongoValidatorConsumer } from './schema-consumers.ts'
import { storeConsumer } from './store-consumer.ts'

class Before extends Entity('Book', { id: id(), title: string(), pages: int() }) {}
class After extends Entity('Book', { id: id(), name: string().was('title'), isbn: string() }) {}

const model = defineModel({ Book: After })
const before = describeModel(defineModel({ Book: Before }))
const after = describeModel(model)
const context = { before, after, changes: diff(before, after), model }

const breaking: PlanConsumer = {
  name: 'Form',
  effects: () => [{ entity: 'Book', summary: 'Book.title is gone', severity: 'breaking' }],
}

describe('a plan', () => {
  it('has what every consumer says, by entity', async () => {
    const steps = [
      {
        summary: 'rename',
        statement: 'alter table "book" rename column "title" to "name"',
        effect: 'safe',
        online: false,
        entity: 'Book',
      },
      {
        summary: 'drop',
        statement: 'alter table "book" drop column "pages"',
        effect: 'loses',
        online: false,
        entity: 'Book',
      },
      { summary: 'wake up', statement: 'select 1', effect: 'safe', online: true },
    ] as const
    const consumers = [
      storeConsumer('postgres', { ...context, steps }),
      mongoValidatorConsumer,
      jsonSchemaConsumer,
      breaking,
    ]
    const plan = await buildPlan(context, consumers)
    const text = planText(plan)
    expect(text).toMatch(/^Book\n {2}• Book\.title becomes Book\.name\n/)
    expect(text).toContain('    loses: drop\n      alter table "book" drop column "pages"')
    expect(text).toContain(
      '  MongoDB validator\n    the validator of "book" changes\n      name: {"bsonType":"string"}',
    )
    expect(text).toContain('      - pages')
    expect(text).toMatch(/All entities\n {2}PostgreSQL\n {4}wake up \(afterwards/)
  })

  it('refuses what is blocked, loses or breaks, and says what to write', async () => {
    const plan = await buildPlan(context, [breaking])
    const refused = refusals(plan, {})
    expect(refused.map(({ reason }) => reason).sort()).toEqual(['blocked', 'breaking', 'loses'])
    const text = refusalText(refused)
    expect(text).toContain(`write .was('pages') on the new one`)
    expect(text).toContain('add .nullable(), .default(…) or .backfill(…)')
    expect(
      refusals(plan, { allowLoss: true, allowBreaking: true }).map(({ reason }) => reason),
    ).toEqual(['blocked'])
  })

  it('of nothing says so', async () => {
    const same = { ...context, before: after, changes: [] }
    const plan = await buildPlan(same, [mongoValidatorConsumer, jsonSchemaConsumer])
    expect(plan).toEqual({ changes: [], parts: [], notes: [] })
    expect(planText(plan)).toContain('Nothing to do')
  })
})
