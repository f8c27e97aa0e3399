/**
 * Plays a turn to its end: finds the session and its bot's version, asks what the words mean, steps, calls hooks under a claim on
 * the conversation. Nothing is kept here.
 */
import type { Journal } from '@typestead/journal'
import { BotError } from '../../bot-error.ts'
import { newSession } from '../../dialogue/new-session.ts'
import type { Session } from '../../dialogue/session.ts'
import type {
  HookCall,
  HookResult,
  HookRunner,
  TransactionalWork,
} from '../../hooks/hook-contract.ts'
import type { BotModel } from '../../model/bot-model.ts'
import type { Understander } from '../../understanding/understanding.ts'
import type { Loaded } from '../kept/conversation-rows.ts'
import type { ConversationStore } from '../kept/conversation-store.ts'
import { draftVersion } from '../releases/draft-version.ts'
import type { ModelShelf } from '../releases/model-shelf.ts'
import type { VersionRegistry } from '../releases/version-registry.ts'
import { localeOf } from './locale.ts'
import { later, moment, within } from './moment.ts'
import { memoryOwner, PlayedTurn } from './played-turn.ts'
import { eventOf, type Happened, type TurnInput } from './turn-input.ts'
import { nothingUnderstood, understand } from './understand.ts'

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
        if (!(await this.callHooks(turn))) {
          turn.trace?.end('overtaken')
          return null
        }
        if (turn.play.failure) break
      }
      return turn
    } catch (error) {
      await this.release(turn)
      throw error
    }
  }

  /** Plays what happened up to its first hook, which is not called. */
  async open(input: TurnInput, loaded: Loaded): Promise<PlayedTurn> {
    const now = this.#parts.now()
    const turn = await this.#begin(input, loaded, now)
    await this.#happen(turn, input.happened, now)
    return turn
  }

  /** Calls hooks for as long as the dialogue asks for them. @returns false when another turn was first */
  async callHooks(turn: PlayedTurn): Promise<boolean> {
    const { now, random } = this.#parts
    for (let call = turn.play.call; call !== undefined; call = turn.play.call) {
      if (turn.token === null && !(await this.#mayCall(turn))) return false
      const began = performance.now()
      const result: HookResult | null =
        turn.took.hooks.length >= mostHooks
          ? failed(`more than ${mostHooks} hooks were called in one turn: they delegate in circles`)
          : await this.#callClaimed(turn, call)
      if (result === null) return false
      if (turn.took.hooks.length < mostHooks) turn.took.hooks.push(since(began))
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
  async release({ input, token, trace }: PlayedTurn): Promise<void> {
    trace?.end('released')
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
      const ask = () =>
        understand(understander, {
          text: happened.text,
          session,
          model: turn.model,
          now,
          timeZone,
          timeout,
          signal: turn.input.signal,
        })
      understanding = await (turn.trace?.part('bot understand', {}, ask) ?? ask())
      turn.took.understanding = since(began)
    }
    const given = { now, seed: seedOf(random), timeZone }
    turn.play.take(eventOf(happened, turn.input.turn, understanding, given))
  }

  async #mayCall(turn: PlayedTurn): Promise<boolean> {
    await this.#parts.store.settled()
    return turn.alone || (await this.#claim(turn))
  }

  async #claim(turn: PlayedTurn): Promise<boolean> {
    const { claim, input } = turn
    const claimed = await (input.claim ? input.claim(claim) : this.#parts.store.claim(claim))
    if (claimed) turn.claimed(claim.token)
    return claimed
  }

  /** A hook that takes longer than a moment goes on under a claim. @returns null when another has it */
  async #callClaimed(turn: PlayedTurn, call: HookCall): Promise<HookResult | null> {
    const calling = this.#callHook(turn, call)
    if (turn.token !== null) return calling
    const result = await within(calling, turn.began + moment - performance.now())
    if (result !== later) return result
    return (await this.#claim(turn)) ? calling : null
  }

  async #callHook(turn: PlayedTurn, call: HookCall): Promise<HookResult> {
    const signal = turn.input.signal ?? new AbortController().signal
    const work: TransactionalWork[] = []
    try {
      const run = () =>
        this.#parts.hooks.run(call, signal, {
          inTransaction: (one) => work.push(one),
          warn: (message) => {
            if (turn.took.warnings.length < 20) turn.took.warnings.push(message.slice(0, 500))
          },
        })
      const { hook, source } = call
      const traced = turn.trace?.part('bot hook', { 'bot.hook': hook, 'bot.source': source }, run)
      const result = await (traced ?? run())
      if (result.ok) turn.work.push(...work)
      // What is logged must be what is stepped, also after JSON.
      return JSON.parse(JSON.stringify(result)) as HookResult
    } catch (error) {
      return failed(error instanceof Error ? error.message : String(error))
    }
  }
}

/** Milliseconds, to the microsecond. */
function since(began: number): number {
  return Math.round((performance.now() - began) * 1_000) / 1_000
}

function failed(message: string): HookResult {
  return { ok: false, error: { code: 'THROWN', message } }
}

function seedOf(random: () => number): number {
  return Math.floor(random() * 0x1_0000_0000)
}
