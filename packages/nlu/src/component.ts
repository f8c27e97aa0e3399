/**
 * What a pipeline is made of. A component learns from the training messages, in pipeline order, then works on each message in two
 * rounds: `mark` notes spans that others use as features, `process` adds features, an intent or entities. Own components implement
 * the same interface and are named in the pipeline by their type.
 */
import type { Mark } from './entity-features.ts'
import type { Section } from './model-file.ts'
import type { Token } from './tokenize.ts'
import type { Example, TrainingData } from './training-data/training-data.ts'

export interface IntentConfidence {
  readonly name: string
  /** Probability, 0 to 1, calibrated on held-out training sentences. */
  readonly confidence: number
}

export interface Entity {
  readonly entity: string
  /** The text of the span, its canonical form (synonyms, vocabularies), or what it means (built-ins). */
  readonly value: unknown
  /** UTF-16 offsets into the text, end exclusive. */
  readonly start: number
  readonly end: number
  readonly confidence: number
  /** The component that found it. */
  readonly extractor: string
  readonly role?: string
  readonly group?: string
  /** What the user typed, where `value` is something else. */
  readonly text?: string
  /** Names of the components that changed it. */
  readonly processors?: readonly string[]
}

export interface ParseOptions {
  /** The instant that "tomorrow" counts from; default now. */
  readonly now?: Date
  /** IANA name of the zone in which the user's dates and times are meant; default UTC. */
  readonly timeZone?: string
  /** Active contexts: of the intents that belong to contexts, only those of an active one are considered. Absent: all intents. */
  readonly contexts?: readonly string[]
  /** Only these intents are considered. */
  readonly intents?: readonly string[]
}

/** Sparse features before weighting by block; `total` counts also what the model does not know. */
export interface SparseFeatures {
  readonly indices: Uint32Array
  readonly values: Float32Array
  /** 0 for word features, 1 for character features. */
  readonly blocks: Uint8Array
  readonly total: number
}

/** A sentence on its way through the pipeline. Components write to it. */
export interface Message {
  readonly text: string
  readonly tokens: readonly Token[]
  readonly options: ParseOptions
  /** Set while training: what the sentence should give. */
  readonly example?: Example
  marks: Mark[]
  sparse?: SparseFeatures
  dense: Float32Array[]
  /** Every intent considered, most probable first. */
  ranking: IntentConfidence[]
  /** Confidence under which the classifier says not to trust its first choice. */
  threshold?: number
  /** Set by the fallback component: the first choice is not to be trusted. */
  refused?: boolean
  /** Each token's probability of being in no entity, where a tagger ran. */
  outside?: Float32Array
  entities: Entity[]
}

/** What a component keeps in the model file: a JSON value and typed arrays. */
export interface ComponentParts {
  readonly json: unknown
  readonly sections: Readonly<Record<string, Section>>
}

export interface Component {
  readonly name: string
  mark?(message: Message): void
  /** May return a promise only when the component type says `asynchronous`. */
  process?(message: Message): void | Promise<void>
  save(): ComponentParts
}

export interface TrainContext {
  readonly data: TrainingData
  /** One per example, with what earlier components added. */
  readonly messages: readonly Message[]
  /** The component's entry in the pipeline, without its name. */
  readonly options: Readonly<Record<string, unknown>>
  readonly seed: number
  /** Reports progress, 0 to 1; gives a promise when the caller must wait for it (other work is due), throws when cancelled. */
  pause(fraction: number): Promise<void> | undefined
}

export interface ComponentType {
  readonly name: string
  /**
   * When it learns: 'marks' before all others (its marks are their features), 'features' in turn, its `process` then run on the
   * training messages; absent: in turn, and the training messages stay as they are.
   */
  readonly phase?: 'marks' | 'features'
  /** `process` waits for something outside; such a pipeline has no `parseNow`. */
  readonly asynchronous?: boolean
  /** Share of the training time, for the progress bar; default 0. */
  readonly weight?: number
  train(context: TrainContext): Promise<Component>
  load(parts: ComponentParts, options: Readonly<Record<string, unknown>>): Promise<Component>
}
