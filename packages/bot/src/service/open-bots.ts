/**
 * Opens the service that keeps bots, on a journal's database. All processes that open it there share bots and conversations.
 * Closing it lets turns in flight end; what was accepted and not answered yet is answered by whoever opens it next.
 */
import { createHash, randomUUID } from 'node:crypto'
import { Journal, openJournal } from '@typestead/journal'
import type { Adapter, IncomingMessage } from '../adapters/adapter.ts'
import { BotError } from '../bot-error.ts'
import type { Session } from '../dialogue/session.ts'
import { hookRegistry } from '../hooks/hook-registry.ts'
import type { BotModel } from '../model/bot-model.ts'
import type { BotDefinition } from '../model/define-bot.ts'
import { nluUnderstanding } from '../understanding/nlu-understanding.ts'
import { BotMetrics } from './bot-metrics.ts'
import type { BotHooks, BotsOptions } from './bots-options.ts'
import { checkTexts } from './checked-texts.ts'
import { Forgetting } from './forgetting.ts'
import { Happenings } from './happenings.ts'
import { conversationId } from './kept/conversation-id.ts'
import { ConversationLog } from './kept/conversation-log.ts'
import { ConversationStore } from './kept/conversation-store.ts'
import { RetentionSweep } from './kept/retention.ts'
import { asBotError } from './kept/storage-error.ts'
import { prepareTables } from './kept/tables.ts'
import { AtOnce } from './messages/at-once.ts'
import { Intake, type Received } from './messages/intake.ts'
import { Messengers } from './messages/messengers.ts'
import { BotReleases } from './releases/bot-releases.ts'
import { ModelShelf } from './releases/model-shelf.ts'
import { VersionRegistry } from './releases/version-registry.ts'
import type * as contract from './service-contract.ts'
import { ConversationRunner } from './turns/conversation-runner.ts'
import { HandOff } from './turns/hand-off.ts'
import { PreparedUnderstander } from './turns/prepared-understander.ts'
import { plain } from './turns/turn-commit.ts'
import type { Happened, TurnInput } from './turns/turn-input.ts'

const day = 86_400_000
/** Milliseconds after which a claim on a conversation is over, whatever its process does: ten hooks of 30 seconds. */
const claimFor = 330_000
const textLimit = 8_000
const requestLimit = 300

/** @throws {BotError} FORMAT, UNAVAILABLE; {JournalError} of the journal that is opened */
export async function openBots<Tx>(options: BotsOptions<Tx>): Promise<contract.BotService> {
  const isOwn = !(options.journal instanceof Journal)
  const journal =
    options.journal instanceof Journal ? options.journal : await openJournal(options.journal)
  try {
    await prepareTables(journal)
    // The service hands a transaction of `db` to `db.runner` alone, so what it is matters to nobody else.
    return new JournaledBots(journal, isOwn, options as BotsOptions)
  } catch (error) {
    if (isOwn) await journal.close()
    throw asBotError(error)
  }
}

class JournaledBots implements contract.BotService {
  readonly #journal: Journal
  readonly #ownsJournal: boolean
  /** Used where the caller gives none; it starts nothing before it is used. */
  readonly #ownHooks = hookRegistry({ isolation: 'process' })
  readonly #now: () => number
  readonly #store: ConversationStore
  readonly #shelf: ModelShelf
  readonly #registry: VersionRegistry
  readonly #releases: BotReleases
  readonly #handOff: HandOff
  readonly #runner: ConversationRunner
  readonly #intake: Intake
  readonly #atOnce: AtOnce
  readonly #messengers: Messengers
  readonly #forgetting: Forgetting
  readonly #log: ConversationLog
  readonly #happenings: Happenings
  readonly #sweep: RetentionSweep
  #closing: Promise<void> | undefined

