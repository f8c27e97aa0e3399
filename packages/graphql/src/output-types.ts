/** Object types of views and shapes, and the types of Relay's pages. Each field carries its plan in `extensions.typestead`. */
import type { ChangeEvent } from '@typestead/store'
import {
  GraphQLBoolean,
  GraphQLEnumType,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigArgumentMap,
  type GraphQLFieldConfigMap,
  GraphQLInt,
  GraphQLInterfaceType,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  GraphQLString,
  GraphQLUnionType,
} from 'graphql'
import { argumentsOf } from './argument-types.ts'
import { type FilterTypes, orderOf } from './filter-types.ts'
import { sizeOf } from './list-size.ts'
import type { RequestState } from './request-state.ts'
import { DateTime } from './scalars.ts'
import { outputColumn, type TypeRegistry } from './type-registry.ts'
import type { Choice, InterfaceOfViews, Shape, UnionOfViews } from './view.ts'
import type { FieldPlan, RelationPlan, ViewPlan } from './view-plan.ts'
import { whereOf } from './where-argument.ts'

type Row = Readonly<Record<string, unknown>>
type ChangeSource = Pick<ChangeEvent, 'op' | 'cursor' | 'at' | 'row'>
type OutputField = GraphQLFieldConfig<Row, RequestState>

export class OutputTypes {
  readonly #registry: TypeRegistry
  readonly #filters: FilterTypes
  readonly #views: ReadonlyMap<string, ViewPlan>
  readonly #interfaces = new Map<string, readonly GraphQLInterfaceType[]>()

  constructor(registry: TypeRegistry, filters: FilterTypes, views: ReadonlyMap<string, ViewPlan>) {
    this.#registry = registry
    this.#filters = filters
    this.#views = views
  }

