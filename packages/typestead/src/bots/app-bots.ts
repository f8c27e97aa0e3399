/**
 * The bots of an app: their service on the app's journal, Amazon Lex's API at `/lex`, the messengers that the config names.
 * A bot whose definition is another than the one released before is built and published when the app starts.
 */
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import type { Adapter, BotDefinition, BotService, Transcript, UpgradeHandler } from '@typestead/bot'
import type { Journal } from '@typestead/journal'
import type { Database } from '@typestead/store'
import type { Registry } from 'prom-client'
import type { App, AppLog, SignedIn } from '../config/define-config.ts'
import { loadBot, loadStoreSql } from '../config/installed.ts'
import type { LoadedApp } from '../config/load-config.ts'
import { keepVocabularies, type Lists } from '../nlu/live-vocabulary.ts'
import type { VocabularyConfig } from '../nlu/nlu-config.ts'
import type { NluService } from '../nlu/nlu-service.ts'
import { TypesteadError } from '../typestead-error.ts'
import { adaptersOf } from './app-adapters.ts'
import type { BotsConfig } from './bots-config.ts'
import { metaOf, problemOf, valueReaders } from './value-readers.ts'

type BotPackage = typeof import('@typestead/bot')

export interface AppBotsOptions {
  readonly app: LoadedApp
  readonly config: BotsConfig
  /** What definitions get. */
  readonly context: App
  readonly journal: Journal
  /** Its vocabularies are the bots' too. */
  readonly nlu: NluService | undefined
  /** What `/metrics` shows. */
  readonly registry: Registry
  /** Who sent a request for a socket. */
  readonly identify: (request: IncomingMessage) => Promise<SignedIn | undefined>
}

export class AppBots implements AsyncDisposable {
  readonly service: BotService
  readonly #bot: BotPackage
  readonly #lex: (request: Request) => Promise<Response>
  readonly #routes = new Map<string, (request: Request) => Promise<Response>>()
  readonly #upgrades = new Map<string, UpgradeHandler>()
  readonly #adapters: readonly Adapter[]
  readonly #hooks: { close(): Promise<void> }

  constructor(
    bot: BotPackage,
    service: BotService,
    hooks: { close(): Promise<void> },
    adapters: readonly Adapter[],
    lex: (request: Request) => Promise<Response>,
  ) {
    this.#bot = bot
    this.service = service
    this.#hooks = hooks
    this.#adapters = adapters
    this.#lex = lex
    for (const { routes, upgrades = {} } of adapters) {
      for (const [path, handler] of Object.entries(routes)) this.#routes.set(path, handler)
      for (const [path, handler] of Object.entries(upgrades)) this.#upgrades.set(path, handler)
    }
  }

  /** Answers at the paths of bots; undefined at others. */
  answer(request: Request, path: string): Promise<Response> | undefined {
    if (path.startsWith('/lex/')) return this.#lex(request)
    return this.#routes.get(path)?.(request)
  }

  upgradeAt(path: string): UpgradeHandler | undefined {
    return this.#upgrades.get(path)
  }

  /** The states of a bot as SVG. */
  draw(model: Parameters<BotPackage['drawBot']>[0], locale: string): string {
    return this.#bot.drawBot(model, { locale })
  }

