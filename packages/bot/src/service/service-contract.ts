/**
 * The service that keeps bots: builds and publishes versions, holds their conversations on a journal, and tells what happens.
 * Written as an interface so that the Lex API, adapters, the command line and the console stand on it without each other.
 */
import type { Adapter, IncomingMessage } from '../adapters/adapter.ts'
import type { DialogueEvent } from '../dialogue/dialogue-event.ts'
import type { Effect, Reply, TurnFailure } from '../dialogue/effect.ts'
import type { Session } from '../dialogue/session.ts'
import type { BotModel } from '../model/bot-model.ts'
import type { BotDefinition } from '../model/define-bot.ts'

export interface TurnRequest {
  readonly bot: string
  /** An alias, a version's number, or `$LATEST`. */
  readonly alias: string
  readonly user: string
  readonly text: string
  readonly locale?: string
  /** A repeat of this id (per bot, alias and user) gets the same answer and does nothing. */
  readonly requestId?: string
  readonly sessionAttributes?: Readonly<Record<string, string>>
  readonly requestAttributes?: Readonly<Record<string, string>>
  readonly contexts?: Session['contexts']
  /** Sets the session before the text is read, in the same commit; a repeat of the request does not set it again. */
  readonly put?: Pick<
    Extract<DialogueEvent, { type: 'put' }>,
    'intent' | 'action' | 'recentIntents'
  >
  readonly signal?: AbortSignal
}

export interface TurnResult {
  /** Stable over repeats of the request. */
  readonly turn: string
  readonly session: Session
  /** Null when `failure` is not. */
  readonly reply: Reply | null
  readonly failure: TurnFailure | null
}

export interface SessionKey {
  readonly bot: string
  readonly alias: string
  readonly user: string
}

export interface BotService extends AsyncDisposable {
  /** Compiles, trains and keeps it as `$LATEST`. @throws {BotError} BAD_INPUT with every issue */
  build(definition: BotDefinition | BotModel, options?: BuildOptions): Promise<BuiltBot>
  /** Makes the draft an immutable version; an alias, where named, points to it. The same content is not numbered again. */
  publish(bot: string, options?: PublishOptions): Promise<PublishedVersion>
  /**
   * Serves a bot that stands in code, at each start of it: its hooks are there from now on, and a definition that is another than
   * the one released under the alias before is built, published, and named by the alias. One that is the same changes nothing: what
   * people published or pointed the alias to meanwhile stays. @throws {BotError} BAD_INPUT with every issue
   */
  release(definition: BotDefinition, options: { readonly alias: string }): Promise<Release>
  /** Points an alias to a version. @throws {BotError} CONFLICT when `checksum` is stale */
  setAlias(bot: string, alias: string, version: string, checksum?: string): Promise<BotAlias>
  deleteAlias(bot: string, alias: string): Promise<boolean>
  bots(): Promise<readonly BotSummary[]>
  /** By alias, number or `$LATEST`. @throws {BotError} NOT_FOUND */
  model(bot: string, alias: string): Promise<{ readonly model: BotModel; readonly version: string }>
  versions(bot: string): Promise<readonly PublishedVersion[]>
  aliases(bot: string): Promise<readonly BotAlias[]>
  deleteBot(bot: string): Promise<boolean>

  /** One turn, answered when it is durable. @throws {BotError} NOT_FOUND, LIMIT, CONFLICT, UNAVAILABLE */
  turn(request: TurnRequest): Promise<TurnResult>
  session(key: SessionKey): Promise<Session | null>
  /** @returns what the caller is to be told, as of a turn */
  putSession(
    key: SessionKey,
    put: Omit<Extract<DialogueEvent, { type: 'put' }>, 'type' | 'now' | 'seed'> & {
      readonly locale?: string
      /** A repeat of this id gets the same answer and does nothing. */
      readonly requestId?: string
    },
  ): Promise<TurnResult>
  /** @returns whether there was one */
  deleteSession(key: SessionKey): Promise<boolean>

  /** Connects a messenger to a bot; its messages are answered through the outbox from now on. */
  connect(adapter: Adapter, target: { readonly bot: string; readonly alias: string }): void
  /** What an adapter calls: keeps the message for its turn. */
  receive(message: IncomingMessage): Promise<'accepted' | 'repeated'>

  conversations(options?: ConversationFilter): Promise<ConversationPage>
  /** Every turn of a conversation, the oldest first. @throws {BotError} NOT_FOUND */
  transcript(id: string): Promise<Transcript>
  /** Runs a conversation's log again. @throws {BotError} CONFLICT naming the first turn that differs */
  replay(id: string): Promise<{ readonly turns: number }>
  takeOver(id: string, person: string): Promise<void>
  /** A person's words, delivered as the bot's are. */
  say(id: string, person: string, text: string): Promise<void>
  handBack(id: string): Promise<void>

