/** The fields of Mutation that write rows of an entity: their arguments, their types, and what answers them. */
import { type GraphQLFieldConfigArgumentMap, GraphQLInt, GraphQLNonNull } from 'graphql'
import {
  asArguments,
  type InputField,
  inputFields,
  inputObject,
  keyArguments,
} from './input-fields.ts'
import { isUnique } from './is-unique.ts'
import { nestedInput } from './nested-writes.ts'
import type { Create, InputOptions, Remove, Update, Upsert } from './operation.ts'
import type { OperationField, OperationTypes } from './operation-fields.ts'
import type { ViewPlan } from './view-plan.ts'
import { whereOf } from './where-argument.ts'
import {
  removeRow,
  type WriteInput,
  writeCreate,
  writeMany,
  writeUpdate,
  writeUpsert,
} from './write-operations.ts'

export function createField(
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

export function updateField(
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

export function upsertField(
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

export function updateManyField(
  types: OperationTypes,
  path: string,
  view: ViewPlan,
): OperationField {
  const { args, input } = writeArguments(types, path, view, 'update', {})
  return {
    type: new GraphQLNonNull(GraphQLInt),
    args: { where: { type: new GraphQLNonNull(types.filters.filter(view)) }, ...args },
    resolve: (_, given, state) =>
      writeMany(view, input, whereOf(types.filters, view, given.where), given, state),
  }
}

export function removeManyField({ filters }: OperationTypes, view: ViewPlan): OperationField {
  return {
    type: new GraphQLNonNull(GraphQLInt),
    args: { where: { type: new GraphQLNonNull(filters.filter(view)) } },
    resolve: (_, { where }, { context: { db } }) =>
      db.deleteMany(view.meta.entity, (whereOf(filters, view, where) ?? {}) as never),
  }
}

export function removeField(
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