  /** A conversation as a test in YAML, with personal data masked. */
  async transcriptFile({ conversation, turns, session }: Transcript): Promise<string> {
    const { bot, alias } = conversation
    const version = turns.at(-1)?.version ?? alias
    const { model } = await this.service.model(bot, version)
    const spoken = session?.locale ?? model.defaultLocale
    const locale = model.locales[spoken]
    const { toTranscript, writeTranscript } = this.#bot
    const named = spoken === model.defaultLocale ? {} : { locale: spoken }
    const options = { bot, ...named, ...(locale ? { model: locale } : {}) }
    return writeTranscript(toTranscript(turns, options))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.service.close()
    await Promise.all(this.#adapters.map((adapter) => adapter.close?.()))
    await this.#hooks.close()
  }
}

/** @throws {TypesteadError} `PACKAGE_MISSING`, `BOT_INVALID` naming every place of a definition that is wrong */
export async function openAppBots(options: AppBotsOptions): Promise<AppBots> {
  const { app, config, context, journal, nlu, registry } = options
  const { log, data, db } = context
  const bot = await loadBot(app.folder)
  const { named = {}, ...limits } = config.hooks ?? {}
  const hooks = bot.hookRegistry({
    ...limits,
    root: app.folder,
    hooks: named,
    onWarning: (hook, message) => log.warn({ hook }, message),
  })
  const classifier = bot.nluUnderstanding({
    folder: join(data, 'bots'),
    ...(nlu === undefined ? {} : { vocabularies: nlu.registry.vocabularies }),
  })
  const service = await bot.openBots({
    journal,
    hooks,
    metrics: registry,
    understander: config.understanding?.(classifier) ?? classifier,
    onError: (error) => log.error({ error }, 'bots'),
    ...(config.timeZone === undefined ? {} : { timeZone: config.timeZone }),
    ...(await transactionsOf(app.folder, db)),
  })
  const alias = config.alias ?? 'prod'
  try {
    const definitions = await config.define(context)
    await keepValues(options, definitions, classifier.vocabularies)
    for (const definition of definitions) {
      await release(service, definition, { alias, log })
    }
    const adapters = adaptersOf(bot, options)
    for (const { adapter, bot: name } of adapters) service.connect(adapter, { bot: name, alias })
    const lex = bot.lexApi(service, {
      basePath: '/lex',
      onError: (error) => log.error({ error }, 'lex'),
    })
    return new AppBots(
      bot,
      service,
      hooks,
      adapters.map(({ adapter }) => adapter),
      lex,
    )
  } catch (error) {
    await service.close()
    await hooks.close()
    throw error
  }
}

/** Where the journal is in the store's own server, what a hook does to rows is kept with the turn. */
async function transactionsOf(folder: string, db: Database) {
  const { connectionOf, sqlStore } = await loadStoreSql(folder)
  if (connectionOf(db) === null) return {}
  return { db: { host: db, runner: (tx: unknown) => sqlStore(tx as Database) } }
}

/**
 * Values of the fields that slot types name are there before a model is made of them, and follow the store from then on; those that
 * vocabularies of the config's `nlu` hold are kept by it already. @throws {TypesteadError} `BOT_INVALID`
 */
async function keepValues(
  { app: { config }, context: { db, log, signal } }: AppBotsOptions,
  definitions: readonly BotDefinition[],
  lists: Lists,
): Promise<void> {
  const { metas } = config.model
  const vocabularies = config.nlu?.vocabularies ?? {}
  const { readers, unknown } = valueReaders({ vocabularies, definitions })
  const problems = [
    ...unknown.map(
      ({ bot, path, vocabulary }) =>
        `${bot}: ${path}: the config's nlu has no vocabulary "${vocabulary}"`,
    ),
    ...readers.flatMap((reader) => {
      const problem = problemOf(metas, reader)
      return problem === undefined ? [] : [`${reader.path}: ${problem}`]
    }),
  ]
  if (problems.length > 0)
    throw new TypesteadError('BOT_INVALID', `the bots:\n  ${problems.join('\n  ')}`)
  const read: Record<string, VocabularyConfig> = {}
  for (const { vocabulary, entity, field } of readers) {
    const meta = metaOf(metas, entity)
    if (meta !== undefined && !Object.hasOwn(vocabularies, vocabulary))
      read[vocabulary] = { entity: meta.entity, field }
  }
  const onError = (error: unknown) => log.error({ error }, 'values of slot types')
  await keepVocabularies({ db, vocabularies: read, lists, signal, onError })
}

/** What people have made of a bot since its last release is theirs to see: it is told when it is served, and when it is replaced. */
async function release(
  service: BotService,
  definition: BotDefinition,
  { alias, log }: { readonly alias: string; readonly log: AppLog },
): Promise<void> {
  const { name: bot } = definition
  try {
    const { version, state, replaced, warnings } = await service.release(definition, { alias })
    for (const warning of warnings) log.warn({ bot }, warning)
    if (state === 'changed') {
      log.warn(
        { bot, alias, version },
        'the alias serves another version than the config defines; it stays until the definition changes, or the alias is set back',
      )
    }
    if (replaced !== null) {
      log.warn(
        { bot, alias, version, replaced },
        'the config defines the bot anew; the version that was served instead of its last definition is served no more',
      )
    }
  } catch (cause) {
    if (!(cause instanceof Error) || !('issues' in cause)) throw cause
    throw new TypesteadError('BOT_INVALID', `the bot ${bot}: ${cause.message}`, { cause })
  }
}
