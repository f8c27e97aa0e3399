/**
 * Pipeline component: entities by a conditional random field over words, shapes, matched lists and the predicted intent. The values
 * of the training data form lists of their own; while learning from a sentence its own values do not count as known, so the model
 * learns what a list match is worth for sentences it has not seen.
 * Options: epochs (0: chosen by the amount of data), learningRate, dropout, minConfidence.
 */
import { z } from 'zod'
import type { Component, ComponentType, Message } from '../component.ts'
import { EntityFeaturizer, type Mark } from '../entity-features.ts'
import { PhraseMatcher, phraseKey } from '../phrase-matcher.ts'
import { dequantizeRows, type QuantizedRows, quantizeRows } from '../quantize.ts'
import {
  labelsOf,
  SequenceTagger,
  type TaggedSentence,
  type TaggerParts,
  trainTagger,
} from '../sequence-tagger.ts'
import type { Token } from '../tokenize.ts'
import type { EntitySpan, Example } from '../training-data/training-data.ts'
import { inTurns } from './in-turns.ts'
import { readJson, readOptions, section } from './parts.ts'

const options = z.object({
  epochs: z.int().min(0).max(500).default(0),
  learningRate: z.number().positive().max(10).default(0.05),
  dropout: z.number().min(0).max(0.95).default(0.5),
  minConfidence: z.number().min(0).max(1).default(0),
})

const kind = z.object({
  entity: z.string(),
  role: z.string().optional(),
  group: z.string().optional(),
})
const saved = z.object({
  kinds: z.array(kind),
  values: z.record(z.string(), z.array(z.string())),
  minConfidence: z.number(),
})
type Saved = z.infer<typeof saved>
type Kind = z.infer<typeof kind>

export const taggerComponent: ComponentType = {
  name: 'CrfTagger',
  weight: 1,
  async train(context) {
    const read = readOptions(options, context.options, 'CrfTagger')
    const messages = context.messages.filter(({ example, tokens }) => example && tokens.length > 0)
    const kinds = kindsOf(messages.map(({ example }) => example as Example))
    const keys = new Map(kinds.map((kind, i) => [kindKey(kind), i]))
    const known = new KnownValues()
    for (const { example } of messages)
      for (const span of example?.entities ?? [])
        known.add(span.entity, textOf(example as Example, span))
    for (const { value, variants } of context.data.synonyms) known.addSynonyms(value, variants)
    const sentences =
      kinds.length === 0 ? [] : messages.map((message) => taggedSentence(message, known, keys))
    const large = messages.length > 2000
    const parts = await inTurns(
      trainTagger(sentences, kinds.length, {
        epochs:
          read.epochs || Math.round(Math.min(25, Math.max(8, 6000 / Math.max(1, messages.length)))),
        learningRate: read.learningRate * (large ? 1 : 2),
        dropout: read.dropout,
        minCount: large ? 2 : 1,
        seed: context.seed,
      }),
      context.pause,
    )
    const json: Saved = { kinds, values: known.values(), minConfidence: read.minConfidence }
    return component(json, quantizeRows(parts.weights, 2 * kinds.length + 1), parts)
  },
  async load(parts) {
    const json = readJson(saved, parts, 'CrfTagger')
    const labels = 2 * json.kinds.length + 1
    const hashes = section(parts, 'hashes', Uint32Array)
    const from = section(parts, 'from', Uint16Array)
    const quantized = {
      weights: section(parts, 'weights', Int8Array, hashes.length * labels),
      scales: section(parts, 'scales', Float32Array, hashes.length),
    }
    const arcs = {
      from,
      to: section(parts, 'to', Uint16Array, from.length),
      weights: section(parts, 'arcs', Float32Array, from.length),
    }
    return component(json, quantized, { hashes, arcs })
  },
}

