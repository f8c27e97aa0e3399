/**
 * Holds conversations: each one's turns come one after the other, in this process by a line, across processes by compare-and-swap
 * on the session's revision. Hooks run under a claim on the conversation, so two turns never run them at once. A turn is
 * answered when it is durable; a repeat of its request gets the answer that was kept.
 *
 * A crash before the commit leaves nothing but a claim that its process's death frees: the turn is played again, and its hooks
 * are called again with the same ids. What a hook gave to `turn.inTransaction` is done in the commit's transaction, or not at all.
 */
import { setTimeout as delay } from 'node:timers/promises'
import type { OwnMessage } from '@typestead/journal'
import { BotError } from '../../bot-error.ts'
import type { Reply, TurnFailure } from '../../dialogue/effect.ts'
import type { Session } from '../../dialogue/session.ts'
import type { BotMetrics } from '../bot-metrics.ts'
import type { Happenings } from '../happenings.ts'
import type { Loaded, RecordedTurn, TurnCommit } from '../kept/conversation-rows.ts'
import { summaryOfRow } from '../kept/conversation-summary.ts'
import { keepTurn, type StoreDatabase } from '../kept/keep-turn.ts'
import { asBotError } from '../kept/storage-error.ts'
import type { TurnResult } from '../service-contract.ts'
import { KeyedOrder } from './keyed-order.ts'
import type { PlayedTurn } from './played-turn.ts'
import { commitOf } from './turn-commit.ts'
import type { TurnInput } from './turn-input.ts'
import { type PlayerParts, TurnPlayer } from './turn-player.ts'

export interface RunnerParts extends PlayerParts {
  readonly db: StoreDatabase<unknown> | undefined
  readonly happenings: Happenings
  readonly metrics: BotMetrics | undefined
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
    } catch (cause) {
      const error = asBotError(cause)
      this.#parts.metrics?.refused(error)
      throw error
    }
  }

  /** Does work that is no turn in the conversation's line. */
  between<R>(id: string, work: () => Promise<R>): Promise<R> {
    return this.#order.run(id, work)
  }

  /** Whether a turn of the conversation is under way or waits in this process. */
  isBusy(id: string): boolean {
    return this.#order.has(id)
  }

  /** Resolves once the turns of the conversation that are there now have ended. */
  rest(id: string): Promise<void> {
    return this.#order.ended(id)
  }

  /** Plays a turn up to its first hook; nothing is kept. */
  open(input: TurnInput, loaded: Loaded): Promise<PlayedTurn> {
    return this.#player.open(input, loaded)
  }

  /** Calls the hooks of an opened turn. @returns false when another turn of the conversation was first */
  callHooks(turn: PlayedTurn): Promise<boolean> {
    return this.#player.callHooks(turn)
  }

  /** Keeps a turn whose message this process holds, and ends the message with it. @throws {BotError} CONFLICT; {JournalError} */
  async keepHeld(turn: PlayedTurn, own: OwnMessage): Promise<void> {
    if ((await this.#keep(turn, own)) === null)
      throw new BotError('CONFLICT', 'another turn of the conversation was first')
  }

  /** A turn that came to nothing frees its conversation. */
  release(turn: PlayedTurn): Promise<void> {
    return this.#player.release(turn)
  }

  /** A message that this process holds is anybody's again. */
  giveUp(own: OwnMessage): Promise<void> {
    return this.#parts.journal.own.release([own])
  }

  /** What an opened turn without hooks changes. */
  commitOf(turn: PlayedTurn): TurnCommit {
    turn.committing = performance.now()
    return commitOf(turn, this.#parts.now())
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
      const loaded = await store.load({
        id,
        bot: key.bot,
        alias: key.alias,
        request,
        queue: null,
        ids: null,
      })
      if (loaded.recorded) {
        this.#parts.metrics?.repeated(key.bot)
        return recordedResult(loaded.recorded)
      }
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
      const result = await this.#keep(turn, null)
      // Its claim would keep out this very turn when it is played again.
      if (result === null) await this.#player.release(turn)
      return result
    } catch (error) {
      await this.#player.release(turn)
      throw error
    }
  }

  /** @returns null when somebody was first */
  async #keep(turn: PlayedTurn, ends: OwnMessage | null): Promise<TurnResult | null> {
    for (;;) {
      turn.committing = performance.now()
      const commit = commitOf(turn, this.#parts.now(), ends)
      const kept = await keepTurn(this.#parts, turn.work, commit)
      if (kept === 'kept') return this.told(turn, commit)
      if (kept === 'moved on') {
        turn.trace?.end('overtaken')
        return null
      }
      // Nothing was kept: to the dialogue, the hook whose work it was has failed.
      turn.work = []
      turn.play.failLast(kept.failed)
      if (!(await this.#player.callHooks(turn))) return null
    }
  }

  /** A turn was kept: whoever watches is told. */
  told(turn: PlayedTurn, commit: TurnCommit): TurnResult {
    const { play, input, trace, committing } = turn
    const { happenings, metrics } = this.#parts
    metrics?.turn(turn)
    trace?.end(play.failure?.code ?? 'answered', performance.now() - committing)
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
