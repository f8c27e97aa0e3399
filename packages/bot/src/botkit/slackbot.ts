/**
 * A controller in the manner of Botkit 0.x for Slack: `hears`, `on`, middlewares, storage, conversations. What it mends: a POST that
 * Slack did not sign is refused, a workspace's record is made when it first speaks, an event told several times is handled once, and
 * whoever speaks to the bot while understanding is away gets an apology. It answers Slack before its handlers have run and keeps
 * nothing for a restart: what must survive one is a bot of `defineBot`.
 */
import { randomUUID } from 'node:crypto'
import { slackWeb } from '../adapters/slack/slack-web.ts'
import { type Fields, warn } from '../adapters/webhook-request.ts'
import { BotError } from '../bot-error.ts'
import { BotWorker, type HearHandler, placeKey } from './bot-worker.ts'
import {
  type BotkitMessage,
  type BotkitReplyFields,
  type Ears,
  regexEars,
  requireExpression,
} from './botkit-message.ts'
import type { Conversation } from './conversation.ts'
import { type BotkitStorage, jsonStorage, memoryStorage } from './json-storage.ts'
import { MiddlewareChain } from './middleware.ts'
import { addOauthEndpoints, addWebhookEndpoints, type OauthDone } from './slack-endpoints.ts'
import { takenEvent } from './taken-event.ts'
import { TeamBots } from './team-bots.ts'
import { startWebserver, type Webserver } from './webserver.ts'

export interface SlackbotConfig {
  readonly clientId?: string | undefined
  readonly clientSecret?: string | undefined
  /** `['bot']`, or the permissions of today's Slack apps. */
  readonly scopes?: readonly string[]
  /** The folder of the JSON files; memory without it. */
  readonly json_file_store?: string
  readonly storage?: BotkitStorage
  /** `SLACK_SIGNING_SECRET` by default. */
  readonly signingSecret?: string | undefined
  /** Of an app of one workspace; `SLACK_BOT_TOKEN` by default. */
  readonly token?: string | undefined
  readonly redirectUri?: string
  /** Which address the web server listens on; 127.0.0.1 by default. */
  readonly hostname?: string
  /** `SLACK_API_URL`, else Slack's own. */
  readonly apiUrl?: string
  readonly now?: () => number
  readonly onError?: (error: unknown) => void
}

/** What `on` can be told of, beside Slack's own names. @returns false to keep the listeners after it from hearing */
export type EventListener = (bot: BotWorker, message: BotkitMessage, ...more: unknown[]) => unknown

/** Events that are spoken to the bot, so silence would be rude. */
const addressed = new Set(['direct_message', 'direct_mention', 'mention'])
const mostSeen = 50_000
const mostPending = 1_000

export class SlackController {
  readonly middleware = {
    receive: new MiddlewareChain<[BotWorker, BotkitMessage]>(),
    send: new MiddlewareChain<[BotWorker, BotkitReplyFields]>(),
    heard: new MiddlewareChain<[BotWorker, BotkitMessage]>(),
    capture: new MiddlewareChain<[BotWorker, BotkitMessage, Conversation]>(),
  }
  readonly storage: BotkitStorage
  readonly config: SlackbotConfig
  readonly teamBots: TeamBots
  readonly #listeners = new Map<string, EventListener[]>()
  /** Those that `hears` made: they speak only of what they heard. */
  readonly #hearing = new WeakSet<EventListener>()
  readonly #conversations = new Map<string, Conversation>()
  readonly #seen = new Set<string>()
  /** The last work of each place, so that messages there are handled in order. */
  readonly #pending = new Map<string, Promise<void>>()
  readonly #onError: (error: unknown) => void
  #ears: Ears = regexEars
  #webserver: Webserver | undefined

  constructor(config: SlackbotConfig) {
    this.config = config
    this.#onError = config.onError ?? warn
    const { json_file_store: folder } = config
    this.storage = config.storage ?? (folder === undefined ? memoryStorage() : jsonStorage(folder))
    const now = config.now ?? Date.now
    const apiUrl = config.apiUrl ?? process.env.SLACK_API_URL ?? 'https://slack.com/api/'
    const web = slackWeb({ apiUrl, onError: this.#onError })
    this.teamBots = new TeamBots({
      web,
      teams: this.storage.teams,
      token: config.token ?? process.env.SLACK_BOT_TOKEN,
      make: (team) =>
        new BotWorker({
          ...team,
          web,
          send: this.middleware.send,
          conversations: {
            started: (one) => this.#conversations.set(placeKey(one.source), one),
            ended: (one) => this.#ended(one),
            onError: this.#onError,
          },
          now,
          newId: randomUUID,
        }),
    })
  }

  /** How what is heard from now on (`hears`) is compared: by regular expressions until this is called. */
  changeEars(ears: Ears): this {
    this.#ears = ears
    return this
  }

  /**
   * @param ears compare these patterns only; Botkit's third argument of four
   * @throws {BotError} BAD_INPUT for a pattern that is no regular expression, where it is compared as one
   */
  hears(
    patterns: string | RegExp | readonly (string | RegExp)[],
    events: string | readonly string[],
    handler: HearHandler,
  ): this
  hears(
    patterns: string | RegExp | readonly (string | RegExp)[],
    events: string | readonly string[],
    ears: Ears,
    handler: HearHandler,
  ): this
  hears(
    patterns: string | RegExp | readonly (string | RegExp)[],
    events: string | readonly string[],
    earsOrHandler: Ears | HearHandler,
    maybeHandler?: HearHandler,
  ): this {
    const listed =
      typeof patterns === 'string' || patterns instanceof RegExp ? [patterns] : patterns
    // Which of the two the third argument is, is told by there being a fourth.
    const ears = maybeHandler === undefined ? this.#ears : (earsOrHandler as Ears)
    const handler = maybeHandler ?? (earsOrHandler as HearHandler)
    if (ears === regexEars) listed.forEach(requireExpression)
    const listener: EventListener = async (bot, message) => {
      if (!ears(listed, message)) return undefined
      await this.middleware.heard.run(bot, message)
      await handler(bot, message)
      return false
    }
    this.#hearing.add(listener)
    return this.on(events, listener)
  }

  /** @param events one, several with commas between them, or a list */
  on(events: string | readonly string[], listener: EventListener): this {
    const names = typeof events === 'string' ? events.split(',') : events
    for (const name of names.map((one) => one.trim()).filter((one) => one !== '')) {
      this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener])
    }
    return this
  }

