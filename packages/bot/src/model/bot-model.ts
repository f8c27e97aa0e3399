/**
 * A compiled bot: plain JSON, checked, with every default filled in. It is what versions keep, what is hashed, exported and
 * drawn, and all that the dialogue step knows of a bot. Functions are not in it: hooks stand by their names.
 */

export const modelFormat = 1

export interface BotModel {
  readonly format: typeof modelFormat
  readonly name: string
  readonly description: string
  /** Seconds without a word after which a session is forgotten, 60 to 86,400. */
  readonly sessionTtlSeconds: number
  readonly childDirected: boolean
  readonly defaultLocale: string
  readonly locales: Readonly<Record<string, LocaleModel>>
  /** SHA-256 (hex) of the model's canonical JSON without this field. */
  readonly hash: string
}

/** The bot in one language. */
export interface LocaleModel {
  /** As Lex writes it: `en_US`, `de_DE`. */
  readonly locale: string
  /** An intent below this confidence (0 to 1) is not understood. */
  readonly threshold: number
  /** Kept for import and export; nothing is spoken. */
  readonly outputVoice: string | null
  readonly intents: readonly IntentModel[]
  readonly slotTypes: readonly SlotTypeModel[]
  /** The intent that takes what no other intent does. */
  readonly fallbackIntent: string | null
  /** Asked when nothing was understood and there is no fallback intent. */
  readonly clarification: PromptModel | null
  /** Said when attempts are used up. */
  readonly abort: StatementModel | null
  readonly phrases: DialoguePhrases
}

export interface IntentModel {
  readonly name: string
  readonly description: string
  /** `AMAZON.FallbackIntent` and the like; null for an intent of one's own. */
  readonly builtin: string | null
  /** With `{slotName}` placeholders. */
  readonly utterances: readonly string[]
  /** In the order in which they are asked. */
  readonly slots: readonly SlotModel[]
  readonly confirmation: ConfirmationModel | null
  /** The hook that sees each understood input. */
  readonly dialogHook: string | null
  /** The hook that does it; null: the slots are returned to the caller (`ReadyForFulfillment`). */
  readonly fulfilmentHook: string | null
  /** Said when fulfilment succeeded and the hook said nothing. */
  readonly success: StatementModel | null
  /** Said when the fulfilment hook failed; without it the caller gets the error. */
  readonly failure: StatementModel | null
  /** Asked after fulfilment; "no" gives its rejection. */
  readonly followUp: ConfirmationModel | null
  /** Said after fulfilment, when there is no follow-up. */
  readonly closing: StatementModel | null
  /** The intent is understood only while all of these contexts are active. */
  readonly inputContexts: readonly string[]
  readonly outputContexts: readonly OutputContextModel[]
}

export interface SlotModel {
  readonly name: string
  /** A slot type of the locale or a built-in one (`AMAZON.Date`). */
  readonly type: string
  readonly required: boolean
  /** An optional slot that is asked for all the same, and may be skipped. Lex asks for required ones only. */
  readonly asked?: true
  /** 1 is asked first. */
  readonly priority: number
  /** Null only for a slot that is never asked for. */
  readonly prompt: PromptModel | null
  /** What users say to fill it, with placeholders. */
  readonly utterances: readonly string[]
  /** Taken in order when the intent begins: `literal`, `[attribute]`, `#context.parameter`. */
  readonly defaults: readonly string[]
  /** Several values in one answer. */
  readonly multiple: boolean
  /** Its values are masked in logs, transcripts and exports. */
  readonly obfuscated: boolean
}

export interface SlotTypeModel {
  readonly name: string
  readonly description: string
  /** The built-in type that it extends. */
  readonly parent: string | null
  readonly values: readonly { readonly value: string; readonly synonyms: readonly string[] }[]
  /** `OriginalValue`: any answer is taken as typed; `TopResolution`: only a known value or synonym. */
  readonly strategy: 'OriginalValue' | 'TopResolution'
  /** A regular expression (no back references, no look-around) that a value must match. */
  readonly pattern: string | null
  /** The live vocabulary (an entity's field or a query) that also gives values. */
  readonly vocabulary: string | null
}

export interface ConfirmationModel {
  readonly prompt: PromptModel
  readonly rejection: StatementModel
}

export interface PromptModel {
  /** How often it is asked again, 0 to 5. */
  readonly retries: number
  /** `Ordered`: the n-th message of a group at the n-th asking. */
  readonly selection: 'Random' | 'Ordered'
  readonly groups: readonly MessageGroup[]
  /** Wording of its own for Retry1, Retry2 … ; an attempt past the end uses the last, none: `groups`. */
  readonly attempts: readonly (readonly MessageGroup[])[]
  readonly card: ResponseCard | null
}

export interface StatementModel {
  readonly groups: readonly MessageGroup[]
  readonly card: ResponseCard | null
}

/** One message of a group is said; at most 5 groups of 5. */
export type MessageGroup = readonly Message[]

export type MessageContentType = 'PlainText' | 'SSML' | 'CustomPayload' | 'ImageResponseCard'

export interface Message {
  readonly contentType: MessageContentType
  /** Text; for a card its title. */
  readonly content: string
  readonly card?: CardAttachment
}

export interface ResponseCard {
  readonly attachments: readonly CardAttachment[]
}

export interface CardAttachment {
  readonly title: string
  readonly subTitle?: string
  readonly imageUrl?: string
  readonly attachmentLinkUrl?: string
  /** At most 5. */
  readonly buttons?: readonly { readonly text: string; readonly value: string }[]
}

export interface OutputContextModel {
  readonly name: string
  readonly turnsToLive: number
  readonly timeToLiveSeconds: number
}

/** What users say to steer a dialogue, in this language, matched whole and without regard to case and marks. */
export interface DialoguePhrases {
  readonly yes: readonly string[]
  readonly no: readonly string[]
  /** Ends the current intent: "cancel", "never mind". */
  readonly cancel: readonly string[]
  /** Says the last thing again. */
  readonly repeat: readonly string[]
  /** Begins a correction: "no, i meant", "actually". What follows is read as a value. */
  readonly correct: readonly string[]
  /** How a change is said, with `{slot}` and `{value}`: "change the {slot} to {value}". */
  readonly change: readonly string[]
  /** Leaves an optional slot empty: "skip". */
  readonly skip: readonly string[]
  /** Asks for a person. */
  readonly person: readonly string[]
  /** What the bot says. Placeholders: `{intent}`, `{slot}`. */
  readonly cancelled: string
  readonly handedOff: string
  readonly resumed: string
  /** Said when understanding or a hook is away. */
  readonly apology: string
}
