/** A bot out as Amazon Lex V1's archive: one language. What V1 cannot carry is told; without a warning it comes in again the same, to its hash. */
import { BotError } from '../../bot-error.ts'
import type { BotModel } from '../../model/bot-model.ts'
import { ArchiveWarnings } from './archive-warnings.ts'
import { v1Files } from './write-v1.ts'
import { writeZip } from './zip-files.ts'

export interface ExportedBot {
  readonly fileName: string
  /** A zip. */
  readonly bytes: Uint8Array
  /** What the format could not carry, each with its place in the bot. */
  readonly warnings: readonly string[]
}

export interface ExportV1Options {
  /** The version's number; default `$LATEST`. */
  readonly version?: string
  /** The language that the archive holds; default the bot's own. */
  readonly locale?: string
}

/** @throws {BotError} NOT_FOUND for a language that the bot does not speak */
export function exportV1(model: BotModel, options: ExportV1Options = {}): ExportedBot {
  const { version = '$LATEST', locale = model.defaultLocale } = options
  const spoken = Object.hasOwn(model.locales, locale) ? model.locales[locale] : undefined
  if (spoken === undefined) {
    throw new BotError('NOT_FOUND', `${model.name} does not speak ${locale}`)
  }
  const warnings = new ArchiveWarnings()
  const bytes = writeZip(v1Files(model, spoken, version, warnings))
  const fileName = `${model.name}_${version.replace('$', '')}_Bot_LEX_V1.zip`
  return { fileName, bytes, warnings: warnings.all }
}
