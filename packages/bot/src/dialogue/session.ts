/**
 * A conversation's state between turns: plain JSON. Only `step` makes a new one from an old one; the service keeps it, with a
 * revision that says who was first.
 */
import type { Message, ResponseCard } from '../model/bot-model.ts'
import type { UnderstoodIntent } from '../understanding/understanding.ts'

export const sessionFormat = 1

/** V1's dialog states; V2's follow from them and the intent's state. */
export type DialogState =
  | 'ElicitIntent'
  | 'ConfirmIntent'
  | 'ElicitSlot'
  | 'Fulfilled'
  | 'ReadyForFulfillment'
  | 'Failed'

export interface Session {
  readonly format: typeof sessionFormat
  readonly bot: string
  /** The version that this session is pinned to until it expires; `$LATEST` for the draft. */
  readonly version: string
  readonly alias: string
  readonly locale: string
  readonly user: string
  /** Milliseconds since 1970. */
  readonly startedAt: number
  readonly expiresAt: number
  /** The bot's, at the time it began; a word moves `expiresAt` that far. */
  readonly ttlSeconds: number
  /** How many turns it has had. */
  readonly turns: number
  readonly attributes: Readonly<Record<string, string>>
  readonly dialogState: DialogState
  /** What the user is in the middle of. */
  readonly intent: ActiveIntent | null
  /** Intents that a digression laid aside, the most recent last; at most 5. */
  readonly stack: readonly ActiveIntent[]
  /** The most recent first, at most 3. */
  readonly recentIntents: readonly IntentSummary[]
  readonly contexts: readonly ActiveContext[]
  /** How often in a row nothing was understood. */
  readonly misunderstood: number
  /** The hook that is being waited for, with what is needed to go on. */
  readonly waiting: WaitingHook | null
  /** What was said last, for "repeat". */
  readonly lastSaid: Said | null
  /** A person has taken over: the bot says nothing until it is handed back. */
  readonly person: string | null
  /** The user has asked for a person, and none has come yet. */
  readonly personAsked?: true
  /** What the bot knows of the user beyond this session. */
  readonly memory: Readonly<Record<string, string>>
}

export interface ActiveIntent {
  readonly name: string
  /** Every slot of the intent; null when empty. */
  readonly slots: Readonly<Record<string, SlotValue | null>>
  readonly confirmation: 'None' | 'Confirmed' | 'Denied'
  /** V2's intent.state. */
  readonly state: 'InProgress' | 'Waiting' | 'Fulfilled' | 'ReadyForFulfillment' | 'Failed'
  readonly eliciting: Eliciting | null
  /** Askings of what is being elicited that were not answered. */
  readonly attempts: number
  /** 0 to 1; null when it was not understood from words. */
  readonly confidence: number | null
  /** Optional slots that the user left empty on purpose. */
  readonly skipped?: readonly string[]
  /** The slot that was filled last: what "no, I meant …" corrects. */
  readonly lastFilled?: string
}

export type Eliciting =
  | { readonly type: 'slot'; readonly slot: string; readonly custom: Said | null }
  /** `byHook`: a hook's own ConfirmIntent. */
  | { readonly type: 'confirm'; readonly byHook: boolean; readonly custom: Said | null }
  | { readonly type: 'followUp' }

export interface SlotValue {
  /** As the user typed it. */
  readonly original: string
  readonly value: string
  /** What the type resolved it to, best first. */
  readonly resolved: readonly string[]
  /** For a slot with several values. */
  readonly values?: readonly SlotValue[]
}

export interface IntentSummary {
  readonly intentName: string
  readonly slots: Readonly<Record<string, string | null>>
  readonly confirmationStatus: 'None' | 'Confirmed' | 'Denied'
  readonly dialogActionType: 'ElicitIntent' | 'ElicitSlot' | 'ConfirmIntent' | 'Delegate' | 'Close'
  readonly fulfillmentState: 'Fulfilled' | 'Failed' | 'ReadyForFulfillment' | null
  readonly slotToElicit: string | null
  readonly checkpointLabel: string | null
}

export interface ActiveContext {
  readonly name: string
  readonly turnsToLive: number
  /** Milliseconds since 1970. */
  readonly expiresAt: number
  readonly parameters: Readonly<Record<string, string>>
}

export interface WaitingHook {
  readonly call: string
  readonly hook: string
  readonly source: 'DialogCodeHook' | 'FulfillmentCodeHook'
  /** The text of the turn that it belongs to. */
  readonly text: string
  /** The turn's id. */
  readonly turn: string
  /** How many hooks the turn has called, this one included. */
  readonly calls: number
  readonly requestAttributes: Readonly<Record<string, string>>
  readonly interpretations: readonly UnderstoodIntent[]
  /** What the turn began with, for when it fails: the same words can then be said again. */
  readonly before: Pick<Session, 'dialogState' | 'intent' | 'stack' | 'misunderstood'>
}

export interface Said {
  readonly messages: readonly Message[]
  readonly card: ResponseCard | null
}
