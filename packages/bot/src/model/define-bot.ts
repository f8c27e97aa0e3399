/**
 * What a user writes: a bot as plain data with its hooks beside the words. `defineBot` adds nothing to it but types: inside a hook
 * `turn.slots` has the intent's own slots, each with the values that its type can give. `compileBot` checks it.
 */
import type { LambdaRef } from '../hooks/lambda-ref.ts'
import type { Turn, TurnAnswer, TurnHook } from '../hooks/turn.ts'
import type { CardAttachment, DialoguePhrases, MessageContentType } from './bot-model.ts'

/** What is said: text, or a message of another kind. Placeholders: `{slot}`, `[session attribute]`, `((request attribute))`. */
export type Wording = string | WordedMessage

export interface WordedMessage {
  /** `PlainText` by default. */
  readonly type?: MessageContentType
  readonly content: string
  /** Of an `ImageResponseCard`. */
  readonly card?: CardDefinition
}

/** A text; a list of which one is said; or lists of which one each is said, at most 5 of 5. */
export type Words = Wording | readonly Wording[] | readonly (readonly Wording[])[]

/** Buttons and pictures; a button given as a text has it as its value too. */
export type CardDefinition = Omit<CardAttachment, 'buttons'> & {
  readonly buttons?: readonly (string | { readonly text: string; readonly value: string })[]
}

/** What is said, with a card of buttons or pictures below it. */
export type StatementDefinition =
  | Words
  | { readonly messages: Words; readonly card?: CardDefinition | readonly CardDefinition[] }

export interface Asking {
  readonly prompt: StatementDefinition
  /** How often it is asked again (0 to 5), or how each retry is worded. 2 by default. */
  readonly retries?: number | readonly Words[]
  /** `ordered`: the n-th wording at the n-th asking. `random` by default. */
  readonly selection?: 'random' | 'ordered'
}

export interface ConfirmationDefinition extends Asking {
  /** Said after "no". */
  readonly rejection: StatementDefinition
}

export interface SlotDefinition extends Partial<Asking> {
  /** A slot type of this bot, or a built-in one such as `AMAZON.Date`. */
  readonly type: string
  /** True by default. */
  readonly required?: boolean
  /** Asks for an optional slot too; users may skip it. */
  readonly ask?: boolean
  /** Asked in this order, 1 to 100; in the order of writing by default. */
  readonly priority?: number
  /** What users say to fill it, with placeholders. */
  readonly utterances?: readonly string[]
  /** Taken in order when the intent begins: `literal`, `[attribute]`, `#context.parameter`. */
  readonly defaults?: readonly string[]
  /** Takes several values. */
  readonly multiple?: boolean
  /** Masks its values in logs, transcripts and exports. */
  readonly obfuscate?: boolean
}

export interface SlotTypeDefinition {
  readonly description?: string
  readonly values?: readonly (
    | string
    | { readonly value: string; readonly synonyms?: readonly string[] }
  )[]
  /**
   * `top`: only known values and synonyms, given as the value. `original`: any answer, as typed. By default `top` for a type
   * with a vocabulary or a pattern, else `original`, as Lex has it.
   */
  readonly resolve?: 'top' | 'original'
  /** What a value must match whole; no back references, no look-around. */
  readonly pattern?: string
  /** A live vocabulary that gives values too: they are understood as soon as they are added. */
  readonly vocabulary?: string
  /** The same, by an entity's field: `{ entity: Book, field: 'title' }` is the vocabulary `Book.title`. */
  readonly entity?: string | { readonly name: string }
  readonly field?: string
  /** A built-in type that it extends. */
  readonly extends?: string
}

/** A function, a Lambda file, or the name (or ARN) of a hook that the registry knows. */
export type HookDefinition<Hook = TurnHook> = Hook | LambdaRef | string

export interface IntentWords {
  readonly description?: string
  /** With `{slot}` placeholders, a space on both sides. */
  readonly utterances?: readonly string[]
  readonly confirm?: ConfirmationDefinition
  /** Said when fulfilment succeeded and its hook said nothing. */
  readonly success?: StatementDefinition
  /** Said when the fulfilment hook failed. */
  readonly failure?: StatementDefinition
  /** Asked after fulfilment. */
  readonly followUp?: ConfirmationDefinition
  /** Said after fulfilment. */
  readonly closing?: StatementDefinition
}

export interface IntentDefinition extends IntentWords {
  readonly slots?: Readonly<Record<string, SlotDefinition>>
  /** `AMAZON.HelpIntent` and the like. */
  readonly builtin?: string
  /** Takes what no other intent does. */
  readonly fallback?: boolean
  /** Sees every input that was understood. */
  readonly dialogHook?: HookDefinition
  /** Does it; `return` (the default) gives the slots back to the caller. */
  readonly fulfil?: HookDefinition | 'return'
  readonly contexts?: {
    /** The intent is understood only while all of these are active. */
    readonly input?: readonly string[]
    /** Active after fulfilment: for so many turns (5) and seconds (90), whichever ends first. */
    readonly output?: readonly (
      | string
      | { readonly name: string; readonly turns?: number; readonly seconds?: number }
    )[]
  }
}

