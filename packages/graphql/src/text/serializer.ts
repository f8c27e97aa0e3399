/** Values of leaf types as JSON text, as graphql-js completes and `JSON.stringify` writes them. */
import {
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLScalarType,
  getNamedType,
  isEnumType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql'
import { NotText } from './not-text.ts'
import { type SelectionContext, selectedFields } from './selection.ts'

type Write = (value: unknown) => string

/** Whether SQL writes the values of a type as they are stored: not where an enum has other names in the API. */
export function isWrittenAsStored(type: GraphQLOutputType): boolean {
  const named = getNamedType(type)
  return !isEnumType(named) || named.getValues().every(({ name, value }) => name === value)
}

/**
 * Writes values of scalars, enums, lists of them, and of the objects that are kept inside rows.
 * What is returned throws `NotText` for values that GraphQL answers with an error.
 */
export function serializer(
  type: GraphQLOutputType,
  nodes: readonly FieldNode[],
  context: SelectionContext,
): Write {
  if (isNonNullType(type)) {
    const inner = serializer(type.ofType, nodes, context)
    return (value) => {
      const text = inner(value)
      if (text === 'null') throw new NotText('a value that must not be null is null')
      return text
    }
  }
  if (isListType(type)) {
    const item = serializer(type.ofType, nodes, context)
    return (value) => {
      if (value === null || value === undefined) return 'null'
      if (typeof value !== 'object' || !(Symbol.iterator in value))
        throw new NotText('a list is no list')
      return `[${Array.from(value as Iterable<unknown>, item).join(',')}]`
    }
  }
  if (isObjectType(type)) return objectWriter(type, nodes, context)
  if (!isLeafType(type)) throw new NotText(`${type.name} may be several types`)
  const output = outputOf(type as GraphQLScalarType)
  return (value) => {
    if (value === null || value === undefined) return 'null'
    // A promise, or what the scalar refuses: the general plan waits for it, or says what is wrong.
    if (value instanceof Promise) throw new NotText('a value is a promise')
    const text = JSON.stringify(output(value))
    if (text === undefined) throw new NotText('a value cannot be written')
    return text
  }
}

/** The types of objects inside rows have no resolvers of their own. */
function objectWriter(
  type: GraphQLObjectType,
  nodes: readonly FieldNode[],
  context: SelectionContext,
): Write {
  const fields = type.getFields()
  const sets = nodes.map((node) => node.selectionSet)
  const parts = selectedFields(type, sets, context).map(({ key, name, nodes: own }) => {
    const start = `${JSON.stringify(key)}:`
    if (name === '__typename') return () => `${start}${JSON.stringify(type.name)}`
    const field = fields[name]
    if (!field || field.resolve || field.extensions.typestead)
      throw new NotText(`${type.name} is no object inside a row`)
    const write = serializer(field.type, own, context)
    return (value: Readonly<Record<string, unknown>>) => `${start}${write(value[name])}`
  })
  return (value) => {
    if (value === null || value === undefined) return 'null'
    if (typeof value !== 'object' || value instanceof Promise)
      throw new NotText('an object is none')
    return `{${parts.map((part) => part(value as Readonly<Record<string, unknown>>)).join(',')}}`
  }
}

/** graphql-js 17 calls it `coerceOutputValue`, 16 `serialize`. */
function outputOf(type: GraphQLScalarType): (value: unknown) => unknown {
  const versions = type as unknown as Readonly<
    Record<'coerceOutputValue' | 'serialize', ((value: unknown) => unknown) | undefined>
  >
  const output = versions.coerceOutputValue ?? versions.serialize
  if (!output) throw new TypeError(`${type.name} does not serialize`)
  return (value) => output.call(type, value)
}
