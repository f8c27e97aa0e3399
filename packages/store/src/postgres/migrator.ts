/**
 * Brings a database to the model. One session holds an advisory lock while it works, so a second process waits and then
 * finds nothing to do. Crash points: everything up to the commit of the first transaction leaves the database as it was;
 * from then on the stored model is the new one and the steps that are left stand in `typestead_model.pending`, from where
 * the next run goes on. Every such step may be run twice.
 */
import {
  type Change,
  describe,
  diff,
  type EntityMeta,
  type Model,
  type ModelDescriptor,
  uuidv7,
} from '@typestead/entity'
import type pg from 'pg'
import type { AppliedMigration, ApplyOptions, MigrationPlan, Migrator } from '../backend.ts'
import { StoreError } from '../errors.ts'
import { backfill } from './backfill.ts'
import { catalogueOf } from './catalogue.ts'
import type { Connections } from './connection.ts'
import { refuseDuplicates } from './duplicates.ts'
import { infrastructure, infrastructureVersion } from './infrastructure.ts'
import { stepFailed } from './migration-error.ts'
import { migrationSteps } from './migration-steps.ts'
import { typeParsers } from './parsers.ts'
import { policySteps } from './row-security.ts'
import type { Step } from './step.ts'
import { readOrNothing, readStored, type StoredModel, storedFrom } from './stored-model.ts'
import { quote, type Table } from './table.ts'

/** Any fixed number that other programs are unlikely to lock: "typestea" in ASCII. */
const lockKey = '8392295743064893793'

export interface MigratorContext {
  readonly model: Model
  readonly connections: Connections
  readonly tableOf: (meta: EntityMeta) => Table
  readonly rowLevelSecurity: boolean
}

interface FullPlan extends MigrationPlan {
  readonly steps: readonly Step[]
}

export function postgresMigrator(context: MigratorContext): Migrator {
  const { connections } = context
  return {
    async stored() {
      return (await readStored(context.connections)).descriptor
    },
    async plan() {
      return planFrom(context, await readStored(context.connections))
    },
    async apply(options = {}) {
      const client = await connections.dedicated()
      try {
        await lock(client, options.signal)
        return await apply(context, client, options)
      } catch (error) {
        throw connections.translate(error)
      } finally {
        // Ending the session lets go of the lock, whatever state it is in.
        await client.end().catch(() => {})
      }
    },
    async history() {
      const rows = await readOrNothing(
        connections,
        'select id, applied_at, summary from typestead_migrations order by id',
      )
      return rows.map(
        ([id, appliedAt, summary]) => ({ id, appliedAt, summary }) as AppliedMigration,
      )
    },
    async reset() {
      await reset(context)
    },
  }
}

function planFrom(context: MigratorContext, stored: StoredModel): FullPlan {
  const after = describe(context.model)
  const before = stored.descriptor
  const changes = diff(before ?? { version: 1, entities: [] }, after)
  const ready = changes.filter((change) => change.blocked === undefined)
  const steps = [
    ...stillNeeded(stored.pending, after),
    ...migrationSteps(before, after, ready),
    ...(changes.length > 0 ||
    before === null ||
    stored.rowLevelSecurity !== context.rowLevelSecurity
      ? policySteps(
          context.model,
          context.tableOf,
          context.rowLevelSecurity,
          stored.rowLevelSecurity,
        )
      : []),
  ]
  return {
    before,
    after,
    changes,
    // A model that differs in ways the database does not keep (messages, descriptions) is stored without any statement.
    steps: steps.length === 0 && changes.length > 0 ? [recordOnly()] : steps,
    blocked: changes.filter((change) => change.blocked !== undefined),
    losing: changes.filter((change) => change.effect === 'loses'),
    notes: [],
  }
}

function recordOnly(): Step {
  return {
    summary: 'store the new model; no table changes',
    statement: '-- nothing to run',
    effect: 'safe',
    online: false,
  }
}

/** Steps of an earlier, unfinished migration, without those whose table, column or index the model no longer has. */
function stillNeeded(pending: readonly Step[], after: ModelDescriptor): Step[] {
  const tables = new Map(catalogueOf(after).map((table) => [table.name, table]))
  return pending.filter(({ subject }) => {
    if (!subject) return true
    const table = tables.get(subject.table)
    if (!table) return false
    if (
      subject.column !== undefined &&
      !table.columns.some((column) => column.name === subject.column)
    )
      return false
    if (subject.index !== undefined && !table.indexes.some((index) => index.name === subject.index))
      return false
    const constraints = [...table.checks, ...table.foreignKeys]
    return (
      subject.constraint === undefined ||
      constraints.some((constraint) => constraint.name === subject.constraint)
    )
  })
}

