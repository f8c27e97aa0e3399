/** One message whose turn is played as it comes in: until it is kept, nobody is told that it was. */
import type { OwnMessage } from '@typestead/journal'
import { BotError } from '../../bot-error.ts'
import type { Loaded } from '../kept/conversation-rows.ts'
import type { ConversationStore } from '../kept/conversation-store.ts'
import type { ConversationRunner } from '../turns/conversation-runner.ts'
import { later, moment, within } from '../turns/moment.ts'
import type { PlayedTurn } from '../turns/played-turn.ts'
import type { TurnInput } from '../turns/turn-input.ts'
import { type Arrival, type Intake, incomingQueue, type Keeping, type Received } from './intake.ts'

/** Milliseconds that a held message's turn may take, as in the queue. */
const longest = 600_000

export interface PlayingParts {
  readonly intake: Intake
  readonly store: ConversationStore
  readonly runner: ConversationRunner
}

export class PlayedMessage {
  readonly #parts: PlayingParts
  readonly #arrival: Arrival
  readonly #input: TurnInput
  readonly #tell: (received: Received) => void
  readonly #stop = new AbortController()
  readonly #ended = Promise.withResolvers<void>()
  /** The message, once this process holds it. */
  #own: OwnMessage | undefined
  #turn: PlayedTurn | undefined
  #late: NodeJS.Timeout | undefined

  /** `tell` is called when the message is kept. */
  constructor(
    parts: PlayingParts,
    arrival: Arrival,
    input: Omit<TurnInput, 'signal'>,
    tell: (received: Received) => void,
  ) {
    this.#parts = parts
    this.#arrival = arrival
    this.#tell = tell
    this.#input = {
      ...input,
      signal: this.#stop.signal,
      claim: (claim) => (this.#own ? parts.store.claim(claim) : this.#hold({ as: 'held', claim })),
    }
  }

  /** Resolves at the end of `play`, however it ends. */
  get ended(): Promise<void> {
    return this.#ended.promise
  }

  /** The turn is left; a message that is held goes back to its queue. */
  stop(): void {
    this.#stop.abort(new BotError('CLOSED', 'the bots close; whoever opens them next answers'))
  }

  /** @throws {JournalError} when the message could not be kept */
  async play(): Promise<void> {
    try {
      await this.#play()
    } finally {
      this.#ended.resolve()
    }
  }

  async #play(): Promise<void> {
    const { id, key, turn, message, ids } = this.#arrival
    const queue = incomingQueue(message.channel)
    const { bot, alias } = key
    const loaded = await this.#parts.store.load({
      id,
      bot,
      alias,
      request: turn,
      queue,
      ids: JSON.stringify(ids),
    })
    if (loaded.recorded) return this.#tell('repeated')
    // Ids of a repeat are kept as well: it may come again under one of them alone.
    if (loaded.seen || loaded.held || loaded.waits) return this.#wait()
    try {
      if (await this.#playTurn(loaded)) return
    } catch {
      // The queue tries again, and tells what went wrong.
    } finally {
      this.#letGo()
    }
    if (this.#turn) await this.#parts.runner.release(this.#turn)
    if (this.#own) await this.#parts.runner.giveUp(this.#own)
    else await this.#wait()
  }

  /** @returns false when the message is to go the queue's way */
  async #playTurn(loaded: Loaded): Promise<boolean> {
    const { runner } = this.#parts
    const opening = runner.open(this.#input, loaded)
    let turn = await within(opening, moment)
    if (turn === later) {
      if (!(await this.#hold({ as: 'held', claim: null }))) return this.#isAnswered(opening)
      turn = await this.#orStopped(opening)
    }
    this.#turn = turn
    if (!(await this.#orStopped(runner.callHooks(turn)))) return this.#isAnswered(opening)
    // What is done in a transaction of the application's own is kept by that.
    if (this.#own === undefined && turn.work.length > 0) {
      const { claim } = turn
      if (!(await this.#hold({ as: 'held', claim }))) return this.#isAnswered(opening)
      turn.claimed(claim.token)
    }
    if (this.#own) await runner.keepHeld(turn, this.#own)
    else await this.#keep(turn)
    return true
  }

  /** A repeat, or one that waits in the queue now: what still goes on for it is of no interest. */
  #isAnswered(opening: Promise<unknown>): boolean {
    opening.catch(() => {})
    this.#stop.abort(new BotError('CONFLICT', 'the message is not this turn\u2019s any more'))
    return this.#own === undefined
  }

  async #keep(turn: PlayedTurn): Promise<void> {
    const { intake, runner } = this.#parts
    const commit = runner.commitOf(turn)
    const { as } = await intake.keep(this.#arrival, { as: 'turn', commit })
    if (as === 'turn') runner.told(turn, commit)
    this.#tell(as === 'repeated' ? 'repeated' : 'accepted')
  }

  async #wait(): Promise<void> {
    this.#tell(await this.#parts.intake.queue(this.#arrival))
  }

  /** @returns whether this process holds the message now; otherwise it is a repeat, or waits in its queue */
  async #hold(keeping: Extract<Keeping, { as: 'held' }>): Promise<boolean> {
    const kept = await this.#parts.intake.keep(this.#arrival, keeping)
    this.#tell(kept.as === 'repeated' ? 'repeated' : 'accepted')
    if (kept.as !== 'held') return false
    this.#own = kept.own
    const { signal } = kept.own.presence
    if (signal.aborted) this.#lost()
    else signal.addEventListener('abort', this.#lost, { once: true })
    this.#late = setTimeout(
      () => this.#stop.abort(new BotError('CONFLICT', `a turn may take ${longest} ms`)),
      longest,
    )
    return true
  }

  readonly #lost = (): void => this.#stop.abort(this.#own?.presence.signal.reason)

  #letGo(): void {
    clearTimeout(this.#late)
    this.#own?.presence.signal.removeEventListener('abort', this.#lost)
  }

  /** Work that does not look at its signal is left to itself. */
  async #orStopped<R>(work: Promise<R>): Promise<R> {
    const { signal } = this.#stop
    return await new Promise<R>((resolve, reject) => {
      const stop = () => reject(signal.reason)
      if (signal.aborted) stop()
      signal.addEventListener('abort', stop, { once: true })
      work.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
    })
  }
}
