/**
 * Filters and orders of a view: a condition for each column that it shows, filters over the views that its relations lead
 * to, joined by and, or and not. What a view does not show cannot be asked about.
 */
import type { FieldDefinition } from '@typestead/entity'
import {
  GraphQLBoolean,
  GraphQLEnumType,
  type GraphQLInputFieldConfigMap,
  GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLString,
  getNamedType,
} from 'graphql'
import { ApiError } from './api-error.ts'
import { type ColumnPath, inputColumn, type TypeRegistry } from './type-registry.ts'
import type { ViewPlan } from './view-plan.ts'

/** Types without an order, or that no filter looks into. */
const unordered = new Set(['json', 'object', 'list', 'bytes'])

export class FilterTypes {
  readonly #registry: TypeRegistry
  readonly #views: ReadonlyMap<string, ViewPlan>

  constructor(registry: TypeRegistry, views: ReadonlyMap<string, ViewPlan>) {
    this.#registry = registry
    this.#views = views
  }

  filter(view: ViewPlan): GraphQLInputObjectType {
    const name = `${view.name}Filter`
    return this.#registry.once(name, `the filter of ${view.name}`, () => {
      return new GraphQLInputObjectType({ name, fields: () => this.#filterFields(view) })
    })
  }

  /** `undefined` for a view without a column that has an order. */
  orderBy(view: ViewPlan): GraphQLInputObjectType | undefined {
    const columns = [...view.fields].flatMap(([name, plan]) =>
      plan.kind === 'column' && !unordered.has(plan.definition.type)
        ? [[name, plan.deprecated ?? null] as const]
        : [],
    )
    if (columns.length === 0) return undefined
    const name = `${view.name}OrderBy`
    const direction = this.#registry.once('OrderDirection', 'the directions of orders', () => {
      return new GraphQLEnumType({
        name: 'OrderDirection',
        values: { ASC: { value: 'asc' }, DESC: { value: 'desc' } },
      })
    })
    return this.#registry.once(name, `the order of ${view.name}`, () => {
      return new GraphQLInputObjectType({
        name,
        description: 'One field with its direction; several in a list, the first counts most.',
        fields: Object.fromEntries(
          columns.map(([column, deprecationReason]) => [
            column,
            { type: direction, deprecationReason },
          ]),
        ),
      })
    })
  }

  /** The filter by the entity's names. */
  where(view: ViewPlan, given: unknown): unknown {
    if (given === null || given === undefined) return undefined
    const where: Record<string, unknown> = {}
    const also: Record<string, unknown>[] = []
    // A field may be named by its earlier name too, or by two views' names; then both conditions hold.
    const set = (name: string, value: unknown) => {
      if (Object.hasOwn(where, name)) also.push({ [name]: value })
      else where[name] = value
    }
    for (const [name, value] of Object.entries(given as object)) {
      const plan = view.fields.get(name)
      if (plan?.kind === 'column') set(plan.name, value)
      else if (plan?.kind === 'relation') {
        set(plan.relation.name, this.#related(plan.relation.kind, plan.view, value))
      } else if (name === 'not') where.not = this.where(view, value)
      else where[name] = listOf(value, [name]).map((one) => this.where(view, one))
    }
    return also.length === 0 ? where : { and: [where, ...also] }
  }

  #related(kind: string, target: string, value: unknown): unknown {
    const view = this.#view(target)
    if (value === null || kind !== 'hasMany') return value === null ? null : this.where(view, value)
    return Object.fromEntries(
      Object.entries(value as object).map(([quantifier, where]) => [
        quantifier,
        this.where(view, where) ?? {},
      ]),
    )
  }

  #view(name: string): ViewPlan {
    const view = this.#views.get(name)
    if (!view) throw new TypeError(`there is no view ${name}`)
    return view
  }

  #filterFields(view: ViewPlan): GraphQLInputFieldConfigMap {
    const type = this.filter(view)
    const fields: GraphQLInputFieldConfigMap = {}
    for (const [name, plan] of view.fields) {
      const deprecationReason = plan.deprecated ?? null
      if (plan.kind === 'column') {
        const condition = this.#condition([view.meta.name, plan.name], plan.definition)
        if (condition) fields[name] = { type: condition, deprecationReason }
      } else if (plan.kind === 'relation') {
        const target = this.#view(plan.view)
        fields[name] = {
          type: plan.relation.kind === 'hasMany' ? this.#manyFilter(target) : this.filter(target),
          deprecationReason,
        }
      }
    }
    const some = new GraphQLList(new GraphQLNonNull(type))
    // A field of the same name wins; the filter then is written without that connective.
    return { and: { type: some }, or: { type: some }, not: { type }, ...fields }
  }

  #manyFilter(view: ViewPlan): GraphQLInputObjectType {
    const name = `${view.name}ListFilter`
    return this.#registry.once(name, `the filter of many ${view.name}`, () => {
      const type = this.filter(view)
      return new GraphQLInputObjectType({
        name,
        fields: { some: { type }, every: { type }, none: { type } },
      })
    })
  }

  #condition(path: ColumnPath, definition: FieldDefinition): GraphQLInputObjectType | undefined {
    if (definition.type === 'object') return this.#objectCondition(path, definition)
    if (definition.type === 'list') return this.#listCondition(path, definition)
    if (unordered.has(definition.type)) return undefined
    const type = inputColumn(this.#registry, path, definition)
    const name = `${getNamedType(type).name}Filter`
    return this.#registry.once(name, `conditions on ${getNamedType(type).name}`, () => {
      return new GraphQLInputObjectType({ name, fields: conditions(type, definition) })
    })
  }

  #objectCondition(
    path: ColumnPath,
    { fields = {} }: FieldDefinition,
  ): GraphQLInputObjectType | undefined {
    const parts = Object.entries(fields).flatMap(([key, part]) => {
      const type = this.#condition([...path, key], part)
      return type ? [[key, { type }] as const] : []
    })
    if (parts.length === 0) return undefined
    const name = `${path.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('')}Filter`
    return this.#registry.once(name, `conditions on ${path.join('.')}`, () => {
      return new GraphQLInputObjectType({ name, fields: Object.fromEntries(parts) })
    })
  }

  #listCondition(path: ColumnPath, { item }: FieldDefinition): GraphQLInputObjectType | undefined {
    if (!item || unordered.has(item.type)) return undefined
    const type = inputColumn(this.#registry, path, item)
    const name = `${getNamedType(type).name}ItemsFilter`
    return this.#registry.once(name, `conditions on lists of ${getNamedType(type).name}`, () => {
      return new GraphQLInputObjectType({ name, fields: { contains: { type } } })
    })
  }
}

