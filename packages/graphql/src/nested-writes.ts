/**
 * Rows of relations written with the row that they belong to, in one transaction: `books: { create: [...], connect: [ids] }`.
 * What a row belongs to is written before it, what belongs to it after.
 */
import { type EntityMeta, type RelationMeta, ValidationError } from '@typestead/entity'
import type { Database } from '@typestead/store'
import { keyOf } from '@typestead/store/sql'
import { GraphQLInputObjectType, GraphQLList, GraphQLNonNull } from 'graphql'
import { ApiError } from './api-error.ts'
import {
  asArguments,
  type InputField,
  inputFields,
  keyArguments,
  storedValues,
} from './input-fields.ts'
import type { TypeRegistry } from './type-registry.ts'

export interface NestedInput {
  readonly name: string
  readonly relation: RelationMeta
  /** What a row made here is given. */
  readonly fields: readonly InputField[]
  readonly type: GraphQLInputObjectType
}

type Given = Readonly<Record<string, unknown>>

/** The input of one relation of a view; `undefined`, with a problem noted, where there is none. */
export function nestedInput(
  registry: TypeRegistry,
  path: string,
  meta: EntityMeta,
  name: string,
): NestedInput | undefined {
  const relation = meta.relations.get(name)
  if (!relation || relation.target.key.length > 1) {
    registry.problems.push(`${path}: ${meta.name}.${name} is no relation to rows with one key`)
    return undefined
  }
  const { target, inverse, kind } = relation
  const fields = inputFields(registry, {
    path: `${path}.${name}`,
    meta: target,
    action: 'create',
    fields: undefined,
    omit: kind === 'belongsTo' ? [] : [inverse?.name ?? ''],
    given: kind === 'belongsTo' ? [] : [inverse?.name ?? ''],
  })
  const base = `${meta.name}${name.charAt(0).toUpperCase()}${name.slice(1)}`
  const type = registry.once(`${base}Input`, `rows of ${meta.name}.${name}`, () => {
    const made = registry.once(`${base}CreateInput`, `a new row of ${meta.name}.${name}`, () => {
      return new GraphQLInputObjectType({ name: `${base}CreateInput`, fields: asArguments(fields) })
    })
    const [key] = keyArguments(registry, target, target.key)
    const many = kind === 'hasMany'
    const link = key?.type ?? new GraphQLNonNull(made)
    return new GraphQLInputObjectType({
      name: `${base}Input`,
      fields: {
        ...(fields.length === 0
          ? {}
          : { create: { type: many ? new GraphQLList(new GraphQLNonNull(made)) : made } }),
        connect: { type: many ? new GraphQLList(link) : nullable(link) },
      },
    })
  })
  return { name, relation, fields, type }
}

function nullable(type: InputField['type']): InputField['type'] {
  return type instanceof GraphQLNonNull ? type.ofType : type
}

/** Writes all of it or nothing; `write` gets the values with the links of what was made before the row. */
export async function writeNested<R>(
  db: Database,
  meta: EntityMeta,
  nested: readonly NestedInput[],
  given: Given,
  values: Given,
  write: (values: Record<string, unknown>, db: Database) => Promise<R>,
): Promise<R> {
  const asked = nested.filter(({ name }) => (given[name] ?? null) !== null)
  if (asked.length === 0) return write({ ...values }, db)
  if (!db.capabilities.transactions) {
    throw new ApiError(
      'UNSUPPORTED',
      'this store has no transactions, so rows are written one by one',
    )
  }
  return db.transaction(async (tx) => {
    const all: Record<string, unknown> = { ...values }
    for (const one of asked) {
      if (one.relation.kind === 'belongsTo')
        all[one.name] = await writeTarget(tx, one, given[one.name])
    }
    const row = await write(all, tx)
    if (row === null || row === undefined) return row
    const key = keyOf(meta, row as Given)
    for (const one of asked) {
      if (one.relation.kind !== 'belongsTo') await writeChildren(tx, one, given[one.name], key)
    }
    return row
  })
}

async function writeTarget(tx: Database, one: NestedInput, given: unknown): Promise<unknown> {
  const { create, connect } = given as Given
  if ((create ?? null) !== null && (connect ?? null) !== null) {
    throw refused([one.name], 'give create or connect, not both')
  }
  if ((create ?? null) === null) return connect ?? null
  const { target } = one.relation
  const values = storedValues(one.fields, create as Given)
  const row = await at([one.name, 'create'], one.fields, () =>
    tx.create(target.entity, values as never),
  )
  return keyOf(target, row as Given)
}

async function writeChildren(
  tx: Database,
  one: NestedInput,
  given: unknown,
  key: unknown,
): Promise<void> {
  const { target, inverse, kind } = one.relation
  const { create, connect } = given as Given
  const link = { [inverse?.name ?? '']: key }
  const list = (value: unknown): unknown[] =>
    value === null || value === undefined ? [] : Array.isArray(value) ? value : [value]
  for (const [index, made] of list(create).entries()) {
    const path = kind === 'hasMany' ? [one.name, 'create', index] : [one.name, 'create']
    await at(path, one.fields, () =>
      tx.create(target.entity, { ...storedValues(one.fields, made as Given), ...link } as never),
    )
  }
  for (const [index, id] of list(connect).entries()) {
    const path = kind === 'hasMany' ? [one.name, 'connect', index] : [one.name, 'connect']
    const row = await at(path, [], () => tx.update(target.entity, id as never, link as never))
    if (row === null) throw refused(path, `there is no such ${target.name}`)
  }
}

/** Problems of an inner row by their paths in the whole input. */
async function at<R>(
  path: readonly (string | number)[],
  fields: readonly InputField[],
  work: () => Promise<R>,
): Promise<R> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ValidationError)) throw error
    const issues = error.issues.map((issue) => {
      const [first, ...rest] = issue.path
      const name = fields.find((field) => field.stored === first)?.name ?? first
      return { ...issue, path: [...path, ...(name === undefined ? [] : [name]), ...rest] }
    })
    throw new ValidationError(issues)
  }
}

function refused(path: readonly (string | number)[], message: string): ValidationError {
  return new ValidationError([{ path: [...path], message }])
}