  /**
   * Removes what is kept of a person in a bot, in every alias: conversations with their logs, memory, messages and answers that wait
   * or were given up, and what the messenger keeps here, where it is connected to this service. A turn of theirs that is under way
   * begins anew, after it, or ends with its message. @throws {BotError} BAD_INPUT, NOT_FOUND for a conversation that there is not
   */
  forget(whom: WhomToForget): Promise<Forgotten>

  /** Calls back with what happens; the result ends it. */
  watch(listener: (happening: Happening) => void): () => void
  /** Turns in flight end, then everything closes. */
  close(): Promise<void>
}

export interface BuildOptions {
  /** Of `$LATEST`, as it was read. */
  readonly checksum?: string
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number) => void
}

export interface BuiltBot {
  readonly bot: string
  readonly model: BotModel
  readonly checksum: string
  readonly warnings: readonly string[]
}

export interface PublishOptions {
  readonly alias?: string
  readonly description?: string
  readonly checksum?: string
}

export interface Release {
  /** That the alias names now. */
  readonly version: string
  /**
   * `released`: the definition is served from now on. `same`: it is served as before. `changed`: it is the one released before, and
   * people have the alias name another version since, which is served.
   */
  readonly state: 'released' | 'same' | 'changed'
  /** The version that the alias named before, where a release took its place and it was not the last one's. */
  readonly replaced: string | null
  readonly warnings: readonly string[]
}

export interface PublishedVersion {
  readonly bot: string
  /** `1`, `2` … */
  readonly version: string
  readonly hash: string
  readonly description: string
  readonly createdAt: number
}

export interface BotAlias {
  readonly bot: string
  readonly alias: string
  readonly version: string
  /** The version that code released under it last (`BotService.release`); null where that is none. */
  readonly released: string | null
  readonly checksum: string
  readonly updatedAt: number
}

export interface BotSummary {
  readonly bot: string
  readonly checksum: string
  readonly versions: number
  readonly aliases: readonly BotAlias[]
  readonly updatedAt: number
}

export interface ConversationFilter {
  readonly bot?: string
  readonly channel?: string
  /** Text in the user's name or the last words. */
  readonly search?: string
  /** Only those whose user waits for a person, or only the others. */
  readonly asksForPerson?: boolean
  readonly limit?: number
  readonly after?: string
}

export interface ConversationSummary {
  /** `<bot>/<alias>/<user>`, escaped; stable. */
  readonly id: string
  readonly bot: string
  readonly alias: string
  readonly user: string
  /** The messenger, or `lex`. */
  readonly channel: string
  readonly turns: number
  readonly lastText: string
  readonly lastReply: string
  readonly dialogState: string
  readonly intent: string | null
  readonly person: string | null
  /** The user has asked for a person, and nobody has taken the conversation over yet. */
  readonly asksForPerson: boolean
  readonly startedAt: number
  readonly updatedAt: number
}

export interface ConversationPage {
  readonly conversations: readonly ConversationSummary[]
  /** For the next page; null at the end. */
  readonly next: string | null
}

export interface Transcript {
  readonly conversation: ConversationSummary
  readonly turns: readonly TranscriptTurn[]
  readonly session: Session | null
}

export interface TranscriptTurn {
  readonly turn: string
  readonly at: number
  readonly version: string
  /** Values of obfuscated slots are masked in all of these. */
  readonly text: string
  readonly reply: Reply | null
  readonly failure: TurnFailure | null
  readonly events: readonly DialogueEvent[]
  readonly effects: readonly Effect[]
  /** Milliseconds that understanding and each hook took. */
  readonly took: {
    readonly understanding: number
    readonly hooks: readonly number[]
    /** What hooks did wrong without failing: a second callback, a field that was passed over. */
    readonly warnings?: readonly string[]
  }
  readonly from: 'user' | 'person'
}

export type WhomToForget =
  | {
      readonly bot: string
      /** With `channel` the messenger's own name for the user; else as `ConversationSummary.user`, or what callers of `turn` give. */
      readonly user: string
      readonly channel?: string
    }
  /** Whoever has this conversation, with all their others of its bot. */
  | { readonly conversation: string }

/** Who was forgotten, and how much was removed. */
export interface Forgotten {
  readonly bot: string
  /** Null for callers of an API. */
  readonly channel: string | null
  readonly user: string
  readonly conversations: number
  readonly turns: number
  readonly memories: number
  /** Messages that waited and answers that had not gone out. */
  readonly messages: number
}

export type Happening =
  | { readonly type: 'turn'; readonly conversation: ConversationSummary }
  | { readonly type: 'bot'; readonly bot: string }
  /** A person, in this process. */
  | { readonly type: 'forgotten'; readonly bot: string }
  | { readonly type: 'degraded'; readonly reason: string }
  | { readonly type: 'delivered' | 'undelivered'; readonly id: string; readonly channel: string }
