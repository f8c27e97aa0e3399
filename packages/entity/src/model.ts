/**
 * A model: all entities of an application, with every relation resolved and every name checked. `defineModel` is where
 * relation getters run, so all classes exist by then.
 */
import type { Condition } from './condition.ts'
import type { EntityOptions } from './entity.ts'
import { EntityError } from './errors.ts'
import { type FieldDefinition, isField, settle } from './field.ts'
import { checkColumns, checkKeys, checkNames, checkOptions, checkTables } from './model-checks.ts'
import { parseRule } from './parse-condition.ts'
import { type EntityLike, isRelation, type RelationDefinition } from './relation.ts'
import { type Action, actions } from './rules.ts'

/** An entity of a model, resolved. */
export interface EntityMeta {
  readonly name: string
  readonly table: string
  readonly entity: EntityLike
  readonly options: EntityOptions<Record<string, unknown>>
  /** Names of the fields or belongsTo relations that make the primary key, in order. */
  readonly key: readonly string[]
  readonly fields: ReadonlyMap<string, FieldMeta>
  readonly relations: ReadonlyMap<string, RelationMeta>
  /** The rules of each action as conditions over the row; absent where everyone may. */
  readonly rules: Readonly<Partial<Record<Action, Condition>>>
}

export interface FieldMeta {
  readonly kind: 'field'
  readonly name: string
  readonly definition: FieldDefinition
}

export interface RelationMeta {
  readonly kind: RelationDefinition['kind']
  readonly name: string
  readonly definition: RelationDefinition
  readonly target: EntityMeta
  /** The belongsTo on the target that this is the other side of; absent on a belongsTo. */
  readonly inverse?: RelationMeta
}

export type Entities = Readonly<Record<string, EntityLike>>

export interface Model<M extends Entities = Entities> {
  readonly entities: M
  /** Every entity in the order given. */
  readonly metas: readonly EntityMeta[]
  /** @throws {EntityError} `INVALID_MODEL` when the class or name is not part of this model */
  meta(entity: EntityLike | string): EntityMeta
}

/**
 * `const model = defineModel({ User, Post })`
 * @throws {EntityError} `INVALID_MODEL` that lists everything that is wrong, each with its path
 */
export function defineModel<M extends Entities>(entities: M): Model<M> {
  const problems: string[] = []
  const byName = new Map<string, Draft>()
  for (const [alias, entity] of Object.entries(entities)) {
    if (typeof entity?.entityName !== 'string') {
      problems.push(`${alias}: is not a class that extends Entity(…)`)
    } else if (alias !== entity.entityName) {
      problems.push(`${alias}: is the entity ${entity.entityName}; give it under its own name`)
    } else {
      byName.set(alias, draft(entity, problems))
    }
  }
  for (const meta of byName.values()) resolveRelations(meta, byName, problems)
  checkNames(byName, problems)
  checkTables(byName, problems)
  for (const meta of byName.values()) checkOptions(meta, problems)
  if (problems.length === 0) checkKeys(byName, problems)
  if (problems.length === 0) checkColumns(byName, problems)
  if (problems.length === 0) for (const meta of byName.values()) compileRules(meta, problems)
  if (problems.length > 0) throw new EntityError('INVALID_MODEL', problems.join('\n'))

  const metas = [...byName.values()]
  return {
    entities,
    metas,
    meta(entity) {
      const name = typeof entity === 'string' ? entity : entity.entityName
      const meta = byName.get(name)
      if (meta && (typeof entity === 'string' || entity === meta.entity)) return meta
      throw new EntityError('INVALID_MODEL', notInModel(name))
    },
  }
}

/** What lies in the row itself: fields, then belongsTo relations. */
export function storedParts(meta: EntityMeta): (FieldMeta | RelationMeta)[] {
  const parts = [...meta.fields.values(), ...meta.relations.values()]
  return parts.filter(({ kind }) => kind === 'field' || kind === 'belongsTo')
}

/** The names of these. */
export function storedNames(meta: EntityMeta): string[] {
  return storedParts(meta).map(({ name }) => name)
}

interface Draft extends EntityMeta {
  readonly parts: ReadonlyMap<string, RelationDefinition>
  readonly relations: Map<string, RelationMeta>
  readonly rules: Partial<Record<Action, Condition>>
}

