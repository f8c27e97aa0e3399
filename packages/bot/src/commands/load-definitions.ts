/** The bots of a file: a module that exports definitions (or functions that make them), JSON, or a Lex export archive. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, extname, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { BotError } from '../bot-error.ts'
import { importArchive } from '../lex/archive/import-archive.ts'
import type { BotModel } from '../model/bot-model.ts'
import type { BotDefinition } from '../model/define-bot.ts'

export interface LoadedBots {
  readonly bots: readonly (BotDefinition | BotModel)[]
  /** What the file's format could not say. */
  readonly warnings: readonly string[]
  /** Where hooks that are files lie. */
  readonly root: string
}

/** @throws {BotError} BAD_INPUT naming the file */
export async function loadDefinitions(file: string): Promise<LoadedBots> {
  const path = resolve(file)
  const root = dirname(path)
  const kind = extname(path).toLowerCase()
  try {
    if (kind === '.zip') {
      const { model, warnings } = importArchive(await readFile(path))
      return { bots: [model], warnings, root }
    }
    if (kind === '.json') {
      // Checked when it is built, which names every place that is wrong.
      const bot = JSON.parse(await readFile(path, 'utf8')) as BotDefinition | BotModel
      return { bots: [bot], warnings: [], root }
    }
    const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(path).href)
    return { bots: await definitionsOf(module), warnings: [], root }
  } catch (cause) {
    if (cause instanceof BotError) throw cause
    if (!existsSync(path)) throw new BotError('NOT_FOUND', `there is no file ${file}`, { cause })
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new BotError('BAD_INPUT', `${file} cannot be read: ${reason}`, { cause })
  }
}

async function definitionsOf(module: Readonly<Record<string, unknown>>): Promise<BotDefinition[]> {
  const found: BotDefinition[] = []
  for (const exported of new Set(Object.values(module))) {
    for (const one of Array.isArray(exported) ? exported : [exported]) {
      if (isDefinition(one)) found.push(one)
    }
  }
  if (found.length > 0) return found
  throw new BotError(
    'BAD_INPUT',
    'it exports no bot; write "export const bot = defineBot({ name, intents })"',
  )
}

function isDefinition(value: unknown): value is BotDefinition {
  return typeof value === 'object' && value !== null && 'name' in value && 'intents' in value
}
