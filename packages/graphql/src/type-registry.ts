/** Every named type of a schema, once each: those made of columns, and those looked up by text such as `'[Post!]!'`. */
import type { FieldDefinition } from '@typestead/entity'
import {
  GraphQLBoolean,
  GraphQLEnumType,
  GraphQLFloat,
  GraphQLID,
  GraphQLInputObjectType,
  type GraphQLInputType,
  GraphQLInt,
  GraphQLList,
  type GraphQLNamedType,
  GraphQLNonNull,
  type GraphQLNullableType,
  GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLScalarType,
  GraphQLString,
  isInputType,
  isOutputType,
  Kind,
  parseType,
  type TypeNode,
} from 'graphql'
import { BigIntScalar, Bytes, DateOnly, DateTime, Decimal, JsonScalar, scalars } from './scalars.ts'

export class TypeRegistry {
  readonly problems: string[] = []
  readonly #types = new Map<string, GraphQLNamedType>()
  /** What a generated type was made for; two makers of one name are a problem. */
  readonly #owners = new Map<string, string>()

  constructor() {
    const builtIn = [GraphQLID, GraphQLString, GraphQLInt, GraphQLFloat, GraphQLBoolean]
    for (const type of [...builtIn, ...scalars]) this.#types.set(type.name, type)
  }

  /** The type of this name, made at the first call; `owner` says what it stands for. */
  once<T extends GraphQLNamedType>(name: string, owner: string, make: () => T): T {
    const known = this.#types.get(name)
    if (known && this.#owners.get(name) === owner) return known as T
    if (known) {
      this.problems.push(
        `the type ${name} would be both ${this.#owners.get(name) ?? 'a scalar'} and ${owner}; rename one`,
      )
    }
    const type = make()
    this.#types.set(name, type)
    this.#owners.set(name, owner)
    return type
  }

  /** The input type of a text; a problem, and String in its place, when there is none. */
  input(text: string, path: string): GraphQLInputType {
    const type = this.#parse(text, path)
    if (isInputType(type)) return type
    this.problems.push(`${path}: ${text} is a type of answers, not of inputs`)
    return GraphQLString
  }

  output(text: string, path: string): GraphQLOutputType {
    const type = this.#parse(text, path)
    if (isOutputType(type)) return type
    this.problems.push(`${path}: ${text} is a type of inputs, not of answers`)
    return GraphQLString
  }

  /** See `inputColumn` and `outputColumn`. */
  column(path: ColumnPath, definition: FieldDefinition, direction: 'input' | 'output'): ColumnType {
    switch (definition.type) {
      case 'uuid':
        return GraphQLID
      case 'int4':
        return GraphQLInt
      case 'double':
        return GraphQLFloat
      case 'boolean':
        return GraphQLBoolean
      case 'int8':
        return BigIntScalar
      case 'decimal':
        return Decimal
      case 'datetime':
        return DateTime
      case 'date':
        return DateOnly
      case 'json':
        return JsonScalar
      case 'bytes':
        return Bytes
      case 'enum':
        return this.#enum(path, definition.values ?? [])
      case 'list':
        return this.#list(path, definition, direction)
      case 'object':
        return direction === 'input'
          ? this.#inputObject(path, definition)
          : this.#outputObject(path, definition)
      default:
        return GraphQLString
    }
  }

  #list(path: ColumnPath, { item }: FieldDefinition, direction: 'input' | 'output'): ColumnType {
    if (!item) return new GraphQLList(JsonScalar)
    const type = this.column(path, item, direction)
    return new GraphQLList(item.nullable ? type : new GraphQLNonNull(type))
  }

