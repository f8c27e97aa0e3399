/** `open(model, source)`: connects to a store, checks that it holds this model, and hands out the `Database`. */
import type { Entities, Model } from '@typestead/entity'
import type { Backend } from './backend.ts'
import { Database } from './database.ts'
import { StoreError } from './errors.ts'

/** Where a model's rows are kept; made by `postgres()`, `embedded()` or `mongo()`. */
export interface Source {
  readonly kind: 'postgres' | 'embedded' | 'mongo'
  connect(model: Model): Promise<Backend>
}

export interface OpenOptions {
  /**
   * What to do when the database does not hold this model: 'empty' (the default) makes the tables of an empty database
   * and refuses any other difference, 'safe' also applies what loses nothing, 'never' changes and checks nothing.
   */
  readonly migrate?: 'empty' | 'safe' | 'never'
}

/**
 * `await using db = await open(model, postgres(url))`
 * @throws {StoreError} `UNAVAILABLE`; `MIGRATION_PENDING` when the model and the database differ
 */
export async function open<M extends Entities>(
  model: Model<M>,
  source: Source,
  options: OpenOptions = {},
): Promise<Database<Model<M>>> {
  const backend = await source.connect(model)
  try {
    await prepare(backend, options.migrate ?? 'empty')
  } catch (error) {
    await backend[Symbol.asyncDispose]()
    throw error
  }
  return new Database(model, backend)
}

async function prepare(backend: Backend, mode: NonNullable<OpenOptions['migrate']>): Promise<void> {
  if (mode === 'never') return
  const plan = await backend.migrator.plan()
  if (plan.steps.length === 0) return
  const harmless = plan.blocked.length === 0 && plan.losing.length === 0
  if (plan.before === null || (mode === 'safe' && harmless)) {
    await backend.migrator.apply()
    return
  }
  const summary = plan.changes.map((change) => change.summary).join('; ')
  const state =
    summary === ''
      ? 'waits for the last steps of an unfinished migration'
      : `holds an older model (${summary})`
  throw new StoreError(
    'MIGRATION_PENDING',
    `the database ${state}; look with "typestead plan", then run "typestead db migrate"`,
  )
}
