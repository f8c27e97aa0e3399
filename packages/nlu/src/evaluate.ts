/** Measures a model on labelled sentences: intents, entities by exact span, out-of-scope sentences, calibration and time. */
import type { Entity, IntentConfidence } from './component.ts'
import { fallbackIntent } from './components/fallback-component.ts'
import type { NluModel } from './model.ts'
import {
  type EntitySpan,
  type Example,
  isOutOfScope,
  type TrainingData,
} from './training-data/training-data.ts'

export interface Score {
  readonly precision: number
  readonly recall: number
  readonly f1: number
  /** How many there were to find. */
  readonly support: number
}

export interface EvaluatedSentence {
  readonly example: Example
  /** First choice before any threshold. */
  readonly predicted: IntentConfidence | null
  /** The first choice was not to be trusted. */
  readonly refused: boolean
  /** What the trained components found. */
  readonly entities: readonly Entity[]
}

export interface Evaluation {
  readonly intent: {
    /** Share of in-scope sentences whose first choice, before any threshold, is right. */
    readonly accuracy: number
    /** Mean of the intents' F1, each intent counting alike. */
    readonly f1: number
    /** Share of in-scope sentences rightly understood and trusted. */
    readonly accuracyAfterThreshold: number
    /** Expected calibration error over 15 bins of equal width. */
    readonly calibrationError: number
    readonly byIntent: Readonly<Record<string, Score>>
  }
  readonly entities: Omit<Score, 'support'> & { readonly byEntity: Readonly<Record<string, Score>> }
  /** `recall`: share of out-of-scope sentences that are refused; `falseAlarms`: share of in-scope ones that are. */
  readonly outOfScope: { readonly recall: number; readonly falseAlarms: number }
  /** By intent, then by what was predicted: how many sentences. */
  readonly confusion: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly sentences: readonly EvaluatedSentence[]
}

/** Extractors that the data does not teach; their entities are not compared with it. */
const untaught = new Set(['BuiltinEntities', 'PlaceGazetteer'])

export async function evaluate(model: NluModel, data: TrainingData): Promise<Evaluation> {
  const sentences: EvaluatedSentence[] = []
  for (const example of data.examples) {
    const { intent, intent_ranking, entities } = await model.parse(example.text)
    sentences.push({
      example,
      predicted: intent_ranking.find(({ name }) => name !== fallbackIntent) ?? null,
      refused: intent?.name === fallbackIntent,
      entities: entities.filter(({ extractor }) => !untaught.has(extractor)),
    })
  }
  return summarize(sentences)
}

/** The figures of sentences that were evaluated, in one run or several. */
export function summarize(sentences: readonly EvaluatedSentence[]): Evaluation {
  const labelled = sentences.filter(({ example }) => example.intent !== undefined)
  const inScope = labelled.filter(({ example }) => !isOutOfScope(example.intent))
  const outside = labelled.filter(({ example }) => isOutOfScope(example.intent))
  const isRight = ({ example, predicted }: EvaluatedSentence) => predicted?.name === example.intent
  const isRefused = ({ refused, predicted }: EvaluatedSentence) =>
    refused || !predicted || isOutOfScope(predicted.name)
  const confusion: Record<string, Record<string, number>> = {}
  for (const { example, predicted } of labelled) {
    confusion[example.intent as string] ??= {}
    const row = confusion[example.intent as string] as Record<string, number>
    const name = predicted?.name ?? '(none)'
    row[name] = (row[name] ?? 0) + 1
  }
  const byIntent = scoresByLabel(
    inScope.map(({ example, predicted }) => [
      [example.intent as string],
      predicted ? [predicted.name] : [],
    ]),
  )
  const f1s = Object.entries(byIntent)
    .filter(([, { support }]) => support > 0)
    .map(([, { f1 }]) => f1)
  const entityPairs = sentences.map(({ example, entities }): [string[], string[]] => [
    example.entities.map((span) => spanKey(span, example.entities)),
    entities.map((span) => spanKey(span, example.entities)),
  ])
  const byEntity = scoresByLabel(entityPairs, (key) => key.slice(key.indexOf(' ') + 1))
  return {
    intent: {
      accuracy: share(inScope, isRight),
      f1: f1s.length === 0 ? 0 : f1s.reduce((sum, value) => sum + value, 0) / f1s.length,
      accuracyAfterThreshold: share(inScope, (sentence) => isRight(sentence) && !sentence.refused),
      calibrationError: calibrationError(inScope),
      byIntent,
    },
    entities: { ...total(entityPairs), byEntity },
    outOfScope: { recall: share(outside, isRefused), falseAlarms: share(inScope, isRefused) },
    confusion,
    sentences,
  }
}

/** A span as compared: its place, entity, role and group; roles and groups count only where the data has them. */
function spanKey(
  { start, end, entity, role, group }: EntitySpan | Entity,
  labelled: readonly EntitySpan[],
): string {
  const extra = labelled.some((span) => span.role !== undefined || span.group !== undefined)
  const label = extra
    ? [entity, role, group].filter((part) => part !== undefined).join('/')
    : entity
  return `${start}-${end} ${label}`
}

function scoresByLabel(
  pairs: readonly (readonly [readonly string[], readonly string[]])[],
  label = (key: string) => key,
): Record<string, Score> {
  const counts = new Map<string, { right: number; found: number; wanted: number }>()
  const of = (key: string) => {
    const name = label(key)
    let count = counts.get(name)
    if (!count) {
      count = { right: 0, found: 0, wanted: 0 }
      counts.set(name, count)
    }
    return count
  }
  for (const [wanted, found] of pairs) {
    for (const key of wanted) of(key).wanted++
    for (const key of found) {
      of(key).found++
      if (wanted.includes(key)) of(key).right++
    }
  }
  return Object.fromEntries(
    [...counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, { right, found, wanted }]) => [name, score(right, found, wanted)]),
  )
}

function total(
  pairs: readonly (readonly [readonly string[], readonly string[]])[],
): Omit<Score, 'support'> {
  let right = 0
  let found = 0
  let wanted = 0
  for (const [expected, predicted] of pairs) {
    wanted += expected.length
    found += predicted.length
    right += predicted.filter((key) => expected.includes(key)).length
  }
  const { precision, recall, f1 } = score(right, found, wanted)
  return { precision, recall, f1 }
}

function score(right: number, found: number, wanted: number): Score {
  return {
    precision: found === 0 ? 0 : right / found,
    recall: wanted === 0 ? 0 : right / wanted,
    f1: found + wanted === 0 ? 0 : (2 * right) / (found + wanted),
    support: wanted,
  }
}

function share<T>(items: readonly T[], test: (item: T) => boolean): number {
  return items.length === 0 ? 0 : items.filter(test).length / items.length
}

const bins = 15

function calibrationError(sentences: readonly EvaluatedSentence[]): number {
  const right = new Float64Array(bins)
  const sure = new Float64Array(bins)
  for (const { example, predicted } of sentences) {
    const confidence = predicted?.confidence ?? 0
    const bin = Math.min(bins - 1, Math.floor(confidence * bins))
    right[bin] = (right[bin] as number) + (predicted?.name === example.intent ? 1 : 0)
    sure[bin] = (sure[bin] as number) + confidence
  }
  const gap = right.reduce((sum, value, bin) => sum + Math.abs(value - (sure[bin] as number)), 0)
  return sentences.length === 0 ? 0 : gap / sentences.length
}
