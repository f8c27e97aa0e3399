/** The part of the plan that clients of the API see: what of its schema is added, deprecated or gone. */
import { loadGraphql } from '../config/installed.ts'
import type { PlanConsumer, PlanEffect } from './consumer.ts'

/** @param before the schema that clients know; undefined when none was served yet */
export function graphqlConsumer(
  folder: string,
  before: string | undefined,
  after: string,
): PlanConsumer {
  return {
    name: 'GraphQL',
    async effects({ after: { entities } }) {
      if (before === undefined || before === after) return []
      const names = entities.map((entity) => entity.name)
      const changes = await apiChanges(folder, before, after)
      return changes.map(({ path, ...effect }) => {
        const entity = entityOf(path, names)
        return entity === undefined ? effect : { ...effect, entity }
      })
    },
  }
}

export interface ApiEffect extends PlanEffect {
  /** The type, field or argument. */
  readonly path: string
}

/** All changes of a schema, each with what it does to clients. */
export async function apiChanges(
  folder: string,
  before: string,
  after: string,
): Promise<readonly ApiEffect[]> {
  const { schemaChanges } = await loadGraphql(folder)
  return schemaChanges(before, after).map(({ effect, path, summary }) => ({
    severity: effect,
    summary,
    path,
  }))
}

/** The entity whose type it is: `User`, `UserCreateInput`, `UserFilter`. The longest name counts. */
function entityOf(path: string, names: readonly string[]): string | undefined {
  const [type = ''] = path.split('.')
  const longestFirst = [...names].sort((a, b) => b.length - a.length)
  return longestFirst.find(
    (name) => type.startsWith(name) && suffixes.test(type.slice(name.length)),
  )
}

const suffixes = /^(CreateInput|UpdateInput|Filter|OrderBy|Connection|Edge|Page|[A-Z][a-z]+)?$/
