/**
 * Random queries over a schema, by a seed: aliases, the same field twice, fragments of both kinds, skip and include,
 * variables with and without values, and arguments made from samples. What does not validate is thrown away.
 */
import {
  type GraphQLAbstractType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  parse,
  parseType,
  typeFromAST,
  validate,
} from 'graphql'

export interface RandomDocument {
  readonly query: string
  readonly variables: Record<string, unknown>
  /** Other values for the same variables; each call gives new ones. */
  readonly others: () => Record<string, unknown>
}

/** Values to choose from, by the name of a scalar. */
export type Samples = Readonly<Record<string, readonly unknown[]>>

/** A generator of numbers from 0 to 1 (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

export function randomDocument(
  schema: GraphQLSchema,
  samples: Samples,
  random: () => number,
): RandomDocument {
  for (;;) {
    const made = new Writer(schema, samples, random).document()
    if (validate(schema, parse(made.query)).length === 0) return made
  }
}

/** Fields that only the general plan answers; too many of them would test nothing. */
const rare = new Set(['greeting', 'stats', 'echo', 'fails'])
/** Unions and interfaces. */
const seldom = new Set(['found', 'identified'])

class Writer {
  readonly #schema: GraphQLSchema
  readonly #samples: Samples
  readonly #random: () => number
  readonly #definitions: string[] = []
  readonly #fragments: string[] = []
  readonly #variables: Record<string, unknown> = {}
  readonly #types = new Map<string, string>()
  /** What each response key stands for, so that most documents can be merged. */
  readonly #keys = new Map<string, string>()

  constructor(schema: GraphQLSchema, samples: Samples, random: () => number) {
    this.#schema = schema
    this.#samples = samples
    this.#random = random
  }