export interface LocaleWords {
  /** An intent below this confidence, 0 to 1, is not understood. 0.4 by default. */
  readonly threshold?: number
  readonly outputVoice?: string
  /** Asked when nothing was understood. The language's own words by default; null: nothing. */
  readonly clarification?: Asking | Words | null
  /** Said when attempts are used up. The language's own words by default; null: nothing. */
  readonly abort?: StatementDefinition | null
  /** Replaces the language's own. */
  readonly phrases?: Partial<DialoguePhrases>
}

/** Another language: the words only, by the same names. Hooks, slots and their types are the bot's; an intent that is not named is left out. */
export interface LocaleDefinition extends LocaleWords {
  readonly slotTypes?: Readonly<
    Record<string, Pick<SlotTypeDefinition, 'values' | 'pattern' | 'description'>>
  >
  readonly intents: Readonly<Record<string, LocaleIntentDefinition>>
}

export interface LocaleIntentDefinition extends IntentWords {
  readonly slots?: Readonly<
    Record<string, Partial<Asking> & Pick<SlotDefinition, 'utterances' | 'defaults'>>
  >
}

export interface BotDefinition extends LocaleWords {
  readonly name: string
  readonly description?: string
  /** 60 to 86,400; 300 by default. */
  readonly sessionTtlSeconds?: number
  readonly childDirected?: boolean
  /** The language that the words here are in; `en_US` by default. */
  readonly locale?: string
  readonly slotTypes?: Readonly<Record<string, SlotTypeDefinition>>
  readonly intents: Readonly<Record<string, IntentDefinition>>
  readonly locales?: Readonly<Record<string, LocaleDefinition>>
}

/**
 * A bot, with the slots of each intent known in its hooks.
 *
 * ```ts
 * defineBot({
 *   name: 'PurchaseBook',
 *   intents: {
 *     OrderBook: {
 *       utterances: ['order the book {bookName}'],
 *       slots: { bookName: { type: 'AMAZON.Book', prompt: 'Which book?' } },
 *       fulfil: (turn) => turn.close(`Ordered: ${turn.slots.bookName}`),
 *     },
 *   },
 * })
 * ```
 */
export function defineBot<
  // Without a default, a bot without slot types would take any word for one.
  const Types extends Readonly<Record<string, SlotTypeDefinition>> = Record<never, never>,
  // No constraint: an intent without slots would make the whole of it unknown.
  const Slots = unknown,
>(definition: TypedDefinition<Types, Slots>): BotDefinition {
  // The same object: a hook that asks for the slots of its own intent is only ever called with those.
  return definition as unknown as BotDefinition
}

type TypedDefinition<Types, Slots> = Omit<BotDefinition, 'slotTypes' | 'intents'> & {
  readonly slotTypes?: Types
  readonly intents: {
    readonly [Intent in keyof Slots]: TypedIntent<Types, Slots[Intent], keyof Slots & string>
  }
}

type TypedIntent<Types, Slots, Intents extends string> = Omit<
  IntentDefinition,
  'slots' | 'dialogHook' | 'fulfil'
> & {
  readonly slots?: Slots & CheckedSlots<Types, Slots>
  readonly dialogHook?: HookDefinition<TypedHook<Types, Slots, Intents>>
  readonly fulfil?: HookDefinition<TypedHook<Types, Slots, Intents>> | 'return'
}

type TypedHook<Types, Slots, Intents extends string> = (
  turn: Turn<ValuesOf<Types, Slots>, Intents>,
  // A hook that only does something returns nothing at all, which is `void` in TypeScript.
  // biome-ignore lint/suspicious/noConfusingVoidType: see above
) => TurnAnswer | undefined | void | Promise<TurnAnswer | undefined | void>

/** A slot's type is one of the bot's or a built-in one, and it has no field that slots do not have. */
type CheckedSlots<Types, Slots> = {
  readonly [Name in keyof Slots]: SlotDefinition & {
    readonly type: (keyof Types & string) | `AMAZON.${string}`
  } & { readonly [Unknown in Exclude<keyof Slots[Name], keyof SlotDefinition>]: never }
}

type ValuesOf<Types, Slots> = {
  readonly [Name in keyof Slots]: Slots[Name] extends { readonly multiple: true }
    ? readonly ValueOf<Types, Slots[Name]>[] | null
    : ValueOf<Types, Slots[Name]> | null
}

type ValueOf<Types, Slot> = Slot extends { readonly type: infer Type extends keyof Types }
  ? Types[Type] extends {
      readonly resolve: 'top'
      readonly values: readonly (infer Value)[]
      readonly vocabulary?: never
      readonly entity?: never
    }
    ? Value extends string
      ? Value
      : Value extends { readonly value: infer Named extends string }
        ? Named
        : string
    : string
  : string
