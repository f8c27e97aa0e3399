/**
 * Holds conversations: each one's turns come one after the other, in this process by a line, across processes by compare-and-swap
 * on the session's revision. Hooks run under a claim on the conversation, so two turns never run them at once. A turn is
 * answered when it is durable; a repeat of its request gets the answer that was kept.
 *
 * A crash before the commit leaves nothing but a claim that its process's death frees: the turn is played again, and its hooks
 * are called again with the same ids. What a hook gave to `turn.inTransaction` is done in the commit's transaction, or not at all.
 */
import { setTimeout as delay } from 'node:timers/promises'
import { BotError } from '../bot-error.ts'
import type { Reply, TurnFailure } from '../dialogue/effect.ts'
import type { Session } from '../dialogue/session.ts'
import type { Loaded, RecordedTurn, TurnCommit } from './conversation-rows.ts'
import { summaryOfRow } from './conversation-summary.ts'
import type { Happenings } from './happenings.ts'
import { keepTurn, type StoreDatabase } from './keep-turn.ts'
import { KeyedOrder } from './keyed-order.ts'
import type { TurnResult } from './service-contract.ts'
import { asBotError } from './storage-error.ts'
import { commitOf } from './turn-commit.ts'
import type { TurnInput } from './turn-input.ts'
import { type PlayedTurn, type PlayerParts, TurnPlayer } from './turn-player.ts'

export interface RunnerParts extends PlayerParts {
  readonly db: StoreDatabase<unknown> | undefined
  readonly happenings: Happenings
  /** Milliseconds that a turn waits for another process's turn of its conversation. */
  readonly patience: number
}

const limits = { capacity: 20_000, capacityPerKey: 1_000 }

export class ConversationRunner {
  readonly #parts: RunnerParts
  readonly #player: TurnPlayer
  readonly #order = new KeyedOrder(limits)

  constructor(parts: RunnerParts) {
    this.#parts = parts
    this.#player = new TurnPlayer(parts)
  }

  /** @throws {BotError} NOT_FOUND, LIMIT, CONFLICT, UNAVAILABLE, CLOSED; the signal's reason */
  async run(input: TurnInput): Promise<TurnResult> {
    try {
      return await this.#order.run(input.id, () => this.#untilKept(input))
    } catch (error) {
      throw asBotError(error)
    }
  }

  /** Does work that is no turn in the conversation's line. */
  between<R>(id: string, work: () => Promise<R>): Promise<R> {
    return this.#order.run(id, work)
  }

  drained(): Promise<void> {
    return this.#order.drained()
  }

  async #untilKept(input: TurnInput): Promise<TurnResult> {
    const { store, patience, random } = this.#parts
    const { key, id, request, signal } = input
    const deadline = performance.now() + patience
    for (let attempt = 0; ; attempt++) {
      signal?.throwIfAborted()
      const loaded = await store.load({ id, bot: key.bot, alias: key.alias, request })
      if (loaded.recorded) return recordedResult(loaded.recorded)
      const result = loaded.held ? null : await this.#attempt(input, loaded)
      if (result !== null) return result
      if (performance.now() > deadline) {
        throw new BotError(
          'CONFLICT',
          `another turn of this conversation is under way for ${patience} ms; ask again with the same request id`,
        )
      }
      const pause = Math.min(2 ** attempt, 50) * (0.5 + random() / 2)
      await delay(pause, undefined, signal ? { signal } : {})
    }
  }

  /** @returns null when somebody was first */
  async #attempt(input: TurnInput, loaded: Loaded): Promise<TurnResult | null> {
    const turn = await this.#player.play(input, loaded)
    if (turn === null) return null
    try {
      for (;;) {
        const commit = commitOf(turn, this.#parts.now())
        const kept = await keepTurn(this.#parts, turn.work, commit)
        if (kept === 'kept') return this.#answer(turn, commit)
        if (kept === 'moved on') return null
        // Nothing was kept: to the dialogue, the hook whose work it was has failed.
        turn.work = []
        turn.play.failLast(kept.failed)
        if (!(await this.#player.callHooks(turn))) return null
      }
    } catch (error) {
      await this.#player.release(turn)
      throw error
    }
  }

  #answer({ play, input }: PlayedTurn, commit: TurnCommit): TurnResult {
    const { happenings } = this.#parts
    happenings.tell({ type: 'turn', conversation: summaryOfRow(commit.conversation) })
    for (const reason of degradations(play.events, play.failure))
      happenings.tell({ type: 'degraded', reason })
    const { session, reply, failure } = play
    return { turn: input.turn, session, reply: failure ? null : reply, failure }
  }
}

function degradations(events: PlayedTurn['play']['events'], failure: TurnFailure | null): string[] {
  const reasons = events.flatMap((event) =>
    event.type === 'said' && event.understanding.degraded !== null
      ? [event.understanding.degraded]
      : [],
  )
  return failure === null ? reasons : [...reasons, `${failure.code}: ${failure.message}`]
}

/** Columns of a commit, read again. */
function recordedResult({ turn, reply, failure, after }: RecordedTurn): TurnResult {
  return {
    turn,
    session: JSON.parse(after) as Session,
    reply: reply === null ? null : (JSON.parse(reply) as Reply),
    failure: failure === null ? null : (JSON.parse(failure) as TurnFailure),
  }
}