  view(view: ViewPlan): GraphQLObjectType {
    return this.#registry.once(view.name, `the view ${view.name}`, () => {
      return new GraphQLObjectType<Row, RequestState>({
        name: view.name,
        description: view.description ?? null,
        fields: () => this.#fields(view),
        interfaces: () => this.#interfaces.get(view.name) ?? [],
      })
    })
  }

  union(name: string, { views, description }: UnionOfViews): GraphQLUnionType {
    return this.#registry.once(name, `the union ${name}`, () => {
      return new GraphQLUnionType({
        name,
        description: description ?? null,
        types: () => this.#members(name, views).map((view) => this.view(view)),
        resolveType: (row) => this.#nameOf(row, views),
      })
    })
  }

  interface(name: string, declared: InterfaceOfViews): GraphQLInterfaceType {
    const type = this.#registry.once(name, `the interface ${name}`, () => {
      return new GraphQLInterfaceType({
        name,
        description: declared.description ?? null,
        fields: () =>
          Object.fromEntries(
            Object.entries(declared.fields).map(([field, text]) => [
              field,
              { type: this.#registry.output(text, `${name}.${field}`) },
            ]),
          ),
        resolveType: (row) => this.#nameOf(row, declared.views),
      })
    })
    for (const { name: view } of this.#members(name, declared.views)) {
      this.#interfaces.set(view, [...(this.#interfaces.get(view) ?? []), type])
    }
    return type
  }

  #members(name: string, views: readonly string[]): ViewPlan[] {
    const found = views.flatMap((view) => this.#views.get(view) ?? [])
    const missing = views.filter((view) => !this.#views.has(view))
    if (missing.length > 0) {
      this.#registry.problems.push(`${name}: ${missing.join(', ')} is no view`)
    }
    if (new Set(found.map(({ meta }) => meta)).size < found.length) {
      this.#registry.problems.push(`${name}: two of its views show one entity`)
    }
    return found
  }

  /** Rows are of their entity's class; each entity has one view among them. */
  #nameOf(row: unknown, views: readonly string[]): string | undefined {
    return views.find((name) => {
      const entity = this.#views.get(name)?.meta.entity as unknown as
        | (abstract new () => object)
        | undefined
      return entity !== undefined && row instanceof entity
    })
  }

  /** A list of the view as it says: `[Post!]!`, or `[Post]` where it is nullable. */
  listOf(view: ViewPlan, nullable: boolean): GraphQLOutputType {
    const type = this.view(view)
    return nullable
      ? new GraphQLList(type)
      : new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(type)))
  }

  shape(name: string, declared: Shape): GraphQLObjectType {
    return this.#registry.once(name, `the shape ${name}`, () => {
      return new GraphQLObjectType({
        name,
        description: declared.description ?? null,
        fields: () =>
          Object.fromEntries(
            Object.entries(declared.fields).map(([field, text]) => [
              field,
              { type: this.#registry.output(text, `${name}.${field}`) },
            ]),
          ),
      })
    })
  }

  choice(name: string, { values }: Choice): GraphQLEnumType {
    return this.#registry.once(name, `the choice ${name}`, () => {
      return new GraphQLEnumType({
        name,
        values: Object.fromEntries(values.map((value) => [value, { value }])),
      })
    })
  }

  /** Source: `{ page, count }`, a page of the store and a function that counts all of its list. */
  connection(view: ViewPlan): GraphQLObjectType {
    const name = `${view.name}Connection`
    return this.#registry.once(name, `pages of ${view.name}`, () => {
      const node = new GraphQLNonNull(this.view(view))
      const edge = this.#registry.once(`${view.name}Edge`, `an edge of ${view.name}`, () => {
        const cursor = { type: new GraphQLNonNull(GraphQLString) }
        return new GraphQLObjectType({
          name: `${view.name}Edge`,
          fields: { cursor, node: { type: node } },
        })
      })
      const many = (type: GraphQLOutputType) => new GraphQLNonNull(new GraphQLList(type))
      return new GraphQLObjectType({
        name,
        fields: {
          edges: { type: many(new GraphQLNonNull(edge)) },
          nodes: { type: many(node) },
          pageInfo: { type: new GraphQLNonNull(this.#pageInfo()) },
          totalCount: {
            type: new GraphQLNonNull(GraphQLInt),
            description: 'How many rows the whole list has; a query of its own.',
          },
        },
      })
    })
  }

  /** The arguments of a list: where, orderBy and first. */
  listArguments(view: ViewPlan): GraphQLFieldConfigArgumentMap {
    const order = this.#filters.orderBy(view)
    return {
      where: { type: this.#filters.filter(view) },
      ...(order === undefined
        ? {}
        : { orderBy: { type: new GraphQLList(new GraphQLNonNull(order)) } }),
      first: { type: GraphQLInt },
    }
  }

  /** Events of a view's rows. Source: an event of the store's feed with the view's row. */
  change(view: ViewPlan): { readonly type: GraphQLObjectType; readonly ops: GraphQLEnumType } {
    const ops = this.#registry.once('ChangeOp', 'what was done to a row', () => {
      return new GraphQLEnumType({
        name: 'ChangeOp',
        values: {
          CREATED: { value: 'create' },
          UPDATED: { value: 'update' },
          DELETED: { value: 'delete' },
        },
      })
    })
    const name = `${view.name}Change`
    const type = this.#registry.once(name, `changes of ${view.name}`, () => {
      return new GraphQLObjectType<ChangeSource, RequestState>({
        name,
        fields: {
          op: { type: new GraphQLNonNull(ops), resolve: ({ op }) => op },
          cursor: {
            type: new GraphQLNonNull(GraphQLString),
            description: 'Given as `after`, the subscription goes on behind this event.',
            resolve: ({ cursor }) => cursor,
          },
          at: { type: new GraphQLNonNull(DateTime), resolve: ({ at }) => at },
          node: {
            type: new GraphQLNonNull(this.view(view)),
            description: 'The row after the write; of a deletion, before it.',
            resolve: ({ row }) => row,
          },
        },
      })
    })
    return { type, ops }
  }

  #pageInfo(): GraphQLObjectType {
    return this.#registry.once('PageInfo', 'the place of a page in its list', () => {
      const flag = { type: new GraphQLNonNull(GraphQLBoolean) }
      const cursor = { type: GraphQLString }
      return new GraphQLObjectType({
        name: 'PageInfo',
        fields: {
          hasNextPage: flag,
          hasPreviousPage: flag,
          startCursor: cursor,
          endCursor: cursor,
        },
      })
    })
  }

  #fields(view: ViewPlan): GraphQLFieldConfigMap<Row, RequestState> {
    return Object.fromEntries(
      [...view.fields].map(([name, plan]) => [
        name,
        {
          ...this.#field(view, name, plan),
          description: plan.description ?? null,
          deprecationReason: plan.deprecated ?? null,
          extensions: { typestead: plan },
        },
      ]),
    )
  }

  #field(view: ViewPlan, name: string, plan: FieldPlan): OutputField {
    const path = `${view.name}.${name}`
    switch (plan.kind) {
      case 'column': {
        const type = outputColumn(this.#registry, [view.meta.name, plan.name], plan.definition)
        return { type: required(type, plan.nullable), resolve: (row) => row[plan.name] }
      }
      case 'relation':
        return this.#relation(view, plan)
      case 'computed': {
        const { type, value } = plan.computed
        return {
          type: this.#registry.output(type, path),
          resolve: (row) => value(row as never),
        }
      }
      case 'resolved': {
        const { type, resolve } = plan.resolved
        return {
          type: this.#registry.output(type, path),
          args: argumentsOf(this.#registry, plan.resolved.arguments, path),
          resolve: (row, args, { context }) =>
            resolve(row as never, args as never, context as never),
        }
      }
    }
  }

  #relation(view: ViewPlan, plan: RelationPlan): OutputField {
    const { relation } = plan
    const target = this.#views.get(plan.view)
    if (!target) throw new TypeError(`there is no view ${plan.view}`)
    const many = relation.kind === 'hasMany'
    const type = many
      ? this.listOf(target, plan.nullable)
      : required(this.view(target), plan.nullable)
    return {
      type,
      ...(plan.arguments ? { args: this.listArguments(target) } : {}),
      resolve: (row, args, { batches, limits }) => {
        if (!plan.arguments) return batches.load(view.meta, relation, undefined, row)
        const order = orderOf(target, args.orderBy)
        const where = whereOf(this.#filters, target, args.where)
        const first = sizeOf(args.first, undefined, limits.first)
        const selection = {
          ...(where === undefined ? {} : { where }),
          ...(order.length === 0 ? {} : { orderBy: order }),
          ...(first === undefined ? {} : { first }),
        }
        return batches.load(view.meta, relation, selection, row)
      },
    }
  }
}

function required<T extends GraphQLOutputType>(type: T, nullable: boolean): GraphQLOutputType {
  // Every type that comes here may be null by itself.
  return nullable ? type : new GraphQLNonNull(type as never)
}