async function lock(client: pg.Client, signal: AbortSignal | undefined): Promise<void> {
  for (;;) {
    signal?.throwIfAborted()
    const { rows } = await client.query('select pg_try_advisory_lock($1::bigint) as locked', [
      lockKey,
    ])
    if (rows[0].locked === true) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function apply(
  context: MigratorContext,
  client: pg.Client,
  options: ApplyOptions,
): Promise<MigrationPlan> {
  await transaction(client, async () => {
    for (const statement of infrastructure) await client.query(statement)
  })
  const { rows } = await client.query({
    text: 'select format, descriptor, pending, options from typestead_model',
    rowMode: 'array',
    types: typeParsers,
  })
  const stored = storedFrom(rows[0])
  const plan = planFrom(context, stored)
  const empty = plan.blocked.length === 0 ? plan : await unblockEmpty(context, client, stored, plan)
  refuse(empty, options)
  if (empty.steps.length === 0) return empty
  const now = empty.steps.filter((step) => !step.online)
  const later = empty.steps.filter((step) => step.online)
  const total = empty.steps.length
  await refuseDuplicates(context, client, later)
  await transaction(client, async () => {
    await client.query(`set local lock_timeout = '10s'`)
    for (const [index, step] of now.entries()) {
      options.signal?.throwIfAborted()
      options.onStep?.(step, index, total)
      await runStep(client, step)
    }
    const optionsNow = JSON.stringify({ rowLevelSecurity: context.rowLevelSecurity })
    await client.query(
      'update typestead_model set format = $1, descriptor = $2, pending = $3, options = $4',
      [infrastructureVersion, JSON.stringify(empty.after), JSON.stringify(later), optionsNow],
    )
    await client.query(
      'insert into typestead_migrations (id, summary, statements) values ($1, $2, $3)',
      [
        uuidv7(),
        JSON.stringify(empty.changes.map((change) => change.summary)),
        JSON.stringify(empty.steps.map((step) => step.statement)),
      ],
    )
  })
  for (const [index, step] of later.entries()) {
    options.signal?.throwIfAborted()
    options.onStep?.(step, now.length + index, total)
    if (step.backfill) await backfill(context, client, step, options.signal)
    else await runStep(client, step)
    await client.query('update typestead_model set pending = $1', [
      JSON.stringify(later.slice(index + 1)),
    ])
  }
  return empty
}

/** What lacks a value for older rows is no trouble where there are no rows. */
async function unblockEmpty(
  context: MigratorContext,
  client: pg.Client,
  stored: StoredModel,
  plan: FullPlan,
): Promise<FullPlan> {
  const blocked: Change[] = []
  for (const change of plan.blocked) {
    const table =
      plan.before?.entities.find((entity) => entity.name === change.entity)?.table ??
      context.model.meta(change.entity).table
    const { rows } = await client.query(`select exists (select 1 from ${quote(table)}) as any`)
    if (rows[0].any === true) blocked.push(change)
  }
  if (blocked.length === plan.blocked.length) return plan
  const changes = plan.changes.filter((change) => !blocked.includes(change))
  const steps = [
    ...stillNeeded(stored.pending, plan.after),
    ...migrationSteps(plan.before, plan.after, changes),
    ...policySteps(
      context.model,
      context.tableOf,
      context.rowLevelSecurity,
      stored.rowLevelSecurity,
    ),
  ]
  return { ...plan, steps, blocked }
}

function refuse(plan: MigrationPlan, options: ApplyOptions): void {
  if (plan.blocked.length > 0) {
    throw new StoreError(
      'MIGRATION_REFUSED',
      plan.blocked.map((change) => change.blocked).join('; '),
    )
  }
  if (plan.losing.length > 0 && !options.allowLoss) {
    const list = plan.losing.map((change) => change.summary).join('; ')
    throw new StoreError(
      'MIGRATION_REFUSED',
      `this loses data: ${list}. Allow it with --allow-loss, or keep the values with .was('old name')`,
    )
  }
}

async function runStep(client: pg.Client, step: Step): Promise<void> {
  if (step.statement.startsWith('--')) return
  try {
    await client.query(step.statement)
  } catch (cause) {
    if (step.subject?.index !== undefined) {
      // What is left of a failed build is of no use and would slow down writes.
      await client
        .query(`drop index concurrently if exists ${quote(step.subject.index)}`)
        .catch(() => {})
    }
    throw stepFailed(step, cause)
  }
}

async function transaction(client: pg.Client, work: () => Promise<void>): Promise<void> {
  await client.query('begin')
  try {
    await work()
    await client.query('commit')
  } catch (error) {
    await client.query('rollback').catch(() => {})
    throw error
  }
}

async function reset(context: MigratorContext): Promise<void> {
  const client = await context.connections.dedicated()
  try {
    await lock(client, undefined)
    const { rows } = await client.query({
      text: `select to_regclass('typestead_model') is not null as there`,
    })
    const stored = rows[0].there === true ? await readStored(context.connections) : undefined
    const tables = new Set([
      ...context.model.metas.map((meta) => meta.table),
      ...(stored?.descriptor?.entities.map((entity) => entity.table) ?? []),
    ])
    await transaction(client, async () => {
      for (const table of tables) await client.query(`drop table if exists ${quote(table)} cascade`)
      await client.query(
        'drop table if exists typestead_outbox, typestead_migrations, typestead_model',
      )
      await client.query('drop function if exists typestead_feed() cascade')
    })
  } catch (error) {
    throw context.connections.translate(error)
  } finally {
    await client.end().catch(() => {})
  }
}
