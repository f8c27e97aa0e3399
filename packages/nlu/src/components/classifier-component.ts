/**
 * Pipeline component: ranks the intents by softmax regression over the features that earlier components added. Training first learns
 * without a held-out part of each intent to calibrate confidences and threshold, then from everything; of much data the model is the mean
 * of both. Where the held-out part is understood better so, the nearest training sentences have a say (neighbours.ts).
 * Options: epochs and learningRate (0: chosen by the data), dropout, margin, neighbours (false: never).
 */
import { z } from 'zod'
import { calibrate, type HeldOut, leastLoss, softmax } from '../calibration.ts'
import type {
  Component,
  ComponentParts,
  ComponentType,
  Message,
  SparseFeatures,
} from '../component.ts'
import { type NeighbourParts, Neighbours, neighboursOf } from '../neighbours.ts'
import { dequantizeRows, type QuantizedRows, quantizeRows } from '../quantize.ts'
import {
  type ClassifierInput,
  type ClassifierOptions,
  type ClassifierShape,
  SoftmaxClassifier,
  trainClassifier,
} from '../softmax-classifier.ts'
import { isOutOfScope } from '../training-data/training-data.ts'
import { WeightMatrix } from '../weight-matrix.ts'
import { type HeldOutTraining, trainHeldOut } from './held-out-training.ts'
import { inTurns } from './in-turns.ts'
import { readJson, readOptions, section } from './parts.ts'

const options = z.object({
  epochs: z.int().min(0).max(500).default(0),
  learningRate: z.number().min(0).max(100).default(0),
  dropout: z.number().min(0).max(0.95).default(0.7),
  margin: z.number().min(0).max(10).default(1),
  neighbours: z.boolean().default(true),
})

const saved = z.object({
  intents: z.array(z.string()),
  contexts: z.record(z.string(), z.array(z.string())),
  sparse: z.int().min(0),
  dense: z.int().min(0),
  temperature: z.number().positive(),
  threshold: z.number().min(0).max(1),
  /** Of the neighbours' vote; 0: there is none. */
  vote: z.number().min(0).max(10).default(0),
})
type Saved = z.infer<typeof saved>

export const classifierComponent: ComponentType = {
  name: 'SoftmaxClassifier',
  weight: 1,
  async train(context) {
    const messages = context.messages.filter(({ example }) => example?.intent !== undefined)
    const intents = [...new Set(messages.map(({ example }) => example?.intent as string))].sort()
    const labels = Uint16Array.from(messages, ({ example }) =>
      intents.indexOf(example?.intent as string),
    )
    const shape = shapeOf(messages, intents.length)
    const read = readOptions(options, context.options, 'SoftmaxClassifier')
    const learning: ClassifierOptions = {
      epochs: read.epochs || epochsFor(messages.length, shape.dense > 0),
      learningRate: read.learningRate || rateFor(messages.length, shape.dense > 0),
      dropout: read.dropout,
      margin: read.margin,
      seed: context.seed,
    }
    const inputs = messages.map(inputOf)
    const much = inputs.length > large
    const compares = much && read.neighbours && inputs.length <= compared * intents.length
    const first = await trainHeldOut(inputs, labels, shape, learning, compares, share, context)
    const { held, vote } = withVotes(first)
    const parts = await inTurns(
      trainClassifier(inputs, labels, shape, { ...learning, seed: learning.seed + 1 }),
      (done) => context.pause(share + (1 - share) * done),
    )
    const [other] = first.models
    // The mean of two linear models that saw the sentences in different order is as good as one that learned for twice as long.
    if (much && other) average(parts.weights, other.weights)
    const json: Saved = {
      intents,
      contexts: copyContexts(context.data.contexts),
      sparse: shape.sparse,
      dense: shape.dense,
      vote,
      ...calibrate(held, intents.findIndex(isOutOfScope)),
    }
    const neighbours = vote > 0 ? neighboursOf(inputs, labels, shape, parts.means) : undefined
    return component(json, quantizeRows(parts.weights, intents.length), parts.means, neighbours)
  },
  async load(parts) {
    const json = readJson(saved, parts, 'SoftmaxClassifier')
    const rows = json.sparse + json.dense + 1
    const quantized = {
      weights: section(parts, 'weights', Int8Array, rows * json.intents.length),
      scales: section(parts, 'scales', Float32Array, rows),
    }
    const neighbours = json.vote > 0 ? loadNeighbours(parts, json) : undefined
    return component(json, quantized, section(parts, 'means', Float32Array, json.dense), neighbours)
  },
}

/** Share of the time that learning without the held-out part takes. */
const share = 0.5
/** Past this many examples there is one held-out part. */
const large = 2000
/** Intents of more sentences than these on average have no neighbours: to compare them would take too long. */
const compared = 200
/** What the neighbours' vote weighs. */
const voteWeight = 0.6
/** An improvement of the held-out loss below this share is not worth keeping the sentences. */
const worthwhile = 0.01

/** The held-out scores, with the votes where these explain them better. */
function withVotes({ held, votes }: HeldOutTraining): { held: readonly HeldOut[]; vote: number } {
  if (votes.length === 0) return { held, vote: 0 }
  const voted = held.map((sentence, i) => ({
    ...sentence,
    scores: sentence.scores.map((score, k) => score + voteWeight * (votes[i]?.[k] as number)),
  }))
  const isBetter = leastLoss(voted) < leastLoss(held) * (1 - worthwhile)
  return isBetter ? { held: voted, vote: voteWeight } : { held, vote: 0 }
}

