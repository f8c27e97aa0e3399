/** Where the palette leads: pages at once, entities and operations of the API when the server has told them. */
import { panels } from '../panels.ts'
import type { ServerManager } from '../server/server-manager.ts'
import type { Named } from './palette-match.ts'
import type { AppFacts } from './sidebar.tsx'

export interface Target extends Named {
  readonly href: string
}

export const pageTargets: readonly Target[] = panels.flatMap(({ name, entries }) =>
  entries.map(({ label, href }) => ({
    label: label === name ? name : `${name}: ${label}`,
    kind: 'page',
    href,
  })),
)

/** Without an answer there are only the pages: the shell says that the server is away. */
export async function loadTargets(
  server: ServerManager,
  signal: AbortSignal,
): Promise<readonly Target[]> {
  try {
    const facts = await server.ask<AppFacts>('/app', { signal })
    const entities = facts.entities.map((name) => ({
      label: name,
      kind: 'rows',
      href: `/model/rows/${encodeURIComponent(name)}`,
    }))
    return [...entities, ...(facts.api ? await operations(server, signal) : [])]
  } catch {
    return []
  }
}

async function operations(server: ServerManager, signal: AbortSignal): Promise<readonly Target[]> {
  const [{ readSdl }, sdl] = await Promise.all([
    import('../panels/api/read-sdl.ts'),
    server.text('/schema', signal),
  ])
  const roots = new Map([
    ['Query', 'query'],
    ['Mutation', 'mutation'],
    ['Subscription', 'subscription'],
  ])
  return readSdl(sdl).flatMap(({ name, fields }) => {
    const kind = roots.get(name)
    if (kind === undefined) return []
    return fields.map((field) => ({
      label: field.name,
      kind,
      href: `/api/schema?type=${name}&field=${encodeURIComponent(field.name)}`,
    }))
  })
}
