/**
 * Bots in from Amazon Lex's export archives, V1 and V2, told apart by what they hold. Archives are hostile until read: sizes, names
 * and JSON are checked, and the bot against the limits of a bot.
 */
import { BotError } from '../../bot-error.ts'
import type { BotModel } from '../../model/bot-model.ts'
import { checkModel } from '../../model/check-model.ts'
import { sealModel } from '../../model/compile-bot.ts'
import { ArchiveWarnings } from './archive-warnings.ts'
import { readV1 } from './read-v1.ts'
import { readV2 } from './read-v2.ts'
import { defaultHook } from './write-v2.ts'
import { type ArchiveLimits, readZip } from './zip-files.ts'

export interface ImportOptions {
  /** What enabled code hooks of a V2 archive are called. Default `lambda`. */
  readonly hook?: string
  readonly limits?: ArchiveLimits
}

export interface ImportedBot {
  readonly format: 'lex-v1' | 'lex-v2'
  /** Checked against the limits; ready for `build`. */
  readonly model: BotModel
  /** What is not understood here, and what a reader should look at. */
  readonly warnings: readonly string[]
}

/** @throws {BotError} BAD_INPUT with every issue, LIMIT for an archive past the limits, FORMAT for a newer one */
export function importArchive(bytes: Uint8Array, options: ImportOptions = {}): ImportedBot {
  const warnings = new ArchiveWarnings()
  const files = readZip(bytes, options.limits)
  const manifest = manifestOf(files)
  const model = sealModel(
    manifest === undefined
      ? readV1(...onlyJson(files), warnings)
      : readV2(files, manifest, options.hook ?? defaultHook, warnings),
  )
  const { issues, warnings: more } = checkModel(model)
  if (issues.length > 0) {
    const [first] = issues
    throw new BotError(
      'BAD_INPUT',
      `bot ${model.name} is past what is allowed: ${first?.path}: ${first?.message}${issues.length > 1 ? ` (and ${issues.length - 1} more)` : ''}`,
      { issues },
    )
  }
  return {
    format: manifest === undefined ? 'lex-v1' : 'lex-v2',
    model,
    warnings: [...warnings.all, ...more],
  }
}

/** At the top, or in the only folder that whoever zipped it put around everything. */
function manifestOf(files: ReadonlyMap<string, unknown>): string | undefined {
  return [...files.keys()].find((name) => /^(?:[^/]+\/)?manifest\.json$/i.test(name))
}

function onlyJson(files: ReadonlyMap<string, Uint8Array>): [string, Uint8Array] {
  // What a Mac adds to every archive.
  const json = [...files].filter(([name]) => /\.json$/i.test(name) && !name.startsWith('__MACOSX/'))
  const [only] = json
  if (only === undefined || json.length > 1) {
    throw new BotError(
      'BAD_INPUT',
      `this is no export of Lex: V1's has one JSON file, V2's a Manifest.json; it has ${json.length} JSON files`,
    )
  }
  return only
}