/** The order by the entity's names; each entry names one field, since an object's fields have no order of their own. */
export function orderOf(view: ViewPlan, given: unknown): object[] {
  if (given === null || given === undefined) return []
  return listOf(given, ['orderBy']).map((entry, index) => {
    const terms = Object.entries(entry as object).filter(([, direction]) => direction !== null)
    const [term] = terms
    const plan = term && view.fields.get(term[0])
    if (!term || terms.length !== 1 || plan?.kind !== 'column') {
      const message = 'must name one field; give further ones as entries of their own'
      throw new ApiError('BAD_INPUT', `orderBy.${index}: ${message}`, {
        fields: [{ path: ['orderBy', index], message }],
      })
    }
    return { [plan.name]: term[1] }
  })
}

function conditions(
  type: GraphQLInputType,
  { type: kind }: FieldDefinition,
): GraphQLInputFieldConfigMap {
  const several = { type: new GraphQLList(type) }
  const one = { type }
  const text = { type: GraphQLString }
  return {
    eq: one,
    ne: one,
    in: several,
    notIn: several,
    ...(kind === 'boolean' ? {} : { lt: one, lte: one, gt: one, gte: one }),
    ...(kind === 'text'
      ? { contains: text, startsWith: text, endsWith: text, ignoreCase: { type: GraphQLBoolean } }
      : {}),
  }
}

function listOf(value: unknown, path: readonly string[]): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw new ApiError('BAD_INPUT', `${path.join('.')}: must be a list`, {
    fields: [{ path, message: 'must be a list' }],
  })
}
