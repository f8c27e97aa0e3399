/**
 * What a bot's language teaches the classifier: its utterances with values in the placeholders, the values and synonyms of its slot
 * types as lists, and everyday sentences that belong to no bot, so that one with a single intent does not take everything for it.
 */
import { type Example, noData, type TrainingData } from '@typestead/nlu'
import type { IntentModel, LocaleModel, SlotTypeModel } from '../model/bot-model.ts'
import { utteranceParts } from '../model/utterance.ts'
import { everydaySentences } from './everyday-sentences.ts'
import { sampleValues } from './sample-values.ts'

/** Under this name everyday sentences are learnt; it is never a candidate. */
export const outOfScope = 'out_of_scope'

/** Sentences made of one utterance with placeholders, so that its slots are seen with several values. */
const perUtterance = 4
/** Values of one list that are learnt by heart. */
const mostListed = 10_000

/** @param live values of a live vocabulary, a few of which are learnt from */
export function localeTrainingData(
  locale: LocaleModel,
  live: (vocabulary: string) => readonly string[],
): TrainingData {
  const types = new Map(locale.slotTypes.map((type) => [type.name, type]))
  const own = locale.intents
    .filter(({ utterances }) => utterances.length > 0)
    .flatMap((intent) => examplesOf(intent, types, live))
  const words = new Set(
    locale.intents.flatMap(({ utterances }) => utterances.flatMap((one) => longWords(one))),
  )
  const everyday = everydaySentences(locale.locale)
    .filter((text) => !longWords(text).some((word) => words.has(word)))
    .map((text): Example => ({ text, intent: outOfScope, entities: [] }))
  return {
    ...noData,
    examples: own.length === 0 ? [] : [...own, ...everyday],
    lookups: locale.slotTypes
      .filter(({ values }) => values.length > 0)
      .map(({ name, values }) => ({
        name,
        values: values.flatMap(({ value, synonyms }) => [value, ...synonyms]).slice(0, mostListed),
      })),
    synonyms: locale.slotTypes.flatMap(({ values }) =>
      values
        .filter(({ synonyms }) => synonyms.length > 0)
        .map(({ value, synonyms }) => ({ value, variants: synonyms })),
    ),
  }
}

function examplesOf(
  intent: IntentModel,
  types: ReadonlyMap<string, SlotTypeModel>,
  live: (vocabulary: string) => readonly string[],
): Example[] {
  const values = new Map(
    intent.slots.map(({ name, type }) => [name, sampleValues(type, types.get(type), live)]),
  )
  const filled = intent.utterances.flatMap((utterance, i) =>
    fillings(utterance, values, i).map((example) => ({ ...example, intent: intent.name })),
  )
  // What fills a slot is said in answer to its prompt and begins nothing: it teaches entities alone.
  const answers = intent.slots.flatMap(({ utterances }) =>
    utterances.flatMap((utterance, i) => fillings(utterance, values, i)),
  )
  return [...filled, ...answers]
}

/** @param turn so that utterances do not all begin with the same value */
function fillings(
  utterance: string,
  values: ReadonlyMap<string, readonly string[]>,
  turn: number,
): Example[] {
  const parts = utteranceParts(utterance)
  const count = parts.some(({ type }) => type === 'slot') ? perUtterance : 1
  return Array.from({ length: count }, (_, n) => {
    let text = ''
    const entities: Example['entities'][number][] = []
    for (const part of parts) {
      if (text !== '') text += ' '
      if (part.type === 'text') {
        text += part.text
        continue
      }
      const known = values.get(part.slot) ?? []
      const value = known[(turn * perUtterance + n) % Math.max(1, known.length)] ?? part.slot
      entities.push({
        start: text.length,
        end: text.length + value.length,
        entity: part.slot,
        value,
      })
      text += value
    }
    return { text, entities }
  })
}

/** Words that tell what a sentence is about. */
function longWords(text: string): string[] {
  return (
    text
      .replace(/\{[^}]*\}/g, ' ')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]{5,}/gu) ?? []
  )
}
