/** Variables coerced as graphql-js does it, in the two forms that its versions 16 and 17 have for them. */
import { type GraphQLSchema, getVariableValues, type OperationDefinitionNode } from 'graphql'
import { NotText } from './not-text.ts'

export interface Variables {
  /** By name. */
  readonly coerced: Readonly<Record<string, unknown>>
  /** What `getArgumentValues` of this version of graphql-js takes. */
  readonly forArguments: never
}

/** Of an operation that has none. */
export const noVariables: Variables = { coerced: {}, forArguments: {} as never }

interface Both {
  readonly errors?: unknown
  readonly coerced?: Readonly<Record<string, unknown>>
  readonly variableValues?: { readonly coerced: Readonly<Record<string, unknown>> }
}

/** @throws {NotText} when a value is wrong: the general plan says which */
export function variablesOf(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  inputs: Readonly<Record<string, unknown>>,
): Variables {
  const result = getVariableValues(schema, operation.variableDefinitions ?? [], inputs) as Both
  const seventeen = result.variableValues
  const coerced = seventeen?.coerced ?? result.coerced
  if (!coerced) throw new NotText('a variable has a wrong value')
  return { coerced, forArguments: (seventeen ?? coerced) as never }
}