  document(): RandomDocument {
    const query = this.#schema.getQueryType() as GraphQLObjectType
    const body = this.#selections(query, 0)
    const variables = this.#definitions.length === 0 ? '' : `(${this.#definitions.join(', ')})`
    return {
      query: [`query Random${variables} ${body}`, ...this.#fragments].join('\n'),
      variables: this.#variables,
      others: () => this.#others(),
    }
  }

  #others(): Record<string, unknown> {
    const values: Record<string, unknown> = {}
    for (const [name, text] of this.#types) {
      const type = typeFromAST(this.#schema, parseType(text)) as GraphQLInputType
      if (!isNonNullType(type) && this.#chance(0.15)) continue
      values[name] = this.#value(type, 0)
    }
    return values
  }

  #chance(part: number): boolean {
    return this.#random() < part
  }

  #below(most: number): number {
    return Math.floor(this.#random() * most)
  }

  #one<T>(values: readonly T[]): T {
    return values[this.#below(values.length)] as T
  }

  #selections(type: GraphQLObjectType, depth: number): string {
    const fields = Object.values(type.getFields()).filter(({ name }) =>
      rare.has(name) ? this.#chance(0.02) : !seldom.has(name) || this.#chance(0.15),
    )
    const open = depth > 4 ? fields.filter((field) => isLeafType(getNamedType(field.type))) : fields
    const parts: string[] = []
    const count = 1 + this.#below(depth === 0 ? 3 : 5)
    for (let n = 0; n < count; n++) parts.push(this.#selection(type, open, depth))
    return `{ ${parts.join(' ')} }`
  }

  #selection(
    type: GraphQLObjectType,
    fields: readonly GraphQLField<unknown, unknown>[],
    depth: number,
  ): string {
    if (fields.length === 0 || this.#chance(0.07))
      return this.#chance(0.5) ? '__typename' : `kind${depth}: __typename`
    if (depth < 4 && this.#chance(0.08)) {
      const condition = this.#chance(0.7) ? ` on ${type.name}` : ''
      return `...${condition}${this.#directive()} ${this.#selections(type, depth + 1)}`
    }
    if (depth < 4 && this.#chance(0.06)) {
      const name = `F${this.#fragments.length}_${this.#below(1e6)}`
      this.#fragments.push(`fragment ${name} on ${type.name} ${this.#selections(type, depth + 1)}`)
      return `...${name}${this.#directive()}${this.#chance(0.2) ? ` ...${name}` : ''}`
    }
    const field = this.#one(fields)
    const args = this.#arguments(field)
    const named = getNamedType(field.type)
    const inner = isObjectType(named)
      ? ` ${this.#selections(named, depth + 1)}`
      : isAbstractType(named)
        ? ` ${this.#ofSeveral(named, depth + 1)}`
        : ''
    return `${this.#key(type, field.name, args)}${args}${this.#directive()}${inner}`
  }

  /** Of a union or an interface: what each type shows, its name, and what all have. */
  #ofSeveral(type: GraphQLAbstractType, depth: number): string {
    const parts = ['__typename']
    if (isInterfaceType(type)) parts.push(...Object.keys(type.getFields()))
    for (const one of this.#schema.getPossibleTypes(type)) {
      if (this.#chance(0.8)) parts.push(`... on ${one.name} ${this.#selections(one, depth)}`)
    }
    return `{ ${parts.join(' ')} }`
  }

  #key(type: GraphQLObjectType, name: string, args: string): string {
    const meaning = `${name}${args}`
    let key = this.#chance(0.25) ? `${name}_${'abc'.charAt(this.#below(3))}` : name
    while ((this.#keys.get(`${type.name}.${key}`) ?? meaning) !== meaning) key += this.#below(10)
    this.#keys.set(`${type.name}.${key}`, meaning)
    return key === name ? name : `${key}: ${name}`
  }

  #directive(): string {
    if (!this.#chance(0.12)) return ''
    const name = this.#one(['skip', 'include'])
    if (this.#chance(0.4)) return ` @${name}(if: ${this.#chance(0.5)})`
    return ` @${name}(if: ${this.#variable('Boolean!', this.#chance(0.5))})`
  }

  #arguments(field: GraphQLField<unknown, unknown>): string {
    const given = field.args.flatMap((argument) => {
      if (!isRequiredArgument(argument) && !this.#chance(0.35)) return []
      return [`${argument.name}: ${this.#argument(argument)}`]
    })
    return given.length === 0 ? '' : `(${given.join(', ')})`
  }

  #argument(argument: GraphQLArgument): string {
    const value = this.#value(argument.type, 0)
    if (!this.#chance(0.4)) return literalOf(value, argument.type)
    const type = String(argument.type)
    // A variable without a value leaves the argument out; one with a default may be left out itself.
    if (!isNonNullType(argument.type) && this.#chance(0.15)) return this.#variable(type, undefined)
    return this.#variable(type, value)
  }

  #variable(type: string, value: unknown): string {
    const name = `v${this.#definitions.length}`
    this.#definitions.push(`$${name}: ${type}`)
    this.#types.set(name, type)
    if (value !== undefined) this.#variables[name] = value
    return `$${name}`
  }

  /** As JSON. */
  #value(type: GraphQLInputType, depth: number): unknown {
    if (isNonNullType(type)) {
      for (;;) {
        const value = this.#value(type.ofType, depth)
        if (value !== null) return value
      }
    }
    if (this.#chance(0.06)) return null
    if (isListType(type)) {
      return Array.from({ length: this.#below(3) }, () => this.#value(type.ofType, depth + 1))
    }
    if (isEnumType(type)) return this.#one(type.getValues()).name
    if (isInputObjectType(type)) return this.#object(type, depth)
    return this.#one(this.#samples[type.name] ?? [null])
  }

  #object(type: GraphQLInputType, depth: number): Record<string, unknown> {
    if (!isInputObjectType(type)) return {}
    const fields = Object.values(type.getFields())
    const count = type.name.endsWith('OrderBy') ? 1 : this.#below(depth > 3 ? 1 : 3)
    const value: Record<string, unknown> = {}
    for (let n = 0; n < count; n++) {
      const field = this.#one(fields)
      value[field.name] = this.#value(field.type, depth + 1)
    }
    return value
  }
}

function literalOf(value: unknown, type: GraphQLInputType): string {
  if (isNonNullType(type)) return literalOf(value, type.ofType)
  if (value === null || value === undefined) return 'null'
  if (isListType(type) && Array.isArray(value)) {
    return `[${value.map((item) => literalOf(item, type.ofType)).join(', ')}]`
  }
  if (isInputObjectType(type)) {
    const fields = type.getFields()
    const parts = Object.entries(value as object).map(([name, part]) => {
      const field = fields[name]
      return `${name}: ${field ? literalOf(part, field.type) : 'null'}`
    })
    return `{${parts.join(', ')}}`
  }
  if (isEnumType(type)) return String(value)
  return JSON.stringify(value).replace(/"(\w+)":/g, '$1:')
}
