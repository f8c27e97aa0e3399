/**
 * A turn as hooks in TypeScript get it: what was said and filled, and one method for each thing a hook may decide. Nothing happens
 * until the hook has returned; the answer is the value that it returns.
 */
import type { ActiveContext, IntentSummary, Said, SlotValue } from '../dialogue/session.ts'
import type { UnderstoodIntent } from '../understanding/understanding.ts'
import type { HookAction, HookCall } from './hook-contract.ts'

/** Values of slots by name: text, null while empty, a list for a slot with several values. */
export type SlotValues = Readonly<Record<string, string | readonly string[] | null>>

/** What is said: one text, several, or messages of other kinds with a response card. */
export type Say = string | readonly string[] | Said

export interface Turn<Slots extends SlotValues = SlotValues, Intents extends string = string> {
  /** Stable over repeats of the same call: what is done once per id is done once. */
  readonly id: string
  readonly source: 'dialog' | 'fulfilment'
  readonly bot: HookCall['bot']
  readonly user: string
  /** What the user said, as typed. */
  readonly text: string
  readonly intent: Intents
  /** 0 to 1; null when the intent was not understood from words. */
  readonly confidence: number | null
  readonly confirmation: 'None' | 'Confirmed' | 'Denied'
  readonly slots: Slots
  /** The same slots with what was typed and everything they could mean. */
  readonly slotDetails: { readonly [Name in keyof Slots]: SlotValue | null }
  readonly sessionAttributes: Readonly<Record<string, string>>
  readonly requestAttributes: Readonly<Record<string, string>>
  readonly contexts: readonly ActiveContext[]
  readonly recentIntents: readonly IntentSummary[]
  readonly interpretations: readonly UnderstoodIntent[]
  /** What is known of the user beyond this session. */
  readonly memory: Readonly<Record<string, string>>
  /** What comes next if the hook delegates. */
  readonly next: HookCall['next']
  /** Aborts when the time is over or the caller has gone. */
  readonly signal: AbortSignal

  /** Changes slots; those that are not named stay. */
  setSlots(slots: { readonly [Name in keyof Slots]?: Slots[Name] | null }): void
  /** Changes attributes of the session; null takes one away. */
  setAttributes(attributes: Readonly<Record<string, string | null>>): void
  /** Makes contexts active; those of other names stay as they are. */
  setContexts(contexts: readonly ActiveContext[]): void
  /** Keeps values for the user beyond the session; null forgets one. */
  remember(entries: Readonly<Record<string, string | null>>): void
  /**
   * Work to be done in the transaction that keeps this turn: both are kept, or neither. It runs after the hook has returned, at
   * most once for a kept turn. `db` is the store that the service was opened with. Only for hooks in process.
   */
  inTransaction<Tx>(db: TransactionHost<Tx>, work: (tx: Tx) => Promise<unknown>): void

  /** Ends the intent. */
  close(say?: Say, options?: { readonly state?: 'Fulfilled' | 'Failed' }): TurnAnswer
  /** Asks for a slot; what it holds counts as empty. Without words its own prompt is used. */
  elicitSlot(slot: keyof Slots & string, say?: Say): TurnAnswer
  /** Asks for yes or no. Without words the intent's confirmation prompt is used. */
  confirm(say?: Say): TurnAnswer
  /** Lets the dialogue go on by its own rules. */
  delegate(options?: {
    readonly intent?: Intents
    readonly confirmation?: 'None' | 'Confirmed' | 'Denied'
  }): TurnAnswer
  /** Asks what the user wants. Without words the clarification prompt is used. */
  elicitIntent(say?: Say): TurnAnswer
}

/** Made by a turn's methods, to be returned by the hook. */
export interface TurnAnswer {
  readonly action: HookAction
}

/** A store, as far as it is needed: `@typestead/store`'s `Database` is one. */
export interface TransactionHost<Tx> {
  transaction<R>(work: (tx: Tx) => Promise<R>): Promise<R>
}

/**
 * A hook in TypeScript. Returning nothing delegates from a dialog hook and closes as fulfilled from a fulfilment hook.
 * @throws anything: the turn then fails with `HOOK_FAILED`
 */
export type TurnHook<Slots extends SlotValues = SlotValues, Intents extends string = string> = (
  turn: Turn<Slots, Intents>,
  // A hook that only does something returns nothing at all, which is `void` in TypeScript.
  // biome-ignore lint/suspicious/noConfusingVoidType: see above
) => TurnAnswer | undefined | void | Promise<TurnAnswer | undefined | void>
