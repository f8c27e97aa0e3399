/** What a sentence means, as the dialogue step takes it, and who finds that out. */
import type { BotModel } from '../model/bot-model.ts'

export interface Understanding {
  /** Candidates, the most probable first; all of the locale's intents that were considered. */
  readonly intents: readonly UnderstoodIntent[]
  /** Everything found in the text, whatever the intent. */
  readonly entities: readonly UnderstoodEntity[]
  /** Who said so. */
  readonly source: 'classifier' | 'model' | 'rasa' | 'given'
  /** Why this is less than it should be (a server away, a time limit); null when nothing is wrong. */
  readonly degraded: string | null
}

export interface UnderstoodIntent {
  readonly name: string
  /** 0 to 1. */
  readonly confidence: number
}

export interface UnderstoodEntity {
  /** The slot's name where an utterance's placeholder taught it, else the slot type, the vocabulary or the built-in's name. */
  readonly entity: string
  /** Canonical value. */
  readonly value: string
  /** UTF-16 offsets into the text, end exclusive. */
  readonly start: number
  readonly end: number
  readonly confidence: number
}

export interface UnderstandRequest {
  readonly text: string
  readonly model: BotModel
  readonly version: string
  readonly locale: string
  /** Names of contexts that are active. */
  readonly contexts: readonly string[]
  /** The intent and slot that are being elicited, where one is. */
  readonly eliciting: { readonly intent: string; readonly slot: string | null } | null
  /** Milliseconds since 1970. */
  readonly now: number
  readonly timeZone: string
  readonly signal: AbortSignal
}

/** Never rejects for what the user wrote; a rejection means that it is away. */
export interface Understander {
  understand(request: UnderstandRequest): Promise<Understanding>
  /** Makes a version ready (trains it); called by `build`. Absent: nothing to do. */
  prepare?(model: BotModel, options: PrepareOptions): Promise<void>
  /** A version is not served any more. */
  forget?(bot: string, version: string): Promise<void>
  /** Whether it knows the values of a vocabulary: `build` warns where it does not. Absent: it can't tell. */
  has?(vocabulary: string): boolean
}

export interface PrepareOptions {
  readonly version: string
  readonly signal?: AbortSignal
  /** 0 to 1. */
  readonly onProgress?: (done: number) => void
}
