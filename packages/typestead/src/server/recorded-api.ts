/**
 * The API that was served last from this data folder: `schema.graphql`, what `typestead plan` compares with. A file
 * there that is no schema counts as none: whoever compares says so, and the next start replaces it.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeAtomically } from '../config/data-folder.ts'
import { loadGraphql } from '../config/installed.ts'
import type { LoadedApp } from '../config/load-config.ts'
import { apiChanges } from '../plan/graphql-consumer.ts'
import type { Logger } from './log.ts'

export interface RecordedApi {
  /** Undefined when none was served yet, or what is there cannot be read. */
  readonly sdl?: string
  /** For people: why it cannot be read. */
  readonly problem?: string
}

type Place = Pick<LoadedApp, 'data' | 'folder'>

/** @param now the API as it would be served; one that is recorded word for word needs no look */
export async function recordedApi({ data, folder }: Place, now: string): Promise<RecordedApi> {
  const file = fileIn(data)
  if (!existsSync(file)) return {}
  try {
    const sdl = readFileSync(file, 'utf8')
    if (sdl !== now) await checkSchema(folder, sdl)
    return { sdl }
  } catch (error) {
    if (!(error instanceof UnreadableSchema) && !isFileError(error)) throw error
    const [reason = ''] = error.message.split('\n')
    return {
      problem: `${file} cannot be read as the schema served before (${reason}), so the API is compared with none; the next start writes it anew`,
    }
  }
}

/** Keeps the schema that is served from now on, and warns of what breaks clients of the earlier one. */
export async function recordApi(place: Place, sdl: string, log: Logger): Promise<void> {
  const before = await recordedApi(place, sdl)
  if (before.sdl === sdl) return
  if (before.problem !== undefined) log.warn({}, before.problem)
  if (before.sdl !== undefined) {
    const changes = await apiChanges(place.folder, before.sdl, sdl)
    for (const { severity, summary } of changes) {
      if (severity === 'breaking')
        log.warn({ change: summary }, 'the API breaks clients of the one served before')
    }
  }
  writeAtomically(fileIn(place.data), sdl)
}

function fileIn(data: string): string {
  return join(data, 'schema.graphql')
}

class UnreadableSchema extends Error {}

async function checkSchema(folder: string, sdl: string): Promise<void> {
  const { schemaChanges } = await loadGraphql(folder)
  try {
    // A text that can be compared with itself is a schema.
    schemaChanges(sdl, sdl)
  } catch (cause) {
    throw new UnreadableSchema(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error
}
