/**
 * Plays a turn to its end: finds the session and its bot's version, asks what the words mean, steps, calls hooks under a claim on
 * the conversation. Nothing is kept here.
 */
import { randomUUID } from 'node:crypto'
import type { Journal } from '@typestead/journal'
import { BotError } from '../bot-error.ts'
import { newSession } from '../dialogue/new-session.ts'
import type { Session } from '../dialogue/session.ts'
import type { HookCall, HookResult, HookRunner, TransactionalWork } from '../hooks/hook-contract.ts'
import type { BotModel } from '../model/bot-model.ts'
import type { Understander } from '../understanding/understanding.ts'
import type { Loaded, Target } from './conversation-rows.ts'
import type { ConversationStore } from './conversation-store.ts'
import { draftVersion } from './draft-version.ts'
import { localeOf } from './locale.ts'
import type { ModelShelf } from './model-shelf.ts'
import { eventOf, type Happened, type TurnInput } from './turn-input.ts'
import { TurnPlay } from './turn-play.ts'
import { nothingUnderstood, understand } from './understand.ts'
import type { VersionRegistry } from './version-registry.ts'

export interface PlayerParts {
  readonly journal: Journal
  readonly store: ConversationStore
  readonly registry: VersionRegistry
  readonly shelf: ModelShelf
  readonly understander: Understander
  readonly hooks: HookRunner
  readonly now: () => number
  readonly random: () => number
  readonly timeZone: string
  /** Milliseconds that understanding may take. */
  readonly understandingTimeout: number
}

/** Hooks that one turn calls at most; more of them delegate in circles. */
const mostHooks = 10

/** A turn that was played, and what keeping it needs. */
export class PlayedTurn {
  readonly input: TurnInput
  readonly model: BotModel
  readonly hash: string
  readonly target: Target | null
  readonly turns: number
  readonly startedAt: number
  readonly lastText: string
  readonly lastReply: string
  /** The session that was there; null when the turn began one. */
  readonly before: Session | null
  readonly opened: Session | null
  readonly play: TurnPlay
  readonly took: { understanding: number; hooks: number[]; warnings: string[] } = {
    understanding: 0,
    hooks: [],
    warnings: [],
  }
  /** To be done in the commit's transaction. */
  work: TransactionalWork[] = []
  revision: number
  token: string | null = null

  constructor(
    input: TurnInput,
    loaded: Loaded,
    pinned: { readonly model: BotModel; readonly hash: string },
    session: Session,
    isNew: boolean,
    now: number,
  ) {
    this.input = input
    this.model = pinned.model
    this.hash = pinned.hash
    this.target = input.target ?? loaded.target
    this.turns = loaded.turns
    this.lastText = loaded.lastText
    this.lastReply = loaded.lastReply
    this.startedAt = loaded.revision === 0 ? now : loaded.startedAt
    this.before = isNew ? null : session
    this.opened = isNew ? session : null
    const locale = pinned.model.locales[session.locale]
    if (locale === undefined) throw new BotError('NOT_FOUND', `no locale ${session.locale}`)
    this.play = new TurnPlay(locale, session)
    this.revision = loaded.revision
  }
}

export class TurnPlayer {
  readonly #parts: PlayerParts

  constructor(parts: PlayerParts) {
    this.#parts = parts
  }

  /** @returns null when another turn of the conversation was first */
  async play(input: TurnInput, loaded: Loaded): Promise<PlayedTurn | null> {
    const now = this.#parts.now()
    const turn = await this.#begin(input, loaded, now)
    try {
      for (const happened of [input.first, input.happened]) {
        if (happened === undefined) continue
        await this.#happen(turn, happened, now)
        if (!(await this.callHooks(turn))) return null
        if (turn.play.failure) break
      }
      return turn
    } catch (error) {
      await this.release(turn)
      throw error
    }
  }

  /** Calls hooks for as long as the dialogue asks for them. @returns false when another turn was first */
  async callHooks(turn: PlayedTurn): Promise<boolean> {
    const { store, now, random } = this.#parts
    for (let call = turn.play.call; call !== undefined; call = turn.play.call) {
      if (turn.token === null) {
        const { key, id } = turn.input
        const token = randomUUID()
        const row = {
          id,
          bot: key.bot,
          alias: key.alias,
          who: key.user,
          channel: turn.target?.channel ?? apiChannel,
          started: turn.startedAt,
        }
        const revision = await store.claim(row, turn.revision, token)
        if (revision === null) return false
        turn.token = token
        turn.revision = revision
      }
      const began = performance.now()
      const result: HookResult =
        turn.took.hooks.length >= mostHooks
          ? failed(`more than ${mostHooks} hooks were called in one turn: they delegate in circles`)
          : await this.#callHook(turn, call)
      if (turn.took.hooks.length < mostHooks) turn.took.hooks.push(performance.now() - began)
      turn.play.take({
        type: 'hookReturned',
        call: call.id,
        result,
        now: now(),
        seed: seedOf(random),
      })
    }
    return true
  }