function average(weights: Float32Array, others: Float32Array): void {
  for (let i = 0; i < weights.length; i++)
    weights[i] = ((weights[i] as number) + (others[i] as number)) / 2
}

function loadNeighbours(parts: ComponentParts, json: Saved): NeighbourParts {
  const intents = section(parts, 'neighbours-intents', Uint32Array, json.intents.length + 1)
  const sentences = intents.at(-1) as number
  const starts = section(parts, 'neighbours-starts', Uint32Array, sentences + 1)
  const features = starts.at(-1) as number
  return {
    intents,
    starts,
    indices: section(parts, 'neighbours-indices', Uint32Array, features),
    values: section(parts, 'neighbours-values', Uint8Array, features),
    dense: section(parts, 'neighbours-dense', Int8Array, sentences * json.dense),
  }
}

async function component(
  json: Saved,
  quantized: QuantizedRows,
  means: Float32Array,
  kept?: NeighbourParts,
): Promise<Component> {
  const shape: ClassifierShape = {
    sparse: json.sparse,
    dense: json.dense,
    classes: json.intents.length,
  }
  const matrix = new WeightMatrix(json.sparse + json.dense + 1, json.intents.length)
  await inTurns(fillRows(matrix, quantized))
  const classifier = new SoftmaxClassifier(matrix, shape, means)
  const neighbours = kept && new Neighbours(kept, shape, means)
  return {
    name: classifierComponent.name,
    process(message) {
      if (json.intents.length === 0 || message.tokens.length === 0) return
      const input = inputOf(message)
      const scores = classifier.scores(input)
      if (neighbours) {
        const votes = neighbours.votes(input, scores)
        for (let i = 0; i < scores.length; i++)
          scores[i] = (scores[i] as number) + json.vote * (votes[i] as number)
      }
      message.ranking = rank(json, scores, classifier.unknown, message)
      message.threshold = json.threshold
    },
    save: () => ({
      json,
      sections: {
        weights: quantized.weights,
        scales: quantized.scales,
        means,
        ...(kept && {
          'neighbours-intents': kept.intents,
          'neighbours-starts': kept.starts,
          'neighbours-indices': kept.indices,
          'neighbours-values': kept.values,
          'neighbours-dense': kept.dense,
        }),
      },
    }),
  }
}

/** Writes the weights a few rows at a time, so that loading a large model does not hold the event loop. */
export function* fillRows(matrix: WeightMatrix, quantized: QuantizedRows): Generator<number, void> {
  const step = Math.max(1, Math.ceil(200_000 / matrix.stride))
  for (let row = 0; row < matrix.rows; row += step) {
    dequantizeRows(
      quantized,
      matrix.columns,
      matrix.weights,
      matrix.stride,
      row,
      Math.min(matrix.rows, row + step),
    )
    yield row / matrix.rows
  }
}

function rank(
  json: Saved,
  scores: Float32Array,
  unknown: number,
  { options }: Message,
): Message['ranking'] {
  const allowed = allowedIntents(json, options)
  if (allowed.length === 0) return []
  const chosen =
    allowed.length === scores.length
      ? scores
      : Float32Array.from(allowed, (i) => scores[i] as number)
  const probabilities = softmax(chosen, json.temperature, unknown)
  return allowed
    .map((intent, i) => ({
      name: json.intents[intent] as string,
      confidence: probabilities[i] as number,
    }))
    .sort((a, b) => b.confidence - a.confidence)
}

function allowedIntents(
  { intents, contexts }: Saved,
  { contexts: active, intents: only }: Message['options'],
): number[] {
  const all = [...intents.keys()]
  if (!active && !only) return all
  return all.filter((i) => {
    const name = intents[i] as string
    const wanted = contexts[name]
    if (active && wanted && !wanted.some((context) => active.includes(context))) return false
    return !only || only.includes(name)
  })
}

const nothing: SparseFeatures = {
  indices: new Uint32Array(),
  values: new Float32Array(),
  blocks: new Uint8Array(),
  total: 0,
}

function inputOf({ sparse, dense }: Message): ClassifierInput {
  return { sparse: sparse ?? nothing, dense }
}

function shapeOf(messages: readonly Message[], classes: number): ClassifierShape {
  let sparse = 0
  for (const message of messages) {
    const indices = message.sparse?.indices
    if (!indices) continue
    for (let i = 0; i < indices.length; i++)
      if ((indices[i] as number) >= sparse) sparse = (indices[i] as number) + 1
  }
  const dense = messages[0]?.dense.reduce((sum, vector) => sum + vector.length, 0) ?? 0
  return { sparse, dense, classes }
}

/** Embeddings are slow to learn from, and so slow to make that more epochs do not show in the time. */
function epochsFor(examples: number, hasEmbedding: boolean): number {
  const least = examples > large ? (hasEmbedding ? 14 : 8) : hasEmbedding ? 20 : 12
  return Math.round(Math.min(30, Math.max(least, 30_000 / Math.max(1, examples))))
}

/** Of few examples each step must teach more. */
function rateFor(examples: number, hasEmbedding: boolean): number {
  if (hasEmbedding) return 0.7
  return examples < 1000 ? 2 : 1
}

function copyContexts(
  contexts: Readonly<Record<string, readonly string[]>>,
): Record<string, string[]> {
  return Object.fromEntries(Object.entries(contexts).map(([intent, list]) => [intent, [...list]]))
}
