/**
 * Views resolved against the model: each field is known to be a column, a relation to another view, a computation over
 * columns, or a function. This is what schemas are made of and what plans compile.
 */
import {
  type EntityLike,
  type EntityMeta,
  type FieldDefinition,
  metaOf,
  type RelationMeta,
} from '@typestead/entity'
import { DeclarationError } from './api-error.ts'
import type { Computed, Resolved, Shown, ShownOptions, View, ViewField } from './view.ts'

export interface ViewPlan {
  readonly name: string
  readonly meta: EntityMeta
  /** Output fields and items of lists may be null whatever the entity says. */
  readonly nullable: boolean
  readonly description: string | undefined
  /** By their names in the API. */
  readonly fields: ReadonlyMap<string, FieldPlan>
}

export type FieldPlan = ColumnPlan | RelationPlan | ComputedPlan | ResolvedPlan

interface Presented {
  readonly description: string | undefined
  readonly deprecated: string | undefined
}

export interface ColumnPlan extends Presented {
  readonly kind: 'column'
  readonly name: string
  readonly definition: FieldDefinition
  readonly nullable: boolean
}

export interface RelationPlan extends Presented {
  readonly kind: 'relation'
  readonly relation: RelationMeta
  /** The name of the view that it leads to. */
  readonly view: string
  readonly arguments: boolean
  readonly nullable: boolean
}

export interface ComputedPlan extends Presented {
  readonly kind: 'computed'
  readonly computed: Computed
}

export interface ResolvedPlan extends Presented {
  readonly kind: 'resolved'
  readonly resolved: Resolved
}

/** @throws {DeclarationError} naming every field that leads nowhere */
export function planViews(views: ReadonlyMap<string, View>): ReadonlyMap<string, ViewPlan> {
  const problems: string[] = []
  const byEntity = new Map<EntityLike, string[]>()
  for (const [name, { entity }] of views) {
    byEntity.set(entity, [...(byEntity.get(entity) ?? []), name])
  }
  const plans = new Map<string, ViewPlan>()
  for (const [name, view] of views) {
    plans.set(name, planView({ name, view, views, byEntity, problems }))
  }
  if (problems.length > 0) throw new DeclarationError(problems)
  return plans
}

/** The view of an entity that is meant where none is named: its only one, or the one that has its name. */
export function defaultView(
  entity: EntityLike,
  views: ReadonlyMap<string, { readonly entity: EntityLike }>,
): string | undefined {
  const names = [...views].filter(([, view]) => view.entity === entity).map(([name]) => name)
  return names.length === 1 ? names[0] : names.find((name) => name === entity.entityName)
}

interface Planning {
  readonly name: string
  readonly view: View
  readonly views: ReadonlyMap<string, View>
  readonly byEntity: ReadonlyMap<EntityLike, readonly string[]>
  readonly problems: string[]
}

function planView(planning: Planning): ViewPlan {
  const { name, view, problems } = planning
  const { options } = view
  const meta = metaOf(view.entity)
  const fields = new Map<string, FieldPlan>()
  if (options.fields === undefined) {
    for (const [field, plan] of defaultFields(planning, meta)) fields.set(field, plan)
  } else if (options.omit !== undefined) {
    problems.push(`${name}: omit is for the default fields; leave the field out of fields instead`)
  }
  for (const [field, declared] of Object.entries({ ...options.fields, ...options.add })) {
    if (!/^[_A-Za-z][_0-9A-Za-z]*$/.test(field) || field.startsWith('__')) {
      problems.push(
        `${name}.${field}: a field's name is letters, digits and _, not starting with __`,
      )
    }
    const plan = planField(planning, meta, field, declared as ViewField<EntityLike>)
    if (plan) fields.set(field, plan)
  }
  if (fields.size === 0) problems.push(`${name}: shows no field`)
  return {
    name,
    meta,
    nullable: options.nullable ?? false,
    description: options.description ?? meta.options.description,
    fields,
  }
}

/** Fields in the entity's order, then relations to shown entities, then earlier names. */
function* defaultFields(planning: Planning, meta: EntityMeta): Generator<[string, FieldPlan]> {
  const omit = new Set<string>(planning.view.options.omit ?? [])
  const earlier: [string, FieldPlan][] = []
  for (const { name, definition } of meta.fields.values()) {
    if (definition.secret || omit.has(name)) continue
    const plan = columnPlan(planning, name, definition, {})
    yield [name, plan]
    for (const was of definition.was ?? []) earlier.push([was, renamed(plan, name)])
  }
  for (const relation of meta.relations.values()) {
    const target = planning.byEntity.get(relation.target.entity)
    if (omit.has(relation.name) || !target) continue
    if (target.length > 1 && !target.includes(relation.target.name)) continue
    const plan = relationPlan(planning, relation, { arguments: relation.kind === 'hasMany' })
    if (!plan) continue
    yield [relation.name, plan]
    for (const was of relation.definition.was ?? []) {
      earlier.push([was, renamed(plan, relation.name)])
    }
  }
  yield* earlier
}

