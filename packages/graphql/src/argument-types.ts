/** Arguments that an application declares by text: `{ first: 'Int', text: { type: 'String!', description: '…' } }`. */
import { type GraphQLFieldConfigArgumentMap, GraphQLInputObjectType } from 'graphql'
import type { TypeRegistry } from './type-registry.ts'
import type { ArgumentDefinitions } from './type-text.ts'

export function argumentsOf(
  registry: TypeRegistry,
  declared: ArgumentDefinitions,
  path: string,
): GraphQLFieldConfigArgumentMap {
  return Object.fromEntries(
    Object.entries(declared).map(([name, definition]) => {
      const { type, ...rest } = typeof definition === 'string' ? { type: definition } : definition
      return [
        name,
        {
          type: registry.input(type, `${path}(${name}:)`),
          ...('default' in rest ? { defaultValue: rest.default } : {}),
          ...('description' in rest ? { description: rest.description ?? null } : {}),
        },
      ]
    }),
  )
}

/** An input type of the application: `inputs: { SearchInput: { text: 'String!', first: 'Int' } }`. */
export function declaredInput(
  registry: TypeRegistry,
  name: string,
  fields: ArgumentDefinitions,
): GraphQLInputObjectType {
  return registry.once(name, `the input ${name}`, () => {
    return new GraphQLInputObjectType({ name, fields: () => argumentsOf(registry, fields, name) })
  })
}
