/**
 * Migrations. MongoDB changes documents one by one, so nothing is rolled back; instead, everything that can be known to
 * fail (duplicates, values without a form in the new type, rows without a value) is looked for in all documents before the
 * first step, and each step may be run again. The model is recorded last: until then the old one is the stored one, and the
 * next run does what is left. Rows that an application with the old class writes meanwhile are not seen; stop it first.
 */
import {
  type Change,
  describe,
  diff,
  type ModelDescriptor,
  readDescriptor,
} from '@typestead/entity'
import type { AppliedMigration, ApplyOptions, MigrationPlan, Migrator } from '../backend.ts'
import { StoreError } from '../errors.ts'
import { type MongoContext, settings } from './context.ts'
import { guarded } from './errors.ts'
import { withMigrationLock } from './migration-lock.ts'
import { refuseRows, tableBefore } from './migration-precheck.ts'
import { runStep, stepFailed, unlessMissing } from './migration-run.ts'
import { migrationSteps, type Step } from './migration-steps.ts'

interface Plan extends MigrationPlan {
  readonly steps: readonly Step[]
}

/** The form of what lies in `typestead_model`; a newer one is refused. */
const recordVersion = 1

export class MongoMigrator implements Migrator {
  readonly #context: MongoContext

  constructor(context: MongoContext) {
    this.#context = context
  }

  stored(): Promise<ModelDescriptor | null> {
    return guarded(async () => (await this.#record())?.model ?? null)
  }

  plan(): Promise<MigrationPlan> {
    return guarded(() => this.#plan())
  }

  apply(options: ApplyOptions = {}): Promise<MigrationPlan> {
    return guarded(() =>
      withMigrationLock(this.#context, options.signal, async (check) => {
        const plan = await this.#plan()
        if (plan.steps.length === 0) return plan
        refuse(plan, options)
        await refuseRows(this.#context, plan.changes, plan.steps)
        for (const [index, step] of plan.steps.entries()) {
          check()
          const tell = (summary: string) =>
            options.onStep?.({ ...step, summary }, index, plan.steps.length)
          tell(step.summary)
          try {
            if (step.action.kind === 'record') await this.#recordModel(plan)
            else await runStep(this.#context, step, tell)
          } catch (error) {
            throw stepFailed(step, error)
          }
          await this.#context.at('migrating')
        }
        return plan
      }),
    )
  }

  history(): Promise<readonly AppliedMigration[]> {
    return guarded(async () => {
      const found = await this.#collection('typestead_migrations')
        .find({}, this.#settings)
        .sort({ _id: 1 })
        .toArray()
      return found.map(({ _id, appliedAt, summary }) => ({ id: String(_id), appliedAt, summary }))
    })
  }

  reset(): Promise<void> {
    return guarded(() =>
      withMigrationLock(this.#context, undefined, async () => {
        const entities = (await this.#record())?.model.entities ?? []
        const tables = new Set([
          ...entities.map(({ table }) => table),
          ...this.#context.model.metas.map(({ table }) => table),
        ])
        await this.#context.outbox.settled()
        for (const table of [...tables, ...ownTables])
          await this.#context.db.dropCollection(table).catch(unlessMissing)
        this.#context.outbox.forget()
      }),
    )
  }

  get #settings(): ReturnType<typeof settings> {
    return settings(this.#context)
  }

  #collection(name: string) {
    return this.#context.db.collection(name)
  }

  async #record(): Promise<{ readonly model: ModelDescriptor; readonly number: number } | null> {
    const record = await this.#collection('typestead_model').findOne(
      { _id: 'model' as never },
      this.#settings,
    )
    if (!record) return null
    if (Number(record.version) > recordVersion) {
      throw new StoreError(
        'UNSUPPORTED',
        'this database was migrated by a newer version of @typestead/store; update the package',
      )
    }
    // Kept as text: a descriptor has keys such as `$schema`.
    const model = readDescriptor(JSON.parse(record.descriptor))
    return { model, number: Number(record.number) }
  }

  async #plan(): Promise<Plan> {
    const before = (await this.#record())?.model ?? null
    const after = describe(this.#context.model)
    const known = diff(before ?? { ...after, entities: [] }, after)
    const changes = await this.#unblockEmpty(known.map((change) => held(change, before)))
    const { validators } = this.#context.traits
    const steps = migrationSteps(before, after, changes, this.#context.model, validators)
    const notes = validators
      ? []
      : ['this server has no validators ($jsonSchema): values are checked by this package alone']
    return {
      before,
      after,
      changes,
      steps,
      blocked: changes.filter((change) => change.blocked !== undefined),
      losing: changes.filter((change) => change.effect === 'loses'),
      notes,
    }
  }

  /** What rows stand in the way of is no trouble where there are none. */
  async #unblockEmpty(changes: readonly Change[]): Promise<Change[]> {
    const free: Change[] = []
    for (const change of changes) {
      const { blocked, ...rest } = change
      const table =
        blocked === undefined ? '' : tableBefore(this.#context.model, changes, change.entity)
      const row =
        blocked === undefined ? null : await this.#collection(table).findOne({}, this.#settings)
      free.push(row ? change : rest)
    }
    return free
  }

  /** First the history, under a number that a second try writes again, then the model. */
  async #recordModel(plan: Plan): Promise<void> {
    const number = ((await this.#record())?.number ?? 0) + 1
    const _id = String(number).padStart(6, '0') as never
    const entry = { appliedAt: new Date(), summary: plan.changes.map((change) => change.summary) }
    const model = { version: recordVersion, number, descriptor: JSON.stringify(plan.after) }
    const upsert = { ...this.#settings, upsert: true }
    await this.#collection('typestead_migrations').replaceOne({ _id }, entry, upsert)
    await this.#collection('typestead_model').replaceOne({ _id: 'model' as never }, model, upsert)
  }
}

const ownTables = [
  'typestead_model',
  'typestead_migrations',
  'typestead_outbox',
  'typestead_batches',
]

/** What this store cannot do to rows that exist. */
function held(change: Change, before: ModelDescriptor | null): Change {
  const key = before?.entities.find((entity) => entity.name === change.entity)?.key ?? []
  const why =
    'MongoDB keeps the key as _id, which never changes; make a new entity and copy the rows'
  if (change.kind === 'changeKey') return { ...change, blocked: why }
  const part =
    change.kind === 'renameField' ||
    change.kind === 'renameRelation' ||
    change.kind === 'changeField'
  if (!part || !key.includes(change.before.name)) return change
  if (change.kind === 'changeField')
    return change.aspects.includes('type') ? { ...change, blocked: why } : change
  return key.length > 1 ? { ...change, blocked: why } : change
}

function refuse(plan: Plan, options: ApplyOptions): void {
  if (plan.blocked.length > 0) {
    const reasons = plan.blocked.map((change) => `${change.summary}: ${change.blocked}`).join('\n')
    throw new StoreError('MIGRATION_REFUSED', `this cannot be migrated as it stands:\n${reasons}`)
  }
  if (plan.losing.length > 0 && options.allowLoss !== true) {
    const losses = plan.losing.map((change) => change.summary).join('\n')
    throw new StoreError(
      'MIGRATION_REFUSED',
      `this would lose stored values:\n${losses}\nallow it with allowLoss (on the command line --allow-loss)`,
    )
  }
}
