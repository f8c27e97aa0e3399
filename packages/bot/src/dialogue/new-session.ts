/** A session that nothing has been said in yet. */
import type { BotModel } from '../model/bot-model.ts'
import { type Session, sessionFormat } from './session.ts'

export interface NewSession {
  readonly bot: BotModel
  /** What it is pinned to until it expires. */
  readonly version: string
  readonly alias: string
  readonly locale: string
  readonly user: string
  /** Milliseconds since 1970. */
  readonly now: number
  /** What is known of the user from earlier sessions. */
  readonly memory?: Readonly<Record<string, string>>
}

export function newSession({
  bot,
  version,
  alias,
  locale,
  user,
  now,
  memory,
}: NewSession): Session {
  return {
    format: sessionFormat,
    bot: bot.name,
    version,
    alias,
    locale,
    user,
    startedAt: now,
    expiresAt: now + bot.sessionTtlSeconds * 1000,
    ttlSeconds: bot.sessionTtlSeconds,
    turns: 0,
    attributes: {},
    dialogState: 'ElicitIntent',
    intent: null,
    stack: [],
    recentIntents: [],
    contexts: [],
    misunderstood: 0,
    waiting: null,
    lastSaid: null,
    person: null,
    memory: memory ?? {},
  }
}

/** The same conversation after it has expired: only who speaks with whom is left, and what is kept beyond sessions. */
export function expiredSession(session: Session, now: number): Session {
  return {
    ...session,
    startedAt: now,
    expiresAt: now + session.ttlSeconds * 1000,
    turns: 0,
    attributes: {},
    dialogState: 'ElicitIntent',
    intent: null,
    stack: [],
    recentIntents: [],
    contexts: [],
    misunderstood: 0,
    waiting: null,
    lastSaid: null,
  }
}