  /** Tells the listeners of an event, one after the other, until one returns false. @returns whether there was one that did */
  async trigger(
    event: string,
    args: readonly [BotWorker, BotkitMessage, ...unknown[]],
  ): Promise<boolean> {
    for (const listener of this.#listeners.get(event) ?? []) {
      if ((await listener(...args)) === false) return true
    }
    return false
  }

  /** A bot with a token of its own. */
  spawn(
    { token }: { readonly token: string },
    done?: (error: unknown, bot?: BotWorker) => void,
  ): Promise<BotWorker> {
    const spawned = this.teamBots.spawn(token)
    spawned.then(
      (bot) => done?.(null, bot),
      (error) => (done ?? this.#onError)(error),
    )
    return spawned
  }

  setupWebserver(
    port: number | string,
    done?: (error: unknown, webserver?: Webserver['app']) => void,
  ): this {
    startWebserver(Number(port), this.config.hostname ?? '127.0.0.1')
      .then(
        (webserver) => {
          this.#webserver = webserver
          done?.(null, webserver.app)
        },
        (error) => (done ?? this.#onError)(error),
      )
      .catch(this.#onError)
    return this
  }

  /** The port that `setupWebserver` got. */
  get port(): number | undefined {
    return this.#webserver?.port
  }

  /** @throws {BotError} BAD_INPUT without SLACK_SIGNING_SECRET */
  createWebhookEndpoints(webserver: Webserver['app']): this {
    addWebhookEndpoints(webserver, this, this.#onError)
    return this
  }

  /** `/login` and `/oauth`, as Botkit's. */
  createOauthEndpoints(webserver: Webserver['app'], done?: OauthDone): this {
    addOauthEndpoints(webserver, this, this.#onError, done)
    return this
  }

  /**
   * Takes an event that Slack signed. Resolves when it is known that a bot can answer it; handlers run after that.
   * @throws {BotError} FORBIDDEN when there is no token of the workspace, LIMIT when too much waits
   */
  async take(envelope: Fields): Promise<void> {
    const message = takenEvent(envelope)
    if (message === null || this.#isRepeat(message.ids)) return
    try {
      const bot = await this.teamBots.of(message.said.team)
      this.#queue(placeKey(message.said), () => this.handle(bot, message.said))
    } catch (error) {
      for (const id of message.ids) this.#seen.delete(id)
      throw error
    }
  }

  /** Middlewares, then a conversation that waits for it, then listeners; an apology when nobody could understand. */
  async handle(bot: BotWorker, message: BotkitMessage): Promise<void> {
    await this.middleware.receive.run(bot, message)
    const conversation = this.#conversations.get(placeKey(message))
    if (conversation?.isWaiting) {
      await this.middleware.capture.run(bot, message, conversation)
      await conversation.hear(message)
      return
    }
    if (message.degraded) {
      await this.trigger('degraded', [bot, message, message.degraded.reason])
    }
    const wasHeard = await this.trigger(message.type, [bot, message])
    if (wasHeard || (await this.trigger('message_received', [bot, message]))) return
    const hasOthers = (this.#listeners.get(message.type) ?? []).some(
      (one) => !this.#hearing.has(one),
    )
    if (!addressed.has(message.type) || hasOthers) return
    const words = message.degraded?.apology ?? message.unclear
    if (words !== undefined) await bot.reply(message, words)
  }

  /** Resolves when everything that was taken is handled, and conversations wait for their people. */
  async settled(): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending.values())
    await Promise.all([...this.#conversations.values()].map((one) => one.settled()))
  }

  /** Nothing more is taken; what is being handled ends. */
  async shutdown(): Promise<void> {
    await this.#webserver?.close()
    await this.settled()
    for (const conversation of this.#conversations.values()) conversation.stop()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown()
  }

  #ended(conversation: Conversation): void {
    const key = placeKey(conversation.source)
    if (this.#conversations.get(key) === conversation) this.#conversations.delete(key)
  }

  #isRepeat(ids: readonly string[]): boolean {
    const isRepeat = ids.some((id) => this.#seen.has(id))
    for (const id of ids) this.#seen.add(id)
    for (const oldest of this.#seen) {
      if (this.#seen.size <= mostSeen) break
      this.#seen.delete(oldest)
    }
    return isRepeat
  }

  #queue(place: string, work: () => Promise<void>): void {
    if (this.#pending.size >= mostPending) {
      throw new BotError('LIMIT', `${mostPending} places have messages waiting already`)
    }
    const before = this.#pending.get(place) ?? Promise.resolve()
    const done = before.then(work).catch(this.#onError)
    this.#pending.set(place, done)
    void done.then(() => {
      if (this.#pending.get(place) === done) this.#pending.delete(place)
    })
  }
}

export function slackbot(config: SlackbotConfig = {}): SlackController {
  return new SlackController(config)
}
