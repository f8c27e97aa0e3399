/** What a new schema changes for those who use the old one. */
import {
  buildSchema,
  findBreakingChanges,
  findDangerousChanges,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isObjectType,
} from 'graphql'

export interface ApiChange {
  /** `breaking`: queries that worked fail. `dangerous`: they work, but may answer otherwise. `safe`: nobody notices. */
  readonly effect: 'safe' | 'dangerous' | 'breaking'
  /** Where: a type, a field or an argument. */
  readonly path: string
  readonly summary: string
}

/** Every difference, the breaking ones first; schemas as such or in GraphQL's own language. */
export function schemaChanges(
  before: GraphQLSchema | string,
  after: GraphQLSchema | string,
): readonly ApiChange[] {
  const [from, to] = [schemaOf(before), schemaOf(after)]
  const told =
    (effect: 'dangerous' | 'breaking') => (change: { readonly description: string }) => ({
      effect,
      path: pathOf(change.description),
      summary: change.description,
    })
  return [
    ...findBreakingChanges(from, to).map(told('breaking')),
    ...findDangerousChanges(from, to).map(told('dangerous')),
    ...additions(from, to),
  ]
}

function schemaOf(schema: GraphQLSchema | string): GraphQLSchema {
  return typeof schema === 'string' ? buildSchema(schema) : schema
}

/** The place that a sentence of graphql-js names first: `User.email was removed.` */
function pathOf(description: string): string {
  return (
    /[A-Z_a-z]\w*\.\w+(\.\w+)*/.exec(description)?.[0] ??
    /[A-Z]\w*(?= )/.exec(description)?.[0] ??
    ''
  )
}

function additions(from: GraphQLSchema, to: GraphQLSchema): ApiChange[] {
  const changes: ApiChange[] = []
  const safe = (path: string, summary: string) => changes.push({ effect: 'safe', path, summary })
  for (const type of Object.values(to.getTypeMap())) {
    if (isIntrospectionType(type)) continue
    const old = from.getType(type.name)
    if (!old) safe(type.name, `${type.name} was added.`)
    else compareFields(old, type, safe)
  }
  return changes
}

function compareFields(
  old: GraphQLNamedType,
  type: GraphQLNamedType,
  safe: (path: string, summary: string) => void,
): void {
  if (isObjectType(old) && isObjectType(type)) {
    const before = old.getFields()
    for (const field of Object.values(type.getFields())) {
      const path = `${type.name}.${field.name}`
      const known = before[field.name]
      if (!known) safe(path, `${path} was added.`)
      else if (!known.deprecationReason && field.deprecationReason) {
        safe(path, `${path} was deprecated: ${field.deprecationReason}`)
      }
      const newlyRequired = known && String(field.type) === `${known.type}!`
      if (newlyRequired) safe(path, `${path} is never null any more.`)
    }
  }
  if (isInputObjectType(old) && isInputObjectType(type)) {
    for (const field of Object.values(type.getFields())) {
      const path = `${type.name}.${field.name}`
      const known = old.getFields()[field.name]
      if (known && String(known.type) === `${field.type}!`)
        safe(path, `${path} is no longer required.`)
    }
  }
  if (isEnumType(old) && isEnumType(type)) {
    for (const value of type.getValues()) {
      const known = old.getValue(value.name)
      if (known && !known.deprecationReason && value.deprecationReason) {
        safe(`${type.name}.${value.name}`, `${type.name}.${value.name} was deprecated.`)
      }
    }
  }
}
