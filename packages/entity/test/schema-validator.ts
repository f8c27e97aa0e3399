/** A small validator of JSON Schema (draft 2020-12), for the words that this package writes; it throws at any other word. */
type Schema = Readonly<Record<string, unknown>>

export function accepts(schema: unknown, value: unknown, root: unknown = schema): boolean {
  if (typeof schema === 'boolean') return schema
  return Object.entries(schema as Schema).every(([word, argument]) =>
    holds(word, argument, value, schema as Schema, root),
  )
}

function holds(
  word: string,
  argument: unknown,
  value: unknown,
  schema: Schema,
  root: unknown,
): boolean {
  const within = (inner: unknown, part: unknown) => accepts(inner, part, root)
  const limit = argument as number
  switch (word) {
    case '$schema':
    case '$defs':
    case 'title':
    case 'description':
    case 'default':
    case 'contentEncoding':
      return true
    case '$ref':
      return within(resolve(argument as string, root), value)
    case 'type':
      return [argument].flat().some((type) => typesOf(value).includes(type as string))
    case 'enum':
      return (argument as unknown[]).includes(value)
    case 'anyOf':
      return (argument as unknown[]).some((one) => within(one, value))
    case 'allOf':
      return (argument as unknown[]).every((one) => within(one, value))
    case 'pattern':
      return typeof value !== 'string' || new RegExp(argument as string, 'u').test(value)
    case 'format':
      return typeof value !== 'string' || formats[argument as string]?.test(value) === true
    case 'minLength':
      return typeof value !== 'string' || [...value].length >= limit
    case 'maxLength':
      return typeof value !== 'string' || [...value].length <= limit
    case 'minimum':
      return typeof value !== 'number' || value >= limit
    case 'maximum':
      return typeof value !== 'number' || value <= limit
    case 'exclusiveMinimum':
      return typeof value !== 'number' || value > limit
    case 'exclusiveMaximum':
      return typeof value !== 'number' || value < limit
    case 'maxItems':
      return !Array.isArray(value) || value.length <= limit
    case 'items':
      return !Array.isArray(value) || value.every((item) => within(argument, item))
    case 'required':
      return !isObject(value) || (argument as string[]).every((name) => Object.hasOwn(value, name))
    case 'properties':
      return Object.entries(argument as Schema).every(
        ([name, inner]) =>
          !isObject(value) || !Object.hasOwn(value, name) || within(inner, value[name]),
      )
    case 'additionalProperties': {
      if (!isObject(value)) return true
      const known = Object.keys((schema.properties ?? {}) as object)
      return Object.keys(value).every(
        (name) => known.includes(name) || within(argument, value[name]),
      )
    }
    default:
      throw new Error(`the validator does not know "${word}"`)
  }
}

const formats: Readonly<Record<string, RegExp>> = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  email: /^[^@\s]+@[^@\s]+$/,
  date: /^\d{4}-\d\d-\d\d$/,
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
}

function typesOf(value: unknown): string[] {
  if (value === null) return ['null']
  if (Array.isArray(value)) return ['array']
  if (typeof value === 'number') return Number.isInteger(value) ? ['number', 'integer'] : ['number']
  return [typeof value]
}

function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function resolve(pointer: string, root: unknown): unknown {
  return pointer
    .slice(1)
    .split('/')
    .filter((name) => name !== '')
    .reduce((at, name) => (at as Schema)[name], root)
}
