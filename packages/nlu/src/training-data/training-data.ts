/** What models are trained from, whatever file it came from. Offsets are UTF-16 code units into `text`, end exclusive. */
export interface EntitySpan {
  readonly start: number
  readonly end: number
  readonly entity: string
  /** The text of the span, or the canonical value it stands for. */
  readonly value: string
  readonly role?: string
  readonly group?: string
}

/** Where a piece of data was written; lines count from 1. */
export interface Source {
  readonly file: string
  readonly line: number
}

export interface Example {
  readonly text: string
  /** Absent: the sentence teaches entities only. */
  readonly intent?: string
  readonly entities: readonly EntitySpan[]
  readonly source?: Source
}

export interface LookupTable {
  /** The entity whose values these are. */
  readonly name: string
  readonly values: readonly string[]
  readonly source?: Source
}

export interface RegexFeature {
  readonly name: string
  readonly pattern: string
  readonly source?: Source
}

export interface Synonym {
  /** The canonical value. */
  readonly value: string
  readonly variants: readonly string[]
  readonly source?: Source
}

export interface TrainingData {
  readonly examples: readonly Example[]
  readonly synonyms: readonly Synonym[]
  readonly lookups: readonly LookupTable[]
  readonly regexes: readonly RegexFeature[]
  /** By intent: the contexts one of which must be active for the intent to be considered; absent, always. */
  readonly contexts: Readonly<Record<string, readonly string[]>>
}

export const noData: TrainingData = {
  examples: [],
  synonyms: [],
  lookups: [],
  regexes: [],
  contexts: {},
}

/** The names under which out-of-scope sentences are labelled. */
export function isOutOfScope(intent: string | undefined): boolean {
  return intent === 'oos' || intent === 'out_of_scope'
}

export function mergeData(parts: readonly TrainingData[]): TrainingData {
  return {
    examples: parts.flatMap((part) => part.examples),
    synonyms: parts.flatMap((part) => part.synonyms),
    lookups: parts.flatMap((part) => part.lookups),
    regexes: parts.flatMap((part) => part.regexes),
    contexts: Object.assign({}, ...parts.map((part) => part.contexts)),
  }
}
