/** The folder of a bot in an archive of many files; knows what was read of it. */
import type { z } from 'zod'
import { BotError } from '../../bot-error.ts'
import type { ArchiveWarnings } from './archive-warnings.ts'
import { checked, parseJson } from './json-file.ts'

export type Files = ReadonlyMap<string, Uint8Array>

export class ArchiveTree {
  readonly #files: Files
  readonly #folder: string
  readonly #warnings: ArchiveWarnings
  readonly #read = new Set<string>()
  /** Names in each folder, in the archive's order. */
  readonly #children = new Map<string, Set<string>>()

  constructor(files: Files, folder: string, warnings: ArchiveWarnings) {
    this.#files = files
    this.#folder = folder
    this.#warnings = warnings
    for (const name of files.keys()) {
      if (!name.startsWith(folder)) continue
      const parts = name.slice(folder.length).split('/')
      for (let depth = 1; depth < parts.length; depth++) {
        const parent = parts.slice(0, depth).join('/')
        const known = this.#children.get(parent) ?? new Set()
        this.#children.set(parent, known.add(parts[depth] as string))
      }
    }
  }

  /** Folders right below one. */
  below(path: string): readonly string[] {
    const names = this.#children.get(path) ?? []
    return [...names]
      .filter((name) => this.#children.has(`${path}/${name}`))
      .map((name) => `${path}/${name}`)
  }

  read<Schema extends z.ZodType>(path: string, schema: Schema): z.output<Schema> {
    this.#read.add(path)
    return readFile(this.#files, this.#folder + path, schema)
  }

  warnOfRest(): void {
    for (const name of this.#files.keys()) {
      const path = name.slice(this.#folder.length)
      if (!name.startsWith(this.#folder) || path === 'Bot.json' || this.#read.has(path)) continue
      // Where the console draws the boxes of a flow.
      if (path.endsWith('/ConversationFlow.json')) continue
      this.#warnings.add(name.slice(0, 200), 'is not part of what is understood; left out')
    }
  }
}

/** @throws {BotError} BAD_INPUT with the file and the path in it */
export function readFile<Schema extends z.ZodType>(
  files: Files,
  name: string,
  schema: Schema,
): z.output<Schema> {
  const bytes = files.get(name)
  if (bytes === undefined) throw new BotError('BAD_INPUT', `the archive has no ${name}`)
  return checked(name, schema, parseJson(name, bytes))
}
