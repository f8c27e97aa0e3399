/**
 * Entities as forms need them: what `describe` says, without the rules. A field added to a class of the model is in its
 * form without another edit.
 */
import { describe, type FieldDescriptor, type ModelDescriptor } from '@typestead/entity'
import { ApiError } from '@typestead/graphql'
import { model } from '../entities/model.ts'

/** Sessions have no form: nobody writes them by hand. */
const without = 'Session'

/** @throws {ApiError} `NOT_FOUND` for an entity that there is none of */
export function formOf(entity: string): object {
  const { version, entities } = described()
  const found = entities.find(({ name }) => name === entity && name !== without)
  if (found === undefined) throw new ApiError('NOT_FOUND', `there is no form for ${entity}`)
  const { allow: _, schema: __, ...shape } = found
  return { version, entities: [{ ...shape, fields: shape.fields.map(asInGraphQL) }] }
}

/** Choices by the names that the API has for them: GraphQL's names hold letters, digits and `_` only. */
function asInGraphQL(field: FieldDescriptor): FieldDescriptor {
  const { values, fields, item, schema } = field
  if (values === undefined && fields === undefined && item === undefined) return field
  const names = values?.map((value) => value.replace(/[^_0-9A-Za-z]/g, '_'))
  return {
    ...field,
    ...(names && { values: names, schema: { ...schema, enum: names } }),
    ...(fields && { fields: fields.map(asInGraphQL) }),
    ...(item && { item: asInGraphQL(item) }),
  }
}

let kept: ModelDescriptor | undefined

function described(): ModelDescriptor {
  kept ??= describe(model)
  return kept
}
