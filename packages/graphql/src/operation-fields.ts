/** The fields of Query and Mutation that operations make: their arguments, their types, and what answers them. */
import {
  type GraphQLFieldConfig,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLString,
} from 'graphql'
import { argumentsOf } from './argument-types.ts'
import type { FilterTypes } from './filter-types.ts'
import { asArguments, keyArguments } from './input-fields.ts'
import { isUnique } from './is-unique.ts'
import type { All, Changed, Connection, Custom, List, One, Operation, Target } from './operation.ts'
import type { OutputTypes } from './output-types.ts'
import { readConnection, readList, readOne } from './read-operations.ts'
import type { RequestState } from './request-state.ts'
import type { TypeRegistry } from './type-registry.ts'
import type { View } from './view.ts'
import { defaultView, type ViewPlan } from './view-plan.ts'
import {
  createField,
  removeField,
  removeManyField,
  updateField,
  updateManyField,
  upsertField,
} from './write-fields.ts'

export type OperationField = GraphQLFieldConfig<unknown, RequestState>

export interface OperationTypes {
  readonly registry: TypeRegistry
  readonly outputs: OutputTypes
  readonly filters: FilterTypes
  readonly views: ReadonlyMap<string, View>
  readonly plans: ReadonlyMap<string, ViewPlan>
}

/** How many rows a page has when neither the caller nor the declaration says. */
const pageSize = 20
const listSize = 100

/** `undefined` when the operation's view is not known; the registry then has the problem. */
export function operationField(
  types: OperationTypes,
  path: string,
  operation: Operation,
): OperationField | undefined {
  const field = build(types, path, operation)
  if (!field) return undefined
  const { description, deprecated } = operation.options
  return {
    ...field,
    description: description ?? null,
    deprecationReason: deprecated ?? null,
    extensions: { typestead: operation, ...field.extensions },
  }
}

function build(
  types: OperationTypes,
  path: string,
  operation: Operation,
): OperationField | undefined {
  if (!('target' in operation)) {
    return customField(types, path, operation)
  }
  const view = viewOf(types, path, operation.target)
  if (!view) return undefined
  switch (operation.kind) {
    case 'one':
      return oneField(types, path, operation, view)
    case 'all':
      return allField(types, operation, view)
    case 'list':
      return listField(types, operation, view)
    case 'connection':
      return connectionField(types, operation, view)
    case 'create':
      return createField(types, path, operation, view)
    case 'update':
      return updateField(types, path, operation, view)
    case 'upsert':
      return upsertField(types, path, operation, view)
    case 'updateMany':
      return updateManyField(types, path, view)
    case 'remove':
      return removeField(types, operation, view)
    case 'removeMany':
      return removeManyField(types, view)
    case 'changed':
      return changedField(types, operation, view)
  }
}

function viewOf(types: OperationTypes, path: string, target: Target): ViewPlan | undefined {
  const { registry, views, plans } = types
  if ('kind' in target) {
    for (const [name, view] of views) if (view === target) return plans.get(name)
    registry.problems.push(`${path}: its view is not in types`)
    return undefined
  }
  // A target without `kind` is an entity's class.
  const entity = target as Exclude<Target, View>
  const name = defaultView(entity, views)
  if (name !== undefined) return plans.get(name)
  registry.problems.push(`${path}: no single view shows ${entity.entityName}; name the view`)
  return undefined
}

function customField(types: OperationTypes, path: string, operation: Custom): OperationField {
  const { resolve } = operation
  return {
    type: types.registry.output(operation.type, path),
    args: argumentsOf(types.registry, operation.arguments, path),
    resolve: (_, args, { context }) => resolve(args as never, context as never),
  }
}

function oneField(
  { registry, outputs }: OperationTypes,
  path: string,
  { options }: One,
  view: ViewPlan,
): OperationField {
  const { by } = options
  const names = by === undefined ? view.meta.key : typeof by === 'string' ? [by] : by
  if (!isUnique(view.meta, names)) {
    registry.problems.push(
      `${path}: ${names.join(', ')} is not unique in ${view.meta.name}; use list`,
    )
  }
  const keys = keyArguments(registry, view.meta, names)
  return {
    type: outputs.view(view),
    args: asArguments(keys),
    resolve: (_, args, state) => readOne(view, names, options, args, state),
  }
}

function allField({ outputs }: OperationTypes, { options }: All, view: ViewPlan): OperationField {
  return {
    type: outputs.listOf(view, view.nullable),
    resolve: (_, __, state) => readList(view, options, undefined, state),
  }
}

function listField(
  { outputs, filters }: OperationTypes,
  { options }: List,
  view: ViewPlan,
): OperationField {
  return {
    type: outputs.listOf(view, view.nullable),
    args: outputs.listArguments(view),
    extensions: { size: options.first ?? listSize },
    resolve: (_, args, state) =>
      readList(view, options, { filters, args, first: options.first ?? listSize }, state),
  }
}

function connectionField(
  { outputs, filters }: OperationTypes,
  { options }: Connection,
  view: ViewPlan,
): OperationField {
  const size = options.first ?? pageSize
  return {
    type: new GraphQLNonNull(outputs.connection(view)),
    args: {
      ...outputs.listArguments(view),
      after: { type: GraphQLString },
      last: { type: GraphQLInt },
      before: { type: GraphQLString },
    },
    extensions: { size },
    resolve: (_, args, state) =>
      readConnection(view, options, { filters, args, first: size }, state),
  }
}

/** Its source is an event, which the subscription's runner gives as the root value. */
function changedField(
  { outputs, filters }: OperationTypes,
  { options }: Changed,
  view: ViewPlan,
): OperationField {
  const { type, ops } = outputs.change(view)
  return {
    type: new GraphQLNonNull(type),
    args: {
      where: { type: filters.filter(view) },
      ops: { type: new GraphQLList(new GraphQLNonNull(ops)) },
      after: { type: GraphQLString, description: 'The cursor of the last event that was seen.' },
    },
    extensions: { view, where: options.where },
    resolve: (event) => event,
  }
}
