/** Parse results and evaluations in the shapes that Rasa's clients read. */
import type { Entity } from '../component.ts'
import type { Evaluation, Score } from '../evaluate.ts'
import type { ParseResult } from '../model.ts'
import { toCodePoints } from '../offsets.ts'
import { tokenize } from '../tokenize.ts'

/** Rasa gives the ten most probable intents. */
const ranked = 10

/** 0.x: `intent`, `entities`, `intent_ranking`, `text`, `project`, `model`. */
export function rasa0Parse(
  { text, intent, intent_ranking, entities }: ParseResult,
  project: string,
  model: string,
) {
  return {
    intent: intent ?? { name: '', confidence: 0 },
    entities: entities.map((entity) => rasaEntity(text, entity)),
    intent_ranking: intent_ranking.slice(0, ranked),
    text,
    project,
    model,
  }
}

/** 3.x: with `text_tokens` and a confidence for each part of an entity. */
export function rasa3Parse({ text, intent, intent_ranking, entities }: ParseResult) {
  return {
    text,
    intent: intent ?? { name: null, confidence: 0 },
    entities: entities.map((entity) => ({
      ...rasaEntity(text, entity),
      confidence_entity: entity.confidence,
      ...(entity.role === undefined ? {} : { confidence_role: entity.confidence }),
      ...(entity.group === undefined ? {} : { confidence_group: entity.confidence }),
    })),
    text_tokens: tokenize(text).map(({ start, end }) => toCodePoints(text, [start, end])),
    intent_ranking: intent_ranking.slice(0, ranked),
    response_selector: { all_retrieval_intents: [] },
  }
}

function rasaEntity(text: string, entity: Entity) {
  const [start, end] = toCodePoints(text, [entity.start, entity.end])
  return { ...entity, start, end }
}

/** `intent_evaluation` and `entity_evaluation` as /evaluate and /model/test/intents give them. */
export function rasaEvaluation({ intent, entities, sentences }: Evaluation) {
  const labelled = sentences.filter(({ example }) => example.intent !== undefined)
  return {
    intent_evaluation: {
      report: reportOf(intent.byIntent),
      accuracy: intent.accuracy,
      f1_score: intent.f1,
      precision: mean(intent.byIntent, 'precision'),
      predictions: labelled.map(({ example, predicted }) => ({
        text: example.text,
        intent: example.intent,
        predicted: predicted?.name ?? null,
        confidence: predicted?.confidence ?? 0,
      })),
      errors: labelled
        .filter(({ example, predicted }) => predicted?.name !== example.intent)
        .map(({ example, predicted }) => ({
          text: example.text,
          intent: example.intent,
          intent_prediction: predicted,
        })),
    },
    entity_evaluation: {
      CrfTagger: {
        report: reportOf(entities.byEntity),
        precision: entities.precision,
        f1_score: entities.f1,
        accuracy: entities.recall,
      },
    },
  }
}

function reportOf(scores: Readonly<Record<string, Score>>) {
  return Object.fromEntries(
    Object.entries(scores).map(([name, { precision, recall, f1, support }]) => [
      name,
      { precision, recall, 'f1-score': f1, support },
    ]),
  )
}

function mean(scores: Readonly<Record<string, Score>>, field: 'precision'): number {
  const values = Object.values(scores).filter(({ support }) => support > 0)
  return values.length === 0
    ? 0
    : values.reduce((sum, score) => sum + score[field], 0) / values.length
}
