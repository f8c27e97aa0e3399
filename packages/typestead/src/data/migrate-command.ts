/** `typestead db migrate`: brings the database to the model, or says what it would do. */
import { buildPlan, refusals } from '../plan/build-plan.ts'
import { planText, refusalText } from '../plan/print-plan.ts'
import { storeConsumer } from '../plan/store-consumer.ts'
import { TypesteadError } from '../typestead-error.ts'
import { applyMigrations } from './prepare.ts'
import { withStore } from './with-store.ts'

export interface MigrateOptions {
  readonly app?: string
  readonly dryRun?: boolean
  readonly allowLoss?: boolean
  readonly json?: boolean
}

/** @throws {TypesteadError} `REFUSED` */
export async function migrate(options: MigrateOptions): Promise<void> {
  await withStore(options.app, async ({ app, db, store }) => {
    const dryRun = options.dryRun ?? false
    const allowLoss = options.allowLoss ?? false
    const migration = dryRun ? await db.migrations.plan() : await applied()
    const consumer = storeConsumer(db.kind, migration)
    const context = {
      before: migration.before,
      after: migration.after,
      changes: migration.changes,
      model: app.config.model,
    }
    const plan = await buildPlan(context, [consumer], migration.notes)
    // Where tables are empty the store may do what it could not for rows, so only a dry run judges by the plan.
    const refused = dryRun ? refusals(plan, { allowLoss }) : []
    const done = !dryRun && migration.steps.length > 0
    if (options.json) {
      process.stdout.write(
        `${JSON.stringify({ store, applied: done, ...plan, refused }, undefined, 2)}\n`,
      )
    } else if (migration.steps.length === 0 && plan.changes.length === 0) {
      process.stdout.write('Nothing to migrate: the database is as your classes say.\n')
    } else {
      process.stdout.write(planText(plan))
      process.stdout.write(done ? `\nDone in ${store}.\n` : '\nNothing was changed (--dry-run).\n')
    }
    if (refused.length > 0) throw new TypesteadError('REFUSED', refusalText(refused).trimEnd())

    async function applied() {
      return applyMigrations(db, { allowLoss })
    }
  })
}
