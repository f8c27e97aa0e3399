/** A turn that is played: what it found, what became of it, and what keeping it needs. */
import { randomUUID } from 'node:crypto'
import { BotError } from '../../bot-error.ts'
import type { Session } from '../../dialogue/session.ts'
import type { TransactionalWork } from '../../hooks/hook-contract.ts'
import type { BotModel } from '../../model/bot-model.ts'
import type { Loaded, Target } from '../kept/conversation-rows.ts'
import { type ClaimRequest, claimedRevision } from '../kept/conversation-store.ts'
import type { TurnInput } from './turn-input.ts'
import { TurnPlay } from './turn-play.ts'
import { beginTurnTrace, type TurnTrace } from './turn-trace.ts'

export class PlayedTurn {
  readonly input: TurnInput
  readonly model: BotModel
  readonly hash: string
  readonly target: Target | null
  readonly turns: number
  readonly forgettings: string
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
  /** Of `performance.now()`: the turn's begin, and its commit's. */
  readonly began = performance.now()
  committing = 0
  /** Where somebody records it. */
  readonly trace: TurnTrace | undefined
  revision: number
  token: string | null = null
  /** No other process was alive when it began: for a moment its hooks need no claim. */
  readonly alone: boolean

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
    this.forgettings = loaded.forgettings
    this.lastText = loaded.lastText
    this.lastReply = loaded.lastReply
    this.startedAt = loaded.revision === 0 ? now : loaded.startedAt
    this.before = isNew ? null : session
    this.opened = isNew ? session : null
    const locale = pinned.model.locales[session.locale]
    if (locale === undefined) throw new BotError('NOT_FOUND', `no locale ${session.locale}`)
    this.play = new TurnPlay(locale, session)
    this.revision = loaded.revision
    this.alone = loaded.alone
    const { version } = session
    const channel = this.target?.channel ?? apiChannel
    this.trace = beginTurnTrace({ bot: this.model.name, version, locale: session.locale, channel })
  }

  /** What makes the conversation this turn's while its hooks run. */
  get claim(): Omit<ClaimRequest, 'owner'> {
    const { key, id } = this.input
    const row = {
      id,
      bot: key.bot,
      alias: key.alias,
      who: key.user,
      channel: this.target?.channel ?? apiChannel,
      started: this.startedAt,
    }
    return { row, revision: this.revision, token: randomUUID() }
  }

  claimed(token: string): void {
    this.token = token
    this.revision = claimedRevision(this.revision)
  }
}

/** The channel of conversations whose answers go to the caller. */
export const apiChannel = 'lex'

/** Whose memory it is: a messenger's user has one in all conversations. */
export function memoryOwner(user: string, target: Target | null): string {
  return target === null ? user : `${target.channel}/${target.user}`
}
