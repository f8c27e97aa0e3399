/**
 * All that can happen to a conversation. Events carry the time, a seed and whatever the outside answered, so a log of them
 * replays to the same sessions and replies, byte by byte, without network, clock or chance.
 */
import type { HookAction, HookResult } from '../hooks/hook-contract.ts'
import type { Understanding } from '../understanding/understanding.ts'
import type { ActiveContext, ActiveIntent, IntentSummary, Said } from './session.ts'

interface Happening {
  /** Milliseconds since 1970. */
  readonly now: number
  /** A whole number below 2^32: which of a group's messages is said. */
  readonly seed: number
}

export type DialogueEvent =
  | SaidEvent
  | HookReturned
  | SessionPut
  | (Happening & { readonly type: 'takenOver'; readonly person: string })
  | (Happening & { readonly type: 'personSaid'; readonly person: string; readonly said: Said })
  | (Happening & { readonly type: 'handedBack' })

/** The user said something. */
export interface SaidEvent extends Happening {
  readonly type: 'said'
  /** The turn's id, stable over repeats. */
  readonly turn: string
  readonly text: string
  readonly understanding: Understanding
  readonly requestAttributes: Readonly<Record<string, string>>
  /** Replaces (V1) the session's attributes where given. */
  readonly sessionAttributes?: Readonly<Record<string, string>>
  readonly contexts?: readonly ActiveContext[]
  /** Given with the first turn of a session. */
  readonly memory?: Readonly<Record<string, string>>
  /**
   * IANA name, for dates and times in the text; the request attribute `x-amz-lex:time-zone` comes first. UTC when neither is given.
   */
  readonly timeZone?: string
}

/** The hook that the session waits for has answered. */
export interface HookReturned extends Happening {
  readonly type: 'hookReturned'
  readonly call: string
  readonly result: HookResult
}

/** The session was set from outside (PutSession): what is given replaces what was. */
export interface SessionPut extends Happening {
  readonly type: 'put'
  /** Of the hooks that it calls; `put-<now>` when absent. */
  readonly turn?: string
  readonly attributes?: Readonly<Record<string, string>>
  readonly intent?: ActiveIntent | null
  readonly recentIntents?: readonly IntentSummary[]
  readonly contexts?: readonly ActiveContext[]
  /** What to do at once, as a hook would say it. */
  readonly action?: HookAction
  readonly requestAttributes: Readonly<Record<string, string>>
}
