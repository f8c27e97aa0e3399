/** The API that was served last from this data folder: `schema.graphql`, what `typestead plan` compares with. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeAtomically } from '../config/data-folder.ts'
import type { LoadedApp } from '../config/load-config.ts'
import { apiChanges } from '../plan/graphql-consumer.ts'
import type { Logger } from './log.ts'

export function recordedApi(data: string): string | undefined {
  const file = join(data, 'schema.graphql')
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

/** Keeps the schema that is served from now on, and warns of what breaks clients of the earlier one. */
export async function recordApi(
  { data, folder }: LoadedApp,
  sdl: string,
  log: Logger,
): Promise<void> {
  const before = recordedApi(data)
  if (before === sdl) return
  if (before !== undefined) {
    const changes = await apiChanges(folder, before, sdl)
    for (const { severity, summary } of changes) {
      if (severity === 'breaking')
        log.warn({ change: summary }, 'the API breaks clients of the one served before')
    }
  }
  writeAtomically(join(data, 'schema.graphql'), sdl)
}
