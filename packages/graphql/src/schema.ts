/** The schema of an API out of its declarations; pure, without a store. */
import type { EntityLike } from '@typestead/entity'
import { metaOf } from '@typestead/entity'
import {
  DirectiveLocation,
  GraphQLDirective,
  type GraphQLFieldConfigMap,
  type GraphQLNamedType,
  GraphQLObjectType,
  GraphQLSchema,
  specifiedDirectives,
  validateSchema,
} from 'graphql'
import { DeclarationError } from './api-error.ts'
import { declaredInput } from './argument-types.ts'
import { deferDirective } from './deferred.ts'
import { exposedOperations } from './exposed.ts'
import { FilterTypes } from './filter-types.ts'
import type { Operation } from './operation.ts'
import { type OperationTypes, operationField } from './operation-fields.ts'
import { OutputTypes } from './output-types.ts'
import type { RequestState } from './request-state.ts'
import { TypeRegistry } from './type-registry.ts'
import type { ArgumentDefinitions } from './type-text.ts'
import {
  type Choice,
  type InterfaceOfViews,
  type Shape,
  type UnionOfViews,
  type View,
  view,
} from './view.ts'
import { planViews, type ViewPlan } from './view-plan.ts'

export interface Declarations {
  /** Types by name: views of entities, unions and interfaces over them, shapes and choices. */
  readonly types?: Readonly<Record<string, View | Shape | Choice | UnionOfViews | InterfaceOfViews>>
  /** Input types of the application's own operations. */
  readonly inputs?: Readonly<Record<string, ArgumentDefinitions>>
  readonly queries?: Readonly<Record<string, Operation>>
  readonly mutations?: Readonly<Record<string, Operation>>
  readonly subscriptions?: Readonly<Record<string, Operation>>
  /** Queries may be `@live`: over a stream they are answered again when their rows change. Default false. */
  readonly live?: boolean
  /** Queries may `@defer` parts of their answers, where graphql-js 17 is installed. Default false. */
  readonly defer?: boolean
  /** Entities that get their default operations: one, connection, create, update and delete. */
  readonly expose?: readonly EntityLike[]
  /** Plurals that are not regular, by the entity's name: `{ Person: 'people' }`. */
  readonly plurals?: Readonly<Record<string, string>>
}

/** @throws {DeclarationError} that lists everything that is wrong */
export function schemaOf(declarations: Declarations): GraphQLSchema {
  return planSchema(declarations).schema
}

/** A schema with what plans read beside it. */
export interface PlannedSchema {
  readonly schema: GraphQLSchema
  readonly views: ReadonlyMap<string, ViewPlan>
  readonly filters: FilterTypes
}

/** @throws {DeclarationError} that lists everything that is wrong */
export function planSchema(declarations: Declarations): PlannedSchema {
  const registry = new TypeRegistry()
  const { views, operations } = withExposed(declarations)
  const plans = planViews(views)
  const filters = new FilterTypes(registry, plans)
  const outputs = new OutputTypes(registry, filters, plans)
  // Every named type exists before any text that names it is read.
  const named: GraphQLNamedType[] = []
  for (const plan of plans.values()) named.push(outputs.view(plan))
  for (const [name, declared] of Object.entries(declarations.types ?? {})) {
    if (declared.kind === 'shape') named.push(outputs.shape(name, declared))
    if (declared.kind === 'choice') named.push(outputs.choice(name, declared))
    if (declared.kind === 'union') named.push(outputs.union(name, declared))
    if (declared.kind === 'interface') named.push(outputs.interface(name, declared))
  }
  for (const [name, fields] of Object.entries(declarations.inputs ?? {})) {
    named.push(declaredInput(registry, name, fields))
  }
  const types = { registry, outputs, filters, views, plans }
  const query = rootFields(types, 'Query', operations.queries)
  const mutation = rootFields(types, 'Mutation', operations.mutations)
  const subscription = rootFields(types, 'Subscription', declarations.subscriptions ?? {})
  if (Object.keys(query).length === 0) {
    registry.problems.push(
      'Query: an API needs at least one query; add queries or expose an entity',
    )
  }
  if (registry.problems.length > 0) throw new DeclarationError(registry.problems)
  const schema = new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: query }),
    mutation:
      Object.keys(mutation).length === 0
        ? null
        : new GraphQLObjectType({ name: 'Mutation', fields: mutation }),
    subscription:
      Object.keys(subscription).length === 0
        ? null
        : new GraphQLObjectType({ name: 'Subscription', fields: subscription }),
    types: named,
    directives: [
      ...specifiedDirectives,
      ...(declarations.live ? [liveDirective] : []),
      ...(declarations.defer && deferDirective ? [deferDirective] : []),
    ],
  })
  // Thunks of fields have run by now, so their problems are known too.
  const problems = [...registry.problems, ...validateSchema(schema).map((error) => error.message)]
  if (problems.length > 0) throw new DeclarationError([...new Set(problems)])
  return { schema, views: plans, filters }
}

const liveDirective = new GraphQLDirective({
  name: 'live',
  description: 'Over a stream, the query is answered again when its rows change.',
  locations: [DirectiveLocation.QUERY],
})

type Root = 'Query' | 'Mutation' | 'Subscription'

/** Where each kind of operation belongs; the others write. */
const roots: Readonly<Partial<Record<Operation['kind'], Root>>> = {
  one: 'Query',
  all: 'Query',
  list: 'Query',
  connection: 'Query',
  query: 'Query',
  changed: 'Subscription',
}

function rootFields(
  types: OperationTypes,
  root: Root,
  operations: Readonly<Record<string, Operation>>,
): GraphQLFieldConfigMap<unknown, RequestState> {
  const fields: GraphQLFieldConfigMap<unknown, RequestState> = {}
  for (const [name, operation] of Object.entries(operations)) {
    const path = `${root}.${name}`
    if ((roots[operation.kind] ?? 'Mutation') !== root) {
      types.registry.problems.push(`${path}: ${operation.kind} does not belong into ${root}`)
    }
    const field = operationField(types, path, operation)
    if (field) fields[name] = field
  }
  return fields
}

/** What is said by hand wins over the default operations. */
function withExposed(declarations: Declarations): {
  readonly views: ReadonlyMap<string, View>
  readonly operations: {
    readonly queries: Readonly<Record<string, Operation>>
    readonly mutations: Readonly<Record<string, Operation>>
  }
} {
  const views = new Map<string, View>()
  for (const [name, declared] of Object.entries(declarations.types ?? {})) {
    if (declared.kind === 'view') views.set(name, declared)
  }
  const exposed = declarations.expose ?? []
  for (const entity of exposed) {
    const shown = [...views.values()].some((one) => one.entity === entity)
    if (!shown) views.set(entity.entityName, view(entity))
  }
  let { queries = {}, mutations = {} } = declarations
  for (const entity of exposed) {
    const candidates = [...views].filter(([, one]) => one.entity === entity)
    const [, shown] =
      candidates.find(([name]) => name === entity.entityName) ?? (candidates[0] as [string, View])
    const plural = declarations.plurals?.[entity.entityName]
    const operations = exposedOperations(shown, metaOf(entity), plural)
    queries = { ...operations.queries, ...queries }
    mutations = { ...operations.mutations, ...mutations }
  }
  return { views, operations: { queries, mutations } }
}
