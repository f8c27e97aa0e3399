/**
 * `Entity(name, fields, options)` makes the base class of an entity. Nothing is evaluated when the class is defined:
 * relation getters run when a model is made of all entities, so files may import each other in any order.
 */
import { checkEntityName, checkFieldName } from './entity-name.ts'
import { isField } from './field.ts'
import type { Row } from './inputs.ts'
import type { EntityLike } from './relation.ts'
import type { RuleSet } from './rules.ts'
import { type StandardEntity, standardOf } from './standard.ts'

/** A row of the entity class `T`, with its methods. */
export type Instance<T> = T extends { readonly prototype: infer I } ? I : never

/** What names one row: its id, or an object of its key fields. */
export type KeyOf<T> = Instance<T> extends { readonly id: infer K } ? K : Partial<Instance<T>>

export interface EntityOptions<F> {
  /** The fields that make the primary key, when it is not the one `id()`. */
  readonly key?: readonly (keyof F & string)[]
  /** Groups of fields that no two rows may share. */
  readonly unique?: readonly (readonly (keyof F & string)[])[]
  /** Groups of fields kept in an index, for filters and orders over them. */
  readonly indexes?: readonly (readonly (keyof F & string)[])[]
  /** A nullable `datetime()`: deleting a row sets it, and rows that have it set are nowhere seen. */
  readonly softDelete?: keyof F & string
  /** An `int()` that grows with every update; an update that names an older one is refused. */
  readonly version?: keyof F & string
  /** The field that says whose row it is: scoped databases see and write rows of their own tenant only. */
  readonly tenant?: keyof F & string
  /** Who may read, create, update and delete which rows. Without it, everyone may. */
  readonly allow?: RuleSet<F>
  /** The entity was called this before: a migration renames its table. */
  readonly was?: string
  /** The name of its table or collection; by default the entity's name in snake_case. */
  readonly table?: string
  /** One sentence for people. */
  readonly description?: string
}

/** What a class made by `Entity()` is, to the compiler. */
export interface EntityClass<N extends string, F> extends StandardEntity<F> {
  new (): Row<F>
  readonly prototype: Row<F>
  readonly entityName: N
  readonly fields: F
  readonly options: EntityOptions<F>
}

/**
 * The base class of an entity: `class User extends Entity('User', { id: id(), email: string().unique() }) {}`.
 * @throws {EntityError} `INVALID_DEFINITION` when a name cannot be one in every store and API
 */
export function Entity<const N extends string, F extends {}>(
  name: N,
  fields: F,
  options: EntityOptions<F> = {},
): EntityClass<N, F> {
  checkEntityName(name)
  for (const key of Object.keys(fields)) checkFieldName(name, key)
  const Base = class {}
  Object.defineProperties(Base, {
    entityName: { value: name, enumerable: true },
    fields: { value: fields, enumerable: true },
    options: { value: options, enumerable: true },
    '~standard': {
      // `this` is the class that extends the base, the one that models know.
      get(this: EntityLike) {
        return standardOf(this)
      },
    },
  })
  // The class has no members of its own; what a row has is known to the compiler by F alone.
  return Base as unknown as EntityClass<N, F>
}

/**
 * Makes a row of an entity from checked values, so that its methods and private members are there. The class is made with
 * `new` and no arguments. Secret fields are on the row but not enumerable: they can be read by name, and are left out where
 * a row is spread, listed, logged or made JSON.
 */
export function instantiate<T extends EntityLike>(
  entity: T,
  values: Readonly<Record<string, unknown>>,
): Instance<T> {
  // A class made by Entity() can be made with `new`; EntityLike does not say so, to stay cheap for the compiler.
  const Class = entity as unknown as new () => Instance<T> & object
  const row = Object.assign(new Class(), values)
  for (const name of secretsOf(entity)) {
    if (Object.hasOwn(row, name)) Object.defineProperty(row, name, { enumerable: false })
  }
  return row
}

const secrets = new WeakMap<EntityLike, readonly string[]>()

/** The names of the secret fields. Rows are made after all classes, so relation getters may run by now. */
function secretsOf(entity: EntityLike): readonly string[] {
  const known = secrets.get(entity)
  if (known) return known
  const parts = Object.entries(entity.fields)
  const names = parts.flatMap(([name, part]) =>
    isField(part) && part.definition.secret ? name : [],
  )
  secrets.set(entity, names)
  return names
}
