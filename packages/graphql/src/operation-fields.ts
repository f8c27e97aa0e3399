/** The fields of Query and Mutation that operations make: their arguments, their types, and what answers them. */
import type { EntityMeta } from '@typestead/entity'
import {
  type GraphQLFieldConfig,
  type GraphQLFieldConfigArgumentMap,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLString,
} from 'graphql'
import { argumentsOf } from './argument-types.ts'
import type { FilterTypes } from './filter-types.ts'
import {
  asArguments,
  type InputField,
  inputFields,
  inputObject,
  keyArguments,
} from './input-fields.ts'
import { nestedInput } from './nested-writes.ts'
import type {
  All,
  Changed,
  Connection,
  Create,
  Custom,
  InputOptions,
  List,
  One,
  Operation,
  Remove,
  Target,
  Update,
  Upsert,
} from './operation.ts'
import type { OutputTypes } from './output-types.ts'
import { readConnection, readList, readOne } from './read-operations.ts'
import type { RequestState } from './request-state.ts'
import type { TypeRegistry } from './type-registry.ts'
import type { View } from './view.ts'
import { defaultView, type ViewPlan } from './view-plan.ts'
import { whereOf } from './where-argument.ts'
import {
  removeRow,
  type WriteInput,
  writeCreate,
  writeMany,
  writeUpdate,
  writeUpsert,
} from './write-operations.ts'

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

function createField(
  types: OperationTypes,
  path: string,
  { options }: Create,
  view: ViewPlan,
): OperationField {
  const { args, input } = writeArguments(types, path, view, 'create', options)
  const type = types.outputs.view(view)
  return {
    type: view.nullable ? type : new GraphQLNonNull(type),
    args,
    resolve: (_, given, state) => writeCreate(view, input, options, given, state),
  }
}

function updateField(
  types: OperationTypes,
  path: string,
  { options }: Update,
  view: ViewPlan,
): OperationField {
  const keys = keyArguments(types.registry, view.meta, view.meta.key)
  const { args, input } = writeArguments(types, path, view, 'update', options)
  const { version } = view.meta.options
  const lock =
    version === undefined
      ? {}
      : {
          version: {
            type: GraphQLInt,
            description: 'The version that was read; another one in the row is refused.',
          },
        }
  return {
    type: types.outputs.view(view),
    args: { ...asArguments(keys), ...args, ...lock },
    resolve: (_, given, state) => writeUpdate(view, input, options, given, state),
  }
}

function removeField(
  { registry, outputs }: OperationTypes,
  { options }: Remove,
  view: ViewPlan,
): OperationField {
  return {
    type: outputs.view(view),
    args: asArguments(keyArguments(registry, view.meta, view.meta.key)),
    resolve: (_, args, state) => removeRow(view, options, args, state),
  }
}

function upsertField(
  types: OperationTypes,
  path: string,
  { options }: Upsert,
  view: ViewPlan,
): OperationField {
  const by = typeof options.by === 'string' ? [options.by] : options.by
  if (!isUnique(view.meta, by)) {
    types.registry.problems.push(`${path}: ${by.join(', ')} is not unique in ${view.meta.name}`)
  }
  const create = writeArguments(types, path, view, 'create', { input: { argument: 'create' } })
  const update = writeArguments(types, path, view, 'update', {
    input: { argument: 'update', required: false },
  })
  const type = types.outputs.view(view)
  return {
    type: view.nullable ? type : new GraphQLNonNull(type),
    args: { ...create.args, ...update.args },
    resolve: (_, given, state) => writeUpsert(view, create.input, update.input, by, given, state),
  }
}

function updateManyField(types: OperationTypes, path: string, view: ViewPlan): OperationField {
  const { args, input } = writeArguments(types, path, view, 'update', {})
  return {
    type: new GraphQLNonNull(GraphQLInt),
    args: { where: { type: new GraphQLNonNull(types.filters.filter(view)) }, ...args },
    resolve: (_, given, state) =>
      writeMany(view, input, whereOf(types.filters, view, given.where), given, state),
  }
}

function removeManyField({ filters }: OperationTypes, view: ViewPlan): OperationField {
  return {
    type: new GraphQLNonNull(GraphQLInt),
    args: { where: { type: new GraphQLNonNull(filters.filter(view)) } },
    resolve: (_, { where }, { context: { db } }) =>
      db.deleteMany(view.meta.entity, (whereOf(filters, view, where) ?? {}) as never),
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

interface WriteShape {
  readonly nested?: readonly string[]
  readonly input?: InputOptions<never>
  readonly arguments?: Readonly<Record<string, true | string>>
}

/** Either one argument with an input object, or each field as an argument. */
function writeArguments(
  { registry }: OperationTypes,
  path: string,
  view: ViewPlan,
  action: 'create' | 'update',
  options: WriteShape,
): { readonly args: GraphQLFieldConfigArgumentMap; readonly input: WriteInput } {
  const request = { path, meta: view.meta, action } as const
  if (options.arguments !== undefined) {
    const fields = inputFields(registry, { ...request, fields: options.arguments, omit: [] })
    return { args: asArguments(fields), input: { fields, argument: undefined, nested: [] } }
  }
  const { name, argument = 'data', omit = [], required = true } = options.input ?? {}
  const fields: readonly InputField[] = inputFields(registry, {
    ...request,
    fields: options.input?.fields,
    omit,
  })
  // An input object has at least one field; an entity may have none that can be given.
  if (fields.length === 0 && options.input === undefined) {
    return { args: {}, input: { fields, argument: undefined, nested: [] } }
  }
  const verb = action === 'create' ? 'CreateInput' : 'UpdateInput'
  const suffix = options.nested === undefined ? verb : `Nested${verb}`
  const nested = (options.nested ?? []).flatMap(
    (relation) => nestedInput(registry, path, view.meta, relation) ?? [],
  )
  const type = inputObject(registry, name ?? `${view.name}${suffix}`, [
    ...fields.filter((field) => !options.nested?.includes(field.stored)),
    ...nested.map((one) => ({
      name: one.name,
      stored: one.name,
      type: one.type,
      description: one.relation.definition.description,
    })),
  ])
  return {
    args: { [argument]: { type: required ? new GraphQLNonNull(type) : type } },
    input: {
      fields: fields.filter((field) => !options.nested?.includes(field.stored)),
      argument,
      nested,
    },
  }
}

function isUnique(meta: EntityMeta, names: readonly string[]): boolean {
  const same = (group: readonly string[]) =>
    group.length === names.length && group.every((name) => names.includes(name))
  const [only] = names
  const alone =
    names.length === 1 &&
    only !== undefined &&
    (meta.fields.get(only)?.definition.unique || meta.relations.get(only)?.definition.unique)
  return alone === true || same(meta.key) || (meta.options.unique?.some(same) ?? false)
}