  constructor(journal: Journal, ownsJournal: boolean, options: BotsOptions) {
    const { db, now = Date.now, random = Math.random, timeZone = 'UTC', onError = warn } = options
    const {
      understandingTimeout = 10_000,
      patience = 60_000,
      keep,
      retry,
      concurrency = 32,
    } = options
    this.#journal = journal
    this.#ownsJournal = ownsJournal
    this.#now = now
    const understander = new PreparedUnderstander(options.understander ?? nluUnderstanding())
    const hooks: BotHooks = options.hooks ?? this.#ownHooks
    this.#store = new ConversationStore(journal, claimFor)
    this.#shelf = new ModelShelf(journal)
    this.#happenings = new Happenings(journal, now, onError)
    this.#registry = new VersionRegistry(journal, this.#shelf, now, (bot, at) =>
      this.#happenings.botChanged(bot, at),
    )
    const metrics = options.metrics && new BotMetrics(options.metrics, journal, onError)
    this.#runner = new ConversationRunner({
      journal,
      metrics,
      store: this.#store,
      registry: this.#registry,
      shelf: this.#shelf,
      understander,
      happenings: this.#happenings,
      hooks,
      db,
      now,
      random,
      timeZone,
      understandingTimeout,
      patience,
    })
    this.#releases = new BotReleases({
      registry: this.#registry,
      shelf: this.#shelf,
      understander,
      hooks,
    })
    this.#handOff = new HandOff(this.#runner)
    this.#intake = new Intake(journal, this.#store)
    this.#atOnce = new AtOnce(
      { intake: this.#intake, store: this.#store, runner: this.#runner },
      concurrency,
    )
    this.#messengers = new Messengers({
      journal,
      metrics,
      atOnce: this.#atOnce,
      runner: this.#runner,
      happenings: this.#happenings,
      now,
      onError,
      attempts: { deliver: retry?.deliver ?? 12, turn: retry?.turn ?? 5 },
      retry: { first: retry?.first ?? 500, longest: retry?.longest ?? 300_000 },
      concurrency,
    })
    this.#forgetting = new Forgetting(journal, this.#messengers, this.#happenings)
    this.#log = new ConversationLog(journal, this.#shelf)
    const retention = {
      // A session lies in the log, and lives for a day at most.
      turns: Math.max(2, keep?.turns ?? 90) * day,
      seenIds: (keep?.seenIds ?? 7) * day,
    }
    this.#sweep = new RetentionSweep(journal, retention, onError)
  }

  build(definition: BotDefinition | BotModel, options: contract.BuildOptions = {}) {
    return this.#open(() => this.#releases.build(definition, options))
  }

  publish(bot: string, options: contract.PublishOptions = {}) {
    return this.#open(() => this.#releases.publish(bot, options))
  }

  release(definition: BotDefinition, { alias }: { readonly alias: string }) {
    return this.#open(() => this.#releases.release(definition, alias))
  }

  setAlias(bot: string, alias: string, version: string, checksum?: string) {
    return this.#open(() => this.#releases.setAlias(bot, alias, version, checksum))
  }

  deleteAlias(bot: string, alias: string) {
    return this.#open(() => this.#releases.deleteAlias(bot, alias))
  }

  deleteBot(bot: string) {
    return this.#open(() => this.#releases.deleteBot(bot))
  }

  bots() {
    return this.#open(() => this.#registry.bots())
  }

  versions(bot: string) {
    return this.#open(() => this.#registry.versions(bot))
  }

  aliases(bot: string) {
    return this.#open(() => this.#registry.aliases(bot))
  }

  model(
    bot: string,
    alias: string,
  ): Promise<{ readonly model: BotModel; readonly version: string }> {
    return this.#open(async () => {
      const { version, hash } = await this.#registry.find(bot, alias)
      return { version, model: await this.#shelf.get(hash) }
    })
  }

  turn(request: contract.TurnRequest): Promise<contract.TurnResult> {
    const { text, put, locale, sessionAttributes, requestAttributes = {}, contexts } = request
    if (typeof text !== 'string' || text.length > textLimit) {
      return Promise.reject(
        new BotError('LIMIT', `text must be a string of at most ${textLimit} characters`),
      )
    }
    try {
      checkTexts('sessionAttributes', sessionAttributes)
      checkTexts('requestAttributes', requestAttributes)
    } catch (error) {
      return Promise.reject(error)
    }
    const happened: Happened = {
      type: 'said',
      text: plain(text),
      requestAttributes,
      ...(sessionAttributes ? { sessionAttributes } : {}),
      ...(contexts ? { contexts } : {}),
    }
    const first: Happened | undefined = put && { type: 'put', ...put, requestAttributes }
    return this.#run(request, happened, request.requestId, {
      locale,
      ...(first ? { first } : {}),
      ...(request.signal ? { signal: request.signal } : {}),
    })
  }

  session(key: contract.SessionKey): Promise<Session | null> {
    return this.#open(async () => {
      const { bot, alias } = key
      const loaded = await this.#store.load({
        id: conversationId(key),
        bot,
        alias,
        request: null,
        queue: null,
        ids: null,
      })
      const session = loaded.session === null ? null : (JSON.parse(loaded.session) as Session)
      return session !== null && session.expiresAt > this.#now() ? session : null
    })
  }

  putSession(
    key: contract.SessionKey,
    { locale, requestId, ...put }: Parameters<contract.BotService['putSession']>[1],
  ): Promise<contract.TurnResult> {
    return this.#run(key, { type: 'put', ...put }, requestId, { locale })
  }

  deleteSession(key: contract.SessionKey): Promise<boolean> {
    return this.#open(async () => {
      const id = conversationId(key)
      return this.#runner.between(id, () => this.#store.deleteSession(id, this.#now()))
    })
  }

  connect(adapter: Adapter, target: { readonly bot: string; readonly alias: string }): void {
    this.#assertOpen()
    this.#messengers.connect(adapter, target)
  }

  receive(message: IncomingMessage): Promise<Received> {
    return this.#open(() => this.#messengers.receive(message))
  }

  conversations(options?: contract.ConversationFilter) {
    return this.#open(() => this.#log.page(options))
  }

  transcript(id: string) {
    return this.#open(() => this.#log.transcript(id))
  }

  replay(id: string) {
    return this.#open(() => this.#log.replay(id))
  }

  takeOver(id: string, person: string): Promise<void> {
    return this.#open(() => this.#handOff.takeOver(id, person))
  }

  say(id: string, person: string, text: string): Promise<void> {
    return this.#open(() => this.#handOff.say(id, person, text))
  }

  handBack(id: string): Promise<void> {
    return this.#open(() => this.#handOff.handBack(id))
  }

  forget(whom: contract.WhomToForget): Promise<contract.Forgotten> {
    return this.#open(() => this.#forgetting.forget(whom))
  }

  watch(listener: (happening: contract.Happening) => void): () => void {
    this.#assertOpen()
    return this.#happenings.watch(listener)
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    await this.#messengers.close()
    await this.#atOnce.close()
    await this.#intake.drained()
    await this.#runner.drained()
    await this.#store.drained()
    await this.#happenings.close()
    await this.#sweep.close()
    await this.#ownHooks.close()
    if (this.#ownsJournal) await this.#journal.close()
  }

  #run(
    { bot, alias, user }: contract.SessionKey,
    happened: Happened,
    requestId: string | undefined,
    more: Pick<TurnInput, 'first' | 'signal' | 'locale'>,
  ): Promise<contract.TurnResult> {
    return this.#open(async () => {
      const key = { bot, alias, user }
      const id = conversationId(key)
      const request = requestId === undefined ? null : checkedRequest(requestId)
      const turn = request === null ? randomUUID() : digest([id, request])
      return this.#runner.run({ key, id, turn, request, happened, target: null, ...more })
    })
  }

  async #open<R>(work: () => Promise<R>): Promise<R> {
    this.#assertOpen()
    try {
      return await work()
    } catch (error) {
      throw asBotError(error)
    }
  }

  #assertOpen(): void {
    if (this.#closing) throw new BotError('CLOSED', 'the bots are closed; open them again')
  }
}

function digest(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}

function checkedRequest(id: string): string {
  if (id !== '' && id.length <= requestLimit && plain(id) === id) return id
  throw new BotError('BAD_INPUT', `requestId must be text of 1 to ${requestLimit} characters`)
}

function warn(error: unknown): void {
  process.emitWarning(error instanceof Error ? error.message : String(error), 'BotWarning')
}
