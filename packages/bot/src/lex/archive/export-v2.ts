/** A bot out as Amazon Lex V2's archive, all its languages. What V2 cannot carry is told; without a warning it comes in again the same, to its hash. */
import type { BotModel } from '../../model/bot-model.ts'
import { ArchiveWarnings } from './archive-warnings.ts'
import type { ExportedBot } from './export-v1.ts'
import { defaultHook, v2Files } from './write-v2.ts'
import { writeZip } from './zip-files.ts'

export interface ExportV2Options {
  /** The version's number; default `DRAFT`. */
  readonly version?: string
  /** V2 does not name hooks: no warning is given of this one. Default `lambda`. */
  readonly hook?: string
}

export function exportV2(model: BotModel, options: ExportV2Options = {}): ExportedBot {
  const { version = 'DRAFT', hook = defaultHook } = options
  const warnings = new ArchiveWarnings()
  const bytes = writeZip(v2Files(model, version, hook, warnings))
  return { fileName: `${model.name}-${version}-LexJson.zip`, bytes, warnings: warnings.all }
}
