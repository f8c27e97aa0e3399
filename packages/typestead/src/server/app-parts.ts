/** The parts of an app that need no store: its pages and its models are made ready while the store opens. */
import { resolve } from 'node:path'
import { problemOf, valueReaders } from '../bots/value-readers.ts'
import type { AppConfig, AppLog } from '../config/define-config.ts'
import type { LoadedApp } from '../config/load-config.ts'
import type { Secrets } from '../config/secrets.ts'
import { nluToken } from '../nlu/nlu-config.ts'
import { type NluService, openNlu } from '../nlu/nlu-service.ts'
import { builtPages } from '../pages/built-pages.ts'
import { PageFiles } from '../pages/page-files.ts'
import { TypesteadError } from '../typestead-error.ts'

export interface PartsOptions {
  readonly app: LoadedApp
  readonly log: AppLog
  readonly secrets: Secrets
  readonly stop: AbortSignal
}

export interface Parts {
  readonly pages?: PageFiles
  readonly nlu?: NluService
}

/** @throws {TypesteadError} `CONFIG_INVALID`, `PACKAGE_MISSING`, `BUILD_FAILED`, `TRAINING_FAILED` */
export async function openParts(options: PartsOptions): Promise<Parts> {
  const [pages, nlu] = await Promise.all([pagesOf(options), nluOf(options)])
  return { ...(pages ? { pages } : {}), ...(nlu ? { nlu } : {}) }
}

/** The app's pages; they are built while the store opens. */
async function pagesOf({ app, stop }: PartsOptions): Promise<PageFiles | undefined> {
  const { pages } = app.config
  if (pages === undefined) return undefined
  const folder = resolve(app.folder, pages)
  return new PageFiles(await builtPages({ folder, data: app.data, signal: stop }))
}

/** The app's models; those that are missing are trained while the store opens. */
async function nluOf({ app, log, secrets, stop }: PartsOptions): Promise<NluService | undefined> {
  const { nlu } = app.config
  if (nlu === undefined) return undefined
  checkVocabularies(app.config)
  const service = await openNlu({
    config: nlu,
    folder: app.folder,
    data: app.data,
    token: secrets.get(nluToken),
    log,
    signal: stop,
  })
  await service.trainMissing()
  return service
}

/** Not with the config's other checks: `typestead plan` shows what a changed field does before a start refuses it. */
function checkVocabularies({ model, nlu }: AppConfig): void {
  const { readers } = valueReaders({ vocabularies: nlu?.vocabularies })
  const problems = readers.flatMap((reader) => {
    const problem = problemOf(model.metas, reader)
    return problem === undefined ? [] : [`${reader.path}: ${problem}`]
  })
  if (problems.length > 0) throw new TypesteadError('CONFIG_INVALID', problems.join('\n  '))
}