/** Reads the class once: each relation getter runs here and nowhere else. */
function draft(entity: EntityLike, problems: string[]): Draft {
  const name = entity.entityName
  // Every class made by Entity() has options; EntityLike leaves them out for the compiler's sake.
  const { options } = entity as EntityLike & { options: EntityOptions<Record<string, unknown>> }
  const fields = new Map<string, FieldMeta>()
  const parts = new Map<string, RelationDefinition>()
  for (const key of Object.keys(entity.fields)) {
    const path = `${name}.${key}`
    try {
      const value = (entity.fields as Readonly<Record<string, unknown>>)[key]
      if (isField(value)) {
        fields.set(key, { kind: 'field', name: key, definition: settle(path, value.definition) })
      } else if (isRelation(value)) parts.set(key, value.definition)
      else problems.push(`${path}: is neither a field nor a relation`)
    } catch (error) {
      const { message } = error as Error
      problems.push(error instanceof EntityError ? message : `${path}: ${message}`)
    }
  }
  return {
    name,
    table: options.table ?? snakeCase(name),
    entity,
    options,
    key: options.key ?? [...fields.values()].filter(isId).map((field) => field.name),
    fields,
    parts,
    relations: new Map(),
    rules: {},
  }
}

function isId({ definition }: FieldMeta): boolean {
  return definition.type === 'uuid' && !!definition.readonly && !!definition.hasDefault
}

function resolveRelations(
  meta: Draft,
  byName: ReadonlyMap<string, Draft>,
  problems: string[],
): void {
  for (const [name, definition] of meta.parts) {
    const target = byName.get(definition.target?.entityName)
    const problem =
      target?.entity === definition.target && target
        ? linkProblem(meta, definition, target)
        : notInModel(definition.target?.entityName ?? 'its target')
    if (problem) problems.push(`${meta.name}.${name}: ${problem}`)
    else if (target) meta.relations.set(name, relationMeta(name, definition, target))
  }
}

function notInModel(name: string): string {
  return `${name} is not in this model; add it to defineModel({ … })`
}

function linkProblem(
  meta: Draft,
  { kind, inverse, onDelete, nullable }: RelationDefinition,
  target: Draft,
): string | undefined {
  if (kind === 'belongsTo') {
    return onDelete === 'setNull' && !nullable ? "onDelete('setNull') needs nullable()" : undefined
  }
  const link = inverse === undefined ? undefined : target.parts.get(inverse)
  if (link?.kind !== 'belongsTo' || link.target !== meta.entity) {
    return `${target.name}.${inverse} is not a belongsTo(${meta.name})`
  }
  const single = link.unique || target.key.join() === inverse
  return kind === 'hasOne' && !single
    ? `hasOne needs ${target.name}.${inverse} to be unique()`
    : undefined
}

/** The other side is looked up when asked for, since it may not be resolved yet. */
function relationMeta(name: string, definition: RelationDefinition, target: Draft): RelationMeta {
  const { kind, inverse } = definition
  const meta = { kind, name, definition, target }
  return inverse === undefined
    ? meta
    : Object.defineProperty(meta, 'inverse', { get: () => target.relations.get(inverse) })
}

function compileRules(meta: Draft, problems: string[]): void {
  for (const action of actions) {
    const rule = meta.options.allow?.[action]
    if (rule === undefined) continue
    try {
      meta.rules[action] = parseRule(meta, rule)
    } catch (error) {
      problems.push(`${meta.name}: allow.${action}: ${(error as Error).message}`)
    }
  }
}

/** `OrderItem` → `order_item`, `firstName` → `first_name`. */
export function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
}

const metas = new WeakMap<EntityLike, EntityMeta>()

/**
 * The entity resolved together with everything that its relations reach; for what needs no model of the whole application.
 * @throws {EntityError} `INVALID_MODEL` when something of these is wrong
 */
export function metaOf(entity: EntityLike): EntityMeta {
  const known = metas.get(entity)
  if (known) return known
  const reached = new Map<string, EntityLike>()
  const open = [entity]
  for (let next = open.pop(); next; next = open.pop()) {
    if (reached.has(next.entityName)) continue
    reached.set(next.entityName, next)
    for (const part of Object.values(next.fields))
      if (isRelation(part)) open.push(part.definition.target)
  }
  const meta = defineModel(Object.fromEntries(reached)).meta(entity)
  metas.set(entity, meta)
  return meta
}