  /** Frees the conversation for others, where this turn came to nothing. A claim that can't be freed now runs out. */
  async release({ input, token }: PlayedTurn): Promise<void> {
    if (token !== null) await this.#parts.store.release(input.id, token).catch(() => {})
  }

  async #begin(input: TurnInput, loaded: Loaded, now: number): Promise<PlayedTurn> {
    const { key, locale } = input
    if (input.onlyKnown && loaded.revision === 0)
      throw new BotError('NOT_FOUND', `there is no conversation "${input.id}"`)
    const spoken = (model: BotModel) => localeOf(model, locale, input.lenientLocale === true)
    // Written by a commit, of a session.
    const found = loaded.session === null ? null : (JSON.parse(loaded.session) as Session)
    if (found !== null && found.expiresAt > now) {
      const pinned = await this.#pinned(key.bot, found.version, loaded)
      // Another language is another session.
      if (pinned && (locale === undefined || spoken(pinned.model) === found.locale)) {
        input.check?.(found, input.target ?? loaded.target)
        return new PlayedTurn(input, loaded, pinned, found, false, now)
      }
    }
    const version = key.alias === draftVersion ? draftVersion : (loaded.aliasVersion ?? key.alias)
    const pinned = await this.#pinned(key.bot, version, loaded)
    if (pinned === null) {
      throw new BotError(
        'NOT_FOUND',
        loaded.draftHash === null
          ? `there is no bot "${key.bot}"; build it first`
          : `bot "${key.bot}" has no version or alias "${key.alias}"; publish it, or use ${draftVersion}`,
      )
    }
    const target = input.target ?? loaded.target
    const begun = newSession({
      bot: pinned.model,
      version,
      alias: key.alias,
      locale: spoken(pinned.model),
      user: key.user,
      now,
      memory: await this.#parts.store.memory(key.bot, memoryOwner(key.user, target)),
    })
    // Whoever has taken the conversation over keeps it, however long the user was silent.
    const session = found === null ? begun : { ...begun, person: found.person }
    input.check?.(session, target)
    return new PlayedTurn(input, loaded, pinned, session, true, now)
  }

  async #pinned(bot: string, version: string, { draftHash }: Loaded) {
    const { registry, shelf } = this.#parts
    const hash = version === draftVersion ? draftHash : await registry.hash(bot, version)
    return hash === null ? null : { hash, model: await shelf.get(hash) }
  }

  async #happen(turn: PlayedTurn, happened: Happened, now: number): Promise<void> {
    const { understander, random, timeZone, understandingTimeout: timeout } = this.#parts
    const { session } = turn.play
    let understanding = nothingUnderstood(null)
    // While a person answers, nobody needs to understand.
    if (happened.type === 'said' && session.person === null) {
      const began = performance.now()
      understanding = await understand(understander, {
        text: happened.text,
        session,
        model: turn.model,
        now,
        timeZone,
        timeout,
        signal: turn.input.signal,
      })
      turn.took.understanding = performance.now() - began
    }
    const given = { now, seed: seedOf(random), timeZone }
    turn.play.take(eventOf(happened, turn.input.turn, understanding, given))
  }

  async #callHook(turn: PlayedTurn, call: HookCall): Promise<HookResult> {
    const signal = turn.input.signal ?? new AbortController().signal
    const work: TransactionalWork[] = []
    try {
      const result = await this.#parts.hooks.run(call, signal, {
        inTransaction: (one) => work.push(one),
        warn: (message) => {
          if (turn.took.warnings.length < 20) turn.took.warnings.push(message.slice(0, 500))
        },
      })
      if (result.ok) turn.work.push(...work)
      // What is logged must be what is stepped, also after JSON.
      return JSON.parse(JSON.stringify(result)) as HookResult
    } catch (error) {
      return failed(error instanceof Error ? error.message : String(error))
    }
  }
}

/** The channel of conversations whose answers go to the caller. */
export const apiChannel = 'lex'

/** Whose memory it is: a messenger's user has one in all conversations. */
export function memoryOwner(user: string, target: Target | null): string {
  return target === null ? user : `${target.channel}/${target.user}`
}

function failed(message: string): HookResult {
  return { ok: false, error: { code: 'THROWN', message } }
}

function seedOf(random: () => number): number {
  return Math.floor(random() * 0x1_0000_0000)
}