async function component(
  json: Saved,
  quantized: QuantizedRows,
  { hashes, arcs }: Pick<TaggerParts, 'hashes' | 'arcs'>,
): Promise<Component> {
  const labels = 2 * json.kinds.length + 1
  const tagger = new SequenceTagger({ kinds: json.kinds.length, hashes, arcs })
  await inTurns(fill(tagger, quantized, labels))
  const known = new KnownValues()
  for (const [entity, values] of Object.entries(json.values))
    for (const value of values) known.add(entity, value)
  const featurizer = new EntityFeaturizer()
  return {
    name: taggerComponent.name,
    process(message) {
      if (json.kinds.length === 0 || message.tokens.length === 0) return
      const { text, tokens, ranking } = message
      const marks = [...message.marks, ...known.marks(tokens)]
      const features = featurizer.features(text, tokens, marks, ranking[0]?.name ?? '')
      const outside = new Float32Array(tokens.length).fill(1)
      for (const { kind, from, to, confidence } of tagger.tag(features, outside)) {
        const start = (tokens[from] as Token).start
        const end = (tokens[to - 1] as Token).end
        if (confidence < json.minConfidence) continue
        const { entity, role, group } = json.kinds[kind] as Kind
        message.entities.push({
          entity,
          value: text.slice(start, end),
          start,
          end,
          confidence,
          extractor: taggerComponent.name,
          ...(role === undefined ? {} : { role }),
          ...(group === undefined ? {} : { group }),
        })
      }
      message.outside = outside
    },
    save: () => ({
      json,
      sections: {
        hashes,
        weights: quantized.weights,
        scales: quantized.scales,
        from: arcs.from,
        to: arcs.to,
        arcs: arcs.weights,
      },
    }),
  }
}

function* fill(
  tagger: SequenceTagger,
  quantized: QuantizedRows,
  labels: number,
): Generator<number, void> {
  const { matrix } = tagger
  const step = Math.max(1, Math.ceil(200_000 / matrix.stride))
  for (let row = 0; row < matrix.rows; row += step) {
    dequantizeRows(
      quantized,
      labels,
      matrix.weights,
      matrix.stride,
      row,
      Math.min(matrix.rows, row + step),
    )
    yield row / matrix.rows
  }
}

/** The entity values of the training data, as lists to match. */
class KnownValues {
  readonly #matcher = new PhraseMatcher()
  readonly #values = new Map<string, Set<string>>()

  add(entity: string, value: string): void {
    this.#matcher.add(entity, value)
    const list = this.#values.get(entity) ?? new Set()
    list.add(value)
    this.#values.set(entity, list)
  }

  /** The variants of a value that an entity has are values of it too. */
  addSynonyms(value: string, variants: readonly string[]): void {
    const key = phraseKey(value)
    for (const [entity, values] of [...this.#values]) {
      if (![...values].some((known) => phraseKey(known) === key)) continue
      for (const variant of variants) this.add(entity, variant)
    }
  }

  values(): Record<string, string[]> {
    return Object.fromEntries([...this.#values].map(([entity, values]) => [entity, [...values]]))
  }

  /** @param own how often the sentence itself holds each value */
  marks(tokens: readonly Token[], own?: ReadonlyMap<string, number>): Mark[] {
    const found: Mark[] = []
    for (const { list, phrase, from, to, count } of this.#matcher.find(tokens)) {
      if (own && count <= (own.get(`${list}|${phraseKey(phrase)}`) ?? 0)) continue
      found.push({ name: `known:${list}`, from, to })
    }
    return found
  }
}

const training = new EntityFeaturizer()

function taggedSentence(
  { text, tokens, marks, example }: Message,
  known: KnownValues,
  keys: ReadonlyMap<string, number>,
): TaggedSentence {
  const { entities, intent } = example as Example
  const own = new Map<string, number>()
  for (const span of entities) {
    const key = `${span.entity}|${phraseKey(textOf(example as Example, span))}`
    own.set(key, (own.get(key) ?? 0) + 1)
  }
  const {
    hashes,
    starts,
    tokens: length,
  } = training.features(text, tokens, [...marks, ...known.marks(tokens, own)], intent ?? '')
  const spans = entities.flatMap((span) => {
    const from = tokens.findIndex(({ end }) => end > span.start)
    const to = tokens.findLastIndex(({ start }) => start < span.end) + 1
    return from === -1 || to <= from ? [] : [{ kind: keys.get(kindKey(span)) as number, from, to }]
  })
  return {
    hashes: hashes.slice(0, starts[length]),
    starts: starts.slice(0, length + 1),
    labels: labelsOf(spans, length),
  }
}

function kindsOf(examples: readonly Example[]): Kind[] {
  const kinds = new Map<string, Kind>()
  for (const { entities } of examples) {
    for (const { entity, role, group } of entities) {
      const kind = {
        entity,
        ...(role === undefined ? {} : { role }),
        ...(group === undefined ? {} : { group }),
      }
      kinds.set(kindKey(kind), kind)
    }
  }
  return [...kinds].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, kind]) => kind)
}

function kindKey({ entity, role, group }: Kind | EntitySpan): string {
  return JSON.stringify([entity, role ?? null, group ?? null])
}

function textOf({ text }: Example, { start, end }: EntitySpan): string {
  return text.slice(start, end)
}
