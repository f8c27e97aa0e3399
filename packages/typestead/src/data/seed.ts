/**
 * Seeding: fills an empty store with the rows of the app's `seed`, all of them or none.
 * Where the store has transactions, one serializable transaction looks whether the store is empty and writes everything,
 * so a killed seed leaves nothing, and of two at once one waits and then finds rows. Where it has none,
 * `seeding.json` in the data folder stands from before the first row until after the last: one that is found was left
 * by a killed seed, whose rows are removed before it starts again.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { EntityLike, Model } from '@typestead/entity'
import type { Database, Transactional } from '@typestead/store'
import { writeAtomically } from '../config/data-folder.ts'
import type { AppConfig, SeedContext } from '../config/define-config.ts'
import { TypesteadError } from '../typestead-error.ts'

export interface SeedOptions {
  readonly db: Database
  readonly config: AppConfig
  readonly data: string
  /** Names the store, so that a mark of another one is not mistaken. */
  readonly store: string
  readonly context: SeedContext
}

/** Whether rows were written: false when the store already had some, or the config has no seed. */
export async function seedIfEmpty(options: SeedOptions): Promise<boolean> {
  const { db, config } = options
  const { seed, model } = config
  if (seed === undefined) return false
  if (!db.capabilities.transactions) return seedWithMark(options, seed)
  return failing(() =>
    db.transaction(
      async (tx) => {
        if (!(await isEmpty(tx, model))) return false
        await seed(tx, options.context)
        return true
      },
      { isolation: 'serializable' },
    ),
  )
}

/** Whether no entity has a row; who is signed in does not count. */
export async function isEmpty(db: Transactional, model: Model): Promise<boolean> {
  for (const { entity, name } of model.metas) {
    if (name === 'Session') continue
    if ((await db.withDeleted().first(entity)) !== null) return false
  }
  return true
}

async function seedWithMark(
  { db, config, data, store, context }: SeedOptions,
  seed: NonNullable<AppConfig['seed']>,
): Promise<boolean> {
  const file = join(data, 'seeding.json')
  const mark = { version: 1, store: createHash('sha256').update(store).digest('hex') }
  if (isMarked(file, mark.store)) {
    context.log.warn(
      {},
      'an earlier seed was interrupted; its rows are removed and it starts again',
    )
    await removeRows(db, config.model)
  } else if (!(await isEmpty(db, config.model))) {
    return false
  }
  writeAtomically(file, JSON.stringify(mark))
  await failing(() => seed(db, context))
  rmSync(file)
  return true
}

function isMarked(file: string, store: string): boolean {
  if (!existsSync(file)) return false
  const content: unknown = JSON.parse(readFileSync(file, 'utf8'))
  return (
    typeof content === 'object' && content !== null && 'store' in content && content.store === store
  )
}

/** Rows that others point to can go only after those; as long as some go, the rest is tried again. */
async function removeRows(db: Database, model: Model): Promise<void> {
  let left: readonly EntityLike[] = model.metas.map(({ entity }) => entity)
  while (left.length > 0) {
    const kept: EntityLike[] = []
    let problem: unknown
    for (const entity of left) {
      try {
        await db.withDeleted().deleteMany(entity, {})
      } catch (error) {
        problem = error
        kept.push(entity)
      }
    }
    if (kept.length === left.length) throw problem
    left = kept
  }
}

async function failing<R>(work: () => Promise<R>): Promise<R> {
  try {
    return await work()
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
    if (code === 'UNAVAILABLE' || (cause instanceof Error && cause.name === 'AbortError'))
      throw cause
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new TypesteadError(
      'SEED_FAILED',
      `the seed failed, and nothing of it was kept: ${reason}`,
      { cause },
    )
  }
}
