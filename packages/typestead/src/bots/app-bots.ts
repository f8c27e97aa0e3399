/**
 * The bots of an app: their service on the app's journal, Amazon Lex's API at `/lex`, the messengers that the config names.
 * A bot whose definition is another than the one that its alias serves is built and published when the app starts.
 */
import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import type { Adapter, BotService, Transcript, UpgradeHandler } from '@typestead/bot'
import type { Journal } from '@typestead/journal'
import type { Database } from '@typestead/store'
import type { App, SignedIn } from '../config/define-config.ts'
import { loadBot, loadStoreSql } from '../config/installed.ts'
import type { LoadedApp } from '../config/load-config.ts'
import type { NluService } from '../nlu/nlu-service.ts'
import { TypesteadError } from '../typestead-error.ts'
import { adaptersOf } from './app-adapters.ts'
import type { BotsConfig } from './bots-config.ts'

type BotPackage = typeof import('@typestead/bot')

export interface AppBotsOptions {
  readonly app: LoadedApp
  readonly config: BotsConfig
  /** What definitions get. */
  readonly context: App
  readonly journal: Journal
  /** Its vocabularies are the bots' too. */
  readonly nlu: NluService | undefined
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
  async transcriptFile({ conversation, turns }: Transcript): Promise<string> {
    const { bot, alias } = conversation
    const version = turns.at(-1)?.version ?? alias
    const { model } = await this.service.model(bot, version)
    const locale = model.locales[model.defaultLocale]
    const { toTranscript, writeTranscript } = this.#bot
    return writeTranscript(toTranscript(turns, { bot, ...(locale ? { model: locale } : {}) }))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.service.close()
    await Promise.all(this.#adapters.map((adapter) => adapter.close?.()))
    await this.#hooks.close()
  }
}

/** @throws {TypesteadError} `PACKAGE_MISSING`, `BOT_INVALID` naming every place of a definition that is wrong */
export async function openAppBots(options: AppBotsOptions): Promise<AppBots> {
  const { app, config, context, journal, nlu } = options
  const { log, data, db } = context
  const bot = await loadBot(app.folder)
  const hooks = bot.hookRegistry({
    root: app.folder,
    isolation: 'process',
    onWarning: (text) => log.warn({}, text),
  })
  for (const [name, hook] of Object.entries(config.hooks ?? {})) hooks.register(name, hook)
  const classifier = bot.nluUnderstanding({
    folder: join(data, 'bots'),
    ...(nlu === undefined ? {} : { vocabularies: nlu.registry.vocabularies }),
  })
  const service = await bot.openBots({
    journal,
    hooks,
    understander: config.understanding?.(classifier) ?? classifier,
    onError: (error) => log.error({ error }, 'bots'),
    ...(config.timeZone === undefined ? {} : { timeZone: config.timeZone }),
    ...(await transactionsOf(app.folder, db)),
  })
  const alias = config.alias ?? 'prod'
  try {
    for (const definition of await config.define(context)) {
      await publish(service, definition, alias)
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

async function publish(
  service: BotService,
  definition: Parameters<BotService['build']>[0],
  alias: string,
): Promise<void> {
  try {
    await service.build(definition)
    await service.publish(definition.name, { alias })
  } catch (cause) {
    if (!(cause instanceof Error) || !('issues' in cause)) throw cause
    throw new TypesteadError('BOT_INVALID', `the bot ${definition.name}: ${cause.message}`, {
      cause,
    })
  }
}
