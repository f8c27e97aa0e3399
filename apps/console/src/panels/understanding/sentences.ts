/** Sentences as the workbench answers them: shapes, and the pure parts of showing them. Offsets count UTF-16 code units. */

export interface Span {
  readonly start: number
  readonly end: number
  readonly entity: string
}

export interface FoundEntity extends Span {
  readonly value: unknown
  readonly confidence: number
  /** The component that found it. */
  readonly extractor: string
  readonly role?: string
}

export interface Confidence {
  readonly name: string
  /** 0 to 1. */
  readonly confidence: number
}

export interface Understood {
  readonly text: string
  readonly intent: Confidence | null
  readonly intent_ranking: readonly Confidence[]
  readonly entities: readonly FoundEntity[]
}

export interface Project {
  readonly name: string
  readonly pipeline: string
  readonly language: string
  readonly model: {
    readonly name: string
    readonly examples: number
    readonly intents: readonly string[]
    readonly entities: readonly string[]
  } | null
  readonly training: number | null
}

/** An example, and what a model that was not trained on it makes of it. */
export interface CheckedExample {
  readonly text: string
  readonly intent: string | null
  readonly predicted: Confidence | null
  readonly refused: boolean
  readonly entities: readonly Span[]
  readonly found: readonly Span[]
}

export interface Checked {
  readonly accuracy: number
  readonly entityF1: number
  readonly examples: readonly CheckedExample[]
}

/** Extractors that examples do not teach. */
const untaught = new Set(['BuiltinEntities', 'PlaceGazetteer'])

/** What of the entities an example would teach. */
export function taught(entities: readonly FoundEntity[]): readonly FoundEntity[] {
  return entities.filter(({ extractor }) => !untaught.has(extractor))
}

export interface Segment {
  readonly text: string
  /** Absent between entities. */
  readonly span?: Span
}

/** The text cut at its entities; of those that overlap, the one that begins first, or is longer, is shown. */
export function segmentsOf(text: string, spans: readonly Span[]): readonly Segment[] {
  const segments: Segment[] = []
  let at = 0
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (span.start < at || span.end > text.length || span.start >= span.end) continue
    if (span.start > at) segments.push({ text: text.slice(at, span.start) })
    segments.push({ text: text.slice(span.start, span.end), span })
    at = span.end
  }
  if (at < text.length) segments.push({ text: text.slice(at) })
  return segments
}

/** The intent is another, or the entities are. */
export function isWrong(example: CheckedExample): boolean {
  return example.predicted?.name !== (example.intent ?? undefined) || !hasSameSpans(example)
}

function hasSameSpans({ entities, found }: CheckedExample): boolean {
  const keys = ({ start, end, entity }: Span) => `${start}-${end} ${entity}`
  const wanted = new Set(entities.map(keys))
  return (
    wanted.size === new Set(found.map(keys)).size && found.every((span) => wanted.has(keys(span)))
  )
}

export interface ExampleFilter {
  readonly show: 'all' | 'wrong' | 'refused'
  readonly intent: string | undefined
  readonly predicted: string | undefined
  readonly text: string
}

export function fits({ show, intent, predicted, text }: ExampleFilter) {
  const typed = text.trim().toLowerCase()
  return (example: CheckedExample): boolean =>
    (show === 'all' || (show === 'wrong' ? isWrong(example) : example.refused)) &&
    (intent === undefined || example.intent === intent) &&
    (predicted === undefined || (example.predicted?.name ?? '') === predicted) &&
    (typed === '' || example.text.toLowerCase().includes(typed))
}
