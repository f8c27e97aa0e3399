/**
 * What is wrong with values given to input types, each by its path. The messages are this package's own: those of
 * graphql-js repeat the value (which may be a password) and differ between its versions.
 */
import {
  type GraphQLInputType,
  type GraphQLLeafType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  Kind,
  type ValueNode,
} from 'graphql'
import type { FieldProblem } from './api-error.ts'

type Path = readonly (string | number)[]

/** Problems of a value out of JSON; `undefined` is one that was not given. */
export function valueProblems(type: GraphQLInputType, value: unknown, path: Path): FieldProblem[] {
  if (isNonNullType(type)) {
    if (value === undefined) return [{ path, message: 'is required' }]
    if (value === null) return [{ path, message: 'must not be null' }]
    return valueProblems(type.ofType, value, path)
  }
  if (value === null || value === undefined) return []
  if (isListType(type)) {
    if (!Array.isArray(value)) return valueProblems(type.ofType, value, path)
    return value.flatMap((item, index) =>
      valueProblems(type.ofType, item ?? null, [...path, index]),
    )
  }
  if (isInputObjectType(type)) {
    if (typeof value !== 'object' || Array.isArray(value)) {
      return [{ path, message: `must be an object (${type.name})` }]
    }
    const fields = type.getFields()
    const unknown = Object.keys(value).filter((name) => !Object.hasOwn(fields, name))
    return [
      ...unknown.map((name) => ({ path: [...path, name], message: noSuchField(type.name) })),
      ...Object.values(fields).flatMap((field) => {
        const given = Object.hasOwn(value, field.name)
          ? (value as Record<string, unknown>)[field.name]
          : undefined
        if (given === undefined && !isRequiredInputField(field)) return []
        return valueProblems(field.type, given, [...path, field.name])
      }),
    ]
  }
  return accepts(type, () => type.parseValue(value)) ? [] : [{ path, message: expected(type) }]
}

/** Problems of a literal; what stands in variables is judged with their values. */
export function literalProblems(
  type: GraphQLInputType,
  node: ValueNode,
  path: Path,
): FieldProblem[] {
  if (node.kind === Kind.VARIABLE) return []
  if (isNonNullType(type)) {
    if (node.kind === Kind.NULL) return [{ path, message: 'must not be null' }]
    return literalProblems(type.ofType, node, path)
  }
  if (node.kind === Kind.NULL) return []
  if (isListType(type)) {
    if (node.kind !== Kind.LIST) return literalProblems(type.ofType, node, path)
    return node.values.flatMap((item, index) =>
      literalProblems(type.ofType, item, [...path, index]),
    )
  }
  if (isInputObjectType(type)) {
    if (node.kind !== Kind.OBJECT) return [{ path, message: `must be an object (${type.name})` }]
    const fields = type.getFields()
    const given = new Map(node.fields.map((field) => [field.name.value, field.value]))
    const problems: FieldProblem[] = []
    for (const [name, value] of given) {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined
      if (!field) problems.push({ path: [...path, name], message: noSuchField(type.name) })
      else problems.push(...literalProblems(field.type, value, [...path, name]))
    }
    for (const field of Object.values(fields)) {
      if (!given.has(field.name) && isRequiredInputField(field)) {
        problems.push({ path: [...path, field.name], message: 'is required' })
      }
    }
    return problems
  }
  return accepts(type, () => type.parseLiteral(node, {})) ? [] : [{ path, message: expected(type) }]
}

function noSuchField(type: string): string {
  return `${type} has no such field`
}

function accepts(_type: GraphQLLeafType, parse: () => unknown): boolean {
  try {
    return parse() !== undefined
  } catch {
    return false
  }
}

const builtIn: Readonly<Record<string, string>> = {
  ID: 'a text or a whole number',
  String: 'a text',
  Int: 'a whole number of 32 bits',
  Float: 'a number',
  Boolean: 'true or false',
}

function expected(type: GraphQLLeafType): string {
  if (isEnumType(type)) {
    const names = type.getValues().map((value) => value.name)
    return names.length > 20
      ? `must be a value of ${type.name}`
      : `must be one of ${names.join(', ')}`
  }
  const own = builtIn[type.name]
  if (own !== undefined) return `must be ${own}`
  // This package's scalars describe what they accept in their first sentence.
  return `must be a value of ${type.name}: ${type.description ?? 'see its description'}`
}
