/**
 * What a hook is asked and what it may answer, in this package's own words. Lambda events of both versions are made of the call
 * and read into the answer (`lambda-v1.ts`, `lambda-v2.ts`); hooks in TypeScript speak these words through a `Turn`.
 */
import type {
  ActiveContext,
  ActiveIntent,
  IntentSummary,
  Said,
  SlotValue,
} from '../dialogue/session.ts'
import type { UnderstoodIntent } from '../understanding/understanding.ts'
import type { TransactionHost } from './turn.ts'

export interface HookCall {
  /** Stable over repeats: `<turn id>/<n>`. */
  readonly id: string
  /** The hook's name in the bot's registry. */
  readonly hook: string
  readonly source: 'DialogCodeHook' | 'FulfillmentCodeHook'
  readonly bot: {
    readonly name: string
    readonly alias: string
    readonly version: string
    readonly locale: string
  }
  readonly user: string
  readonly text: string
  readonly intent: ActiveIntent
  readonly sessionAttributes: Readonly<Record<string, string>>
  readonly requestAttributes: Readonly<Record<string, string>>
  readonly contexts: readonly ActiveContext[]
  readonly recentIntents: readonly IntentSummary[]
  readonly interpretations: readonly UnderstoodIntent[]
  readonly memory: Readonly<Record<string, string>>
  /** Milliseconds since 1970: the time of the event that called. */
  readonly now: number
  /** What happens next if the hook delegates. */
  readonly next:
    | { readonly type: 'ElicitSlot'; readonly slot: string }
    | { readonly type: 'ConfirmIntent' }
    | { readonly type: 'Fulfil' }
    | null
}

export interface HookAnswer {
  /** Absent: as they were. */
  readonly sessionAttributes?: Readonly<Record<string, string>>
  /** For the rest of the turn, and for the caller: V2 tells them with its answer. Absent: as they came. */
  readonly requestAttributes?: Readonly<Record<string, string>>
  readonly contexts?: readonly ActiveContext[]
  readonly recentIntents?: readonly IntentSummary[]
  /** Kept for the user beyond the session; null forgets a key. */
  readonly remember?: Readonly<Record<string, string | null>>
  readonly action: HookAction
}

/** Slots are given as text (V1) or whole (V2); a slot that is not named keeps its value only where `slots` is absent. */
export type HookAction =
  | { readonly type: 'ElicitIntent'; readonly said: Said | null }
  | {
      readonly type: 'ElicitSlot'
      readonly intent: string
      readonly slots: HookSlots
      readonly slot: string
      readonly said: Said | null
    }
  | {
      readonly type: 'ConfirmIntent'
      readonly intent: string
      readonly slots: HookSlots
      readonly said: Said | null
    }
  | {
      readonly type: 'Delegate'
      /** Another intent than the current one may be begun (V2). */
      readonly intent?: string
      readonly slots?: HookSlots
      readonly confirmation?: 'None' | 'Confirmed' | 'Denied'
    }
  | {
      readonly type: 'Close'
      readonly state: 'Fulfilled' | 'Failed' | 'ReadyForFulfillment'
      readonly said: Said | null
    }

export type HookSlots = Readonly<Record<string, SlotValue | null>>

export type HookResult =
  | { readonly ok: true; readonly answer: HookAnswer }
  | {
      readonly ok: false
      readonly error: {
        /** `BUSY`: too many calls wait already. */
        readonly code: 'TIMEOUT' | 'THROWN' | 'BAD_ANSWER' | 'MISSING' | 'BUSY'
        readonly message: string
      }
    }

/** Runs a hook by its name. Never rejects: what goes wrong is a result. */
export interface HookRunner {
  run(call: HookCall, signal: AbortSignal, during?: HookDuring): Promise<HookResult>
}

/** Told while a hook runs: what is not plain data, so not part of its logged result. */
export interface HookDuring {
  /** To be run in the transaction that keeps the turn; see `Turn.inTransaction`. */
  readonly inTransaction?: (work: TransactionalWork) => void
  /** For operators: a second callback, an answer that could not be read whole. Holds none of the user's words. */
  readonly warn?: (message: string) => void
}

export interface TransactionalWork {
  /** The store that the hook named; the caller checks that it is its own. */
  readonly db: TransactionHost<unknown>
  /** `tx` is a transaction of `db`. */
  readonly run: (tx: unknown) => Promise<unknown>
}
