/** Makes an open store hold the model: what `start` and `dev` do before they serve, and when they refuse to. */
import type { Database, MigrationPlan } from '@typestead/store'
import { progress } from '../cli/progress.ts'
import { TypesteadError } from '../typestead-error.ts'

export interface PrepareOptions {
  /** 'start': only an empty store is migrated. 'dev': also what loses nothing. */
  readonly mode: 'start' | 'dev'
  readonly signal: AbortSignal
  /** Hears of a plan that is applied to a store that is not empty. */
  readonly onPlan?: (plan: MigrationPlan) => Promise<void>
}

/** @throws {TypesteadError} `MIGRATIONS_PENDING` */
export async function prepareStore(
  db: Database,
  { mode, signal, onPlan }: PrepareOptions,
): Promise<void> {
  const plan = await db.migrations.plan()
  if (plan.steps.length === 0 && plan.blocked.length === 0) return
  if (plan.before !== null) {
    const harmless = plan.blocked.length === 0 && plan.losing.length === 0
    await onPlan?.(plan)
    if (mode === 'start' || !harmless) throw pending(plan, mode)
  }
  await applyMigrations(db, { signal })
}

export interface ApplyMigrationsOptions {
  readonly allowLoss?: boolean
  readonly signal?: AbortSignal
}

/** Applies with a bar. Another process may have migrated meanwhile: then there is nothing to do. */
export async function applyMigrations(
  db: Database,
  { allowLoss = false, signal }: ApplyMigrationsOptions,
): Promise<MigrationPlan> {
  const bar = progress('migrating')
  try {
    return await db.migrations.apply({
      allowLoss,
      onStep: (step, index, total) => bar.at(index + 1, total, step.summary),
      ...(signal === undefined ? {} : { signal }),
    })
  } finally {
    bar.end()
  }
}

function pending(plan: MigrationPlan, mode: PrepareOptions['mode']): TypesteadError {
  const changes = plan.changes.map((change) => `  • ${change.summary}`)
  const list = changes.length === 0 ? '  • steps of an unfinished migration' : changes.join('\n')
  const reason =
    mode === 'start'
      ? 'the database waits for migrations'
      : 'the database waits for migrations that lose data or lack a value for older rows'
  return new TypesteadError(
    'MIGRATIONS_PENDING',
    `${reason}:\n${list}\nLook with "typestead plan", then run "typestead db migrate"`,
  )
}