function renamed<P extends FieldPlan>(plan: P, name: string): P {
  return { ...plan, deprecated: `Renamed to ${name}.` }
}

function planField(
  planning: Planning,
  meta: EntityMeta,
  field: string,
  declared: ViewField<EntityLike>,
): FieldPlan | undefined {
  if (declared === true) return planNamed(planning, meta, field, field, {})
  if (typeof declared === 'string') return planNamed(planning, meta, field, declared, {})
  const { description, deprecated } = declared.options
  switch (declared.kind) {
    case 'shown':
      return planNamed(planning, meta, field, (declared as Shown).name, declared.options)
    case 'computed':
      checkNeeds(planning, meta, field, declared.needs)
      return { kind: 'computed', computed: declared as Computed, description, deprecated }
    case 'resolved':
      checkNeeds(planning, meta, field, declared.needs ?? [])
      return { kind: 'resolved', resolved: declared as Resolved, description, deprecated }
  }
}

function planNamed(
  planning: Planning,
  meta: EntityMeta,
  field: string,
  name: string,
  options: ShownOptions,
): FieldPlan | undefined {
  const path = `${planning.name}.${field}`
  const column = meta.fields.get(name)
  if (column?.definition.secret) {
    planning.problems.push(`${path}: ${meta.name}.${name} is secret, so no view can show it`)
    return undefined
  }
  if (column) return columnPlan(planning, name, column.definition, options)
  const relation = meta.relations.get(name)
  if (relation) return relationPlan(planning, relation, options, path)
  planning.problems.push(`${path}: ${meta.name} has no field or relation "${name}"`)
  return undefined
}

function columnPlan(
  { view }: Planning,
  name: string,
  definition: FieldDefinition,
  options: ShownOptions,
): ColumnPlan {
  return {
    kind: 'column',
    name,
    definition,
    nullable: (options.nullable ?? view.options.nullable ?? false) || definition.nullable === true,
    description: options.description ?? definition.description,
    deprecated: options.deprecated,
  }
}

function relationPlan(
  planning: Planning,
  relation: RelationMeta,
  options: ShownOptions,
  path = `${planning.name}.${relation.name}`,
): RelationPlan | undefined {
  const { views, byEntity, problems } = planning
  const target = relation.target.entity
  const names = byEntity.get(target) ?? []
  const view = options.as ?? defaultView(target, views)
  if (view === undefined) {
    problems.push(
      names.length === 0
        ? `${path}: no view shows ${relation.target.name}; add one to types`
        : `${path}: ${names.join(' and ')} show ${relation.target.name}; say which with show('${relation.name}', { as: '${names[0]}' })`,
    )
    return undefined
  }
  if (!names.includes(view)) {
    problems.push(`${path}: ${view} is no view of ${relation.target.name}`)
    return undefined
  }
  if (options.arguments && relation.kind !== 'hasMany') {
    problems.push(`${path}: arguments are for relations to many rows`)
  }
  return {
    kind: 'relation',
    relation,
    view,
    arguments: options.arguments ?? false,
    nullable: (options.nullable ?? planning.view.options.nullable ?? false) || mayBeNull(relation),
    description: options.description ?? relation.definition.description,
    deprecated: options.deprecated,
  }
}

/** A link also leads nowhere when a rule, a tenant or a soft deletion hides the row that it leads to. */
function mayBeNull({ kind, definition, target }: RelationMeta): boolean {
  if (kind === 'hasMany') return false
  if (kind === 'hasOne' || definition.nullable) return true
  const { softDelete, tenant } = target.options
  const { read } = target.rules
  return (
    softDelete !== undefined || tenant !== undefined || (read !== undefined && read.op !== 'always')
  )
}

function checkNeeds(
  { name, problems }: Planning,
  meta: EntityMeta,
  field: string,
  needs: readonly string[],
): void {
  for (const need of needs) {
    const known = meta.fields.has(need) || meta.relations.get(need)?.kind === 'belongsTo'
    if (!known)
      problems.push(`${name}.${field}: needs "${need}", which ${meta.name} does not store`)
  }
}
