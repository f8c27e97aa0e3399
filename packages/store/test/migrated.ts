/** What tests of migrations begin with: article 01's user, and stores that are taken over by another class. */
import {
  createdAt,
  defineModel,
  Entity,
  type EntityLike,
  id,
  type Model,
  string,
  updatedAt,
} from '@typestead/entity'
import { type Database, type MigrationPlan, open, type Source } from '@typestead/store'

/** Article 01's user, before a property is added. */
export class User extends Entity('User', {
  id: id(),
  email: string().email().unique(),
  firstName: string(),
  lastName: string().nullable(),
  password: string().min(8).secret(),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
}) {
  hashPassword(): string {
    return `hash of ${this.password}`
  }
}

export const ada = {
  email: 'ada@x.io',
  firstName: 'Ada',
  lastName: 'Lovelace',
  password: 'engines!',
}
export const bea = { email: 'bea@x.io', firstName: 'Bea', password: 'password' }

/** A store that holds the rows of one entity, for the next class to take over. */
export async function populated<E extends EntityLike>(
  source: Source,
  entity: E,
  rows: readonly object[],
): Promise<void> {
  await using db = await open(defineModel({ [entity.entityName]: entity }), source)
  await db.createMany(entity, rows as never)
}

/** Opens the store with another class after migrating to it. */
export async function migrated<M extends Record<string, EntityLike>>(
  source: Source,
  entities: M,
  options: { readonly allowLoss?: boolean } = {},
): Promise<Database<Model<M>>> {
  const db = await open(defineModel(entities), source, { migrate: 'never' })
  try {
    await db.migrations.apply(options)
    return db
  } catch (error) {
    await db[Symbol.asyncDispose]()
    throw error
  }
}

export async function planned(
  source: Source,
  entities: Record<string, EntityLike>,
): Promise<MigrationPlan> {
  await using db = await open(defineModel(entities), source, { migrate: 'never' })
  return await db.migrations.plan()
}
