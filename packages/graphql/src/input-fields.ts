/**
 * What create and update take: the fields that may be written, under their names in the API. Read-only fields, those
 * that the store keeps by itself and the tenant are in no input; secret ones are in inputs only.
 */
import type { EntityMeta, RelationMeta } from '@typestead/entity'
import {
  type GraphQLFieldConfigArgumentMap,
  GraphQLID,
  GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLNonNull,
  isNonNullType,
} from 'graphql'
import { type InputColumnType, inputColumn, type TypeRegistry } from './type-registry.ts'

/** One field of an input: where its value goes. */
export interface InputField {
  /** Its name in the API. */
  readonly name: string
  /** The entity's field or relation. */
  readonly stored: string
  readonly type: GraphQLInputType
  readonly description: string | undefined
  /** Set for an earlier name of the field. */
  readonly deprecated?: string
}

export interface InputRequest {
  readonly path: string
  readonly meta: EntityMeta
  readonly action: 'create' | 'update'
  /** By the API's name; `undefined` means every writable field. */
  readonly fields: Readonly<Record<string, true | string>> | undefined
  readonly omit: readonly string[]
  /** Stored names that are given in another way, such as the link of a nested row. */
  readonly given?: readonly string[]
}

export function inputFields(registry: TypeRegistry, request: InputRequest): readonly InputField[] {
  const { meta, fields, omit, path } = request
  const chosen =
    fields === undefined
      ? writable(meta, request.action)
          .filter((name) => !omit.includes(name))
          .map((name) => [name, name] as const)
      : Object.entries(fields).map(
          ([name, stored]) => [name, stored === true ? name : stored] as const,
        )
  const found: InputField[] = []
  for (const [name, stored] of chosen) {
    const field = inputField(registry, request, name, stored)
    if (typeof field === 'string') registry.problems.push(`${path}.${name}: ${field}`)
    else found.push(field)
  }
  if (fields === undefined) found.push(...earlierNames(meta, found))
  if (request.action === 'create') {
    for (const name of required(meta)) {
      if (!found.some((field) => field.stored === name) && !request.given?.includes(name)) {
        registry.problems.push(`${path}: ${meta.name}.${name} is required, but not in the input`)
      }
    }
  }
  return found
}

/** Fields that may be left out keep their earlier names; where both are given, the new one counts. */
function earlierNames(meta: EntityMeta, fields: readonly InputField[]): InputField[] {
  return fields.flatMap((field) => {
    if (isNonNullType(field.type)) return []
    const definition = meta.fields.get(field.stored) ?? meta.relations.get(field.stored)
    const names = definition?.definition.was ?? []
    return names
      .filter((name) => !fields.some((one) => one.name === name))
      .map((name) => ({ ...field, name, deprecated: `Renamed to ${field.name}.` }))
  })
}

/** The fields as one input object type. */
export function inputObject(
  registry: TypeRegistry,
  name: string,
  fields: readonly InputField[],
): GraphQLInputObjectType {
  const owner = `an input of ${fields.map((field) => `${field.name}: ${field.type}`).join(', ')}`
  const make = () => new GraphQLInputObjectType({ name, fields: asArguments(fields) })
  return registry.once(name, owner, make)
}

/** The fields as arguments of an operation, or as the fields of an input object. */
export function asArguments(fields: readonly InputField[]): GraphQLFieldConfigArgumentMap {
  return Object.fromEntries(
    fields.map(({ name, type, description, deprecated }) => [
      name,
      { type, description: description ?? null, deprecationReason: deprecated ?? null },
    ]),
  )
}

/** The values by the entity's names; what the caller left out stays out. */
export function storedValues(
  fields: readonly InputField[],
  given: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const { name, stored } of fields) {
    if (given[name] !== undefined && !Object.hasOwn(values, stored)) values[stored] = given[name]
  }
  return values
}

/** The arguments that name one row: its key, or the unique fields given. */
export function keyArguments(
  registry: TypeRegistry,
  meta: EntityMeta,
  names: readonly string[],
): readonly InputField[] {
  return names.map((name) => ({
    name,
    stored: name,
    type: new GraphQLNonNull(storedType(registry, meta, name)),
    description: undefined,
  }))
}

function inputField(
  registry: TypeRegistry,
  { meta, action }: InputRequest,
  name: string,
  stored: string,
): InputField | string {
  const field = meta.fields.get(stored)
  const relation = meta.relations.get(stored)
  const definition = field?.definition ?? relation?.definition
  if (!definition || (relation && relation.kind !== 'belongsTo')) {
    return `${meta.name} stores no "${stored}"`
  }
  if (action === 'update' && (definition.readonly || meta.key.includes(stored))) {
    return `${meta.name}.${stored} cannot be changed after create`
  }
  const type = storedType(registry, meta, stored)
  const mustBeGiven = action === 'create' && required(meta).includes(stored)
  return {
    name,
    stored,
    type: mustBeGiven ? new GraphQLNonNull(type) : type,
    description: definition.description,
  }
}

/** The type of a stored value in inputs: of a column, or of the key that a relation keeps. */
function storedType(registry: TypeRegistry, meta: EntityMeta, name: string): InputColumnType {
  const field = meta.fields.get(name)
  if (field) return inputColumn(registry, [meta.name, name], field.definition)
  const relation = meta.relations.get(name)
  return relation ? linkType(registry, relation) : GraphQLID
}

function linkType(registry: TypeRegistry, { target }: RelationMeta): InputColumnType {
  const [only, ...others] = target.key
  if (others.length === 0) return storedType(registry, target, only as string)
  const name = `${target.name}Key`
  return registry.once(name, `the key of ${target.name}`, () => {
    return new GraphQLInputObjectType({
      name,
      fields: asArguments(keyArguments(registry, target, target.key)),
    })
  })
}

/** The stored names that a caller may give. */
export function writable(meta: EntityMeta, action: 'create' | 'update'): string[] {
  const { version, softDelete, tenant } = meta.options
  const kept = [version, softDelete, tenant]
  const links = [...meta.relations.values()].filter((relation) => relation.kind === 'belongsTo')
  const names: string[] = []
  for (const { name, definition } of [...meta.fields.values(), ...links]) {
    // A relation may be read-only, which still has to be given once; a read-only field is set by itself.
    const byItself = definition.readonly && (action === 'update' || meta.fields.has(name))
    if (byItself && !required(meta).includes(name)) continue
    if (action === 'update' && (definition.readonly || meta.key.includes(name))) continue
    if (!kept.includes(name)) names.push(name)
  }
  return names
}

/** What a create must be given: no default, not nullable, not the caller's tenant. */
function required(meta: EntityMeta): string[] {
  const names: string[] = []
  for (const { name, definition } of meta.fields.values()) {
    if (!definition.hasDefault && !definition.nullable && name !== meta.options.tenant) {
      names.push(name)
    }
  }
  for (const { name, kind, definition } of meta.relations.values()) {
    if (kind === 'belongsTo' && !definition.nullable && name !== meta.options.tenant)
      names.push(name)
  }
  return names
}