  #enum(path: ColumnPath, values: readonly string[]): GraphQLEnumType {
    return this.once(typeName(path), `the choices of ${path.join('.')}`, () => {
      const names = new Map<string, string>()
      for (const value of values) {
        const name = enumName(value)
        if (names.has(name)) {
          this.problems.push(
            `${path.join('.')}: "${names.get(name)}" and "${value}" would both be ${name} in the API`,
          )
        }
        names.set(name, value)
      }
      return new GraphQLEnumType({
        name: typeName(path),
        values: Object.fromEntries([...names].map(([name, value]) => [name, { value }])),
      })
    })
  }

  #outputObject(path: ColumnPath, { fields = {} }: FieldDefinition): GraphQLObjectType {
    const make = () =>
      new GraphQLObjectType({
        name: typeName(path),
        fields: Object.fromEntries(
          Object.entries(fields).map(([name, part]) => {
            const type = outputColumn(this, [...path, name], part)
            return [name, { type: part.nullable ? type : new GraphQLNonNull(type) }]
          }),
        ),
      })
    return this.once(typeName(path), `the object ${path.join('.')}`, make)
  }

  #inputObject(path: ColumnPath, { fields = {} }: FieldDefinition): GraphQLInputObjectType {
    const name = `${typeName(path)}Input`
    const make = () =>
      new GraphQLInputObjectType({
        name,
        fields: Object.fromEntries(
          Object.entries(fields).map(([key, part]) => {
            const type = inputColumn(this, [...path, key], part)
            const optional = part.nullable || part.hasDefault
            return [key, { type: optional ? type : new GraphQLNonNull(type) }]
          }),
        ),
      })
    return this.once(name, `the input of ${path.join('.')}`, make)
  }

  #parse(text: string, path: string): unknown {
    try {
      return this.#resolve(parseType(text, { noLocation: true }), path)
    } catch (error) {
      this.problems.push(`${path}: "${text}" is not a type (${(error as Error).message})`)
      return GraphQLString
    }
  }

  #resolve(
    node: TypeNode,
    path: string,
  ): GraphQLNullableType | GraphQLNonNull<GraphQLNullableType> {
    if (node.kind === Kind.NON_NULL_TYPE) {
      // The grammar has no `!!`, so what stands inside may be null.
      return new GraphQLNonNull(this.#resolve(node.type, path) as GraphQLNullableType)
    }
    if (node.kind === Kind.LIST_TYPE) return new GraphQLList(this.#resolve(node.type, path))
    const type = this.#types.get(node.name.value)
    if (type) return type
    this.problems.push(`${path}: there is no type ${node.name.value}; add it to types or inputs`)
    return GraphQLString
  }
}

type ColumnType =
  | GraphQLScalarType
  | GraphQLEnumType
  | GraphQLObjectType
  | GraphQLInputObjectType
  | GraphQLList<ColumnType | GraphQLNonNull<ColumnType>>

export type InputColumnType =
  | GraphQLScalarType
  | GraphQLEnumType
  | GraphQLInputObjectType
  | GraphQLList<GraphQLInputType>

export type OutputColumnType =
  | GraphQLScalarType
  | GraphQLEnumType
  | GraphQLObjectType
  | GraphQLList<GraphQLOutputType>

/** The type of a column in inputs, without null considered. */
export function inputColumn(
  registry: TypeRegistry,
  path: ColumnPath,
  definition: FieldDefinition,
): InputColumnType {
  // What `column` makes for inputs has input types inside only.
  return registry.column(path, definition, 'input') as InputColumnType
}

/** The type of a column in answers, without null considered. */
export function outputColumn(
  registry: TypeRegistry,
  path: ColumnPath,
  definition: FieldDefinition,
): OutputColumnType {
  // What `column` makes for answers has output types inside only.
  return registry.column(path, definition, 'output') as OutputColumnType
}

/** The entity's name, then names that lead into its value. */
export type ColumnPath = readonly [string, ...string[]]

function typeName(path: ColumnPath): string {
  return path.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('')
}

/** `in-progress` → `in_progress`, `2nd` → `_2nd`, `true` → `true_`: what GraphQL allows as a value's name. */
function enumName(value: string): string {
  const name = value.replace(/[^_0-9A-Za-z]/g, '_').replace(/^(?=[0-9])|^$/, '_')
  if (name === 'true' || name === 'false' || name === 'null') return `${name}_`
  return name.startsWith('__') ? `x${name}` : name
}
