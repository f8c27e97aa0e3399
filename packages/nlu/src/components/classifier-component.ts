/**
 * Pipeline component: ranks the intents by softmax regression over the features that earlier components added. Training first learns
 * without a held-out part of each intent to calibrate confidences and threshold, then learns from everything.
 * Options: epochs and learningRate (0: chosen by the data), dropout, margin.
 */
import { z } from 'zod'
import { type Calibration, calibrate, type HeldOut, softmax } from '../calibration.ts'
import type {
  Component,
  ComponentType,
  Message,
  SparseFeatures,
  TrainContext,
} from '../component.ts'
import { dequantizeRows, type QuantizedRows, quantizeRows } from '../quantize.ts'
import {
  type ClassifierInput,
  type ClassifierOptions,
  type ClassifierParts,
  type ClassifierShape,
  classifierOf,
  SoftmaxClassifier,
  trainClassifier,
} from '../softmax-classifier.ts'
import { isOutOfScope } from '../training-data/training-data.ts'
import { WeightMatrix } from '../weight-matrix.ts'
import { heldOutFolds } from './held-out-folds.ts'
import { inTurns } from './in-turns.ts'
import { readJson, readOptions, section } from './parts.ts'

const options = z.object({
  epochs: z.int().min(0).max(500).default(0),
  learningRate: z.number().min(0).max(100).default(0),
  dropout: z.number().min(0).max(0.95).default(0.5),
  margin: z.number().min(0).max(10).default(1),
})

const saved = z.object({
  intents: z.array(z.string()),
  contexts: z.record(z.string(), z.array(z.string())),
  sparse: z.int().min(0),
  dense: z.int().min(0),
  temperature: z.number().positive(),
  threshold: z.number().min(0).max(1),
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
    const calibration = await calibrated(inputs, labels, shape, learning, intents, context)
    const parts = await inTurns(trainClassifier(inputs, labels, shape, learning), (done) =>
      context.pause(0.45 + 0.55 * done),
    )
    const json: Saved = {
      intents,
      contexts: copyContexts(context.data.contexts),
      sparse: shape.sparse,
      dense: shape.dense,
      ...calibration,
    }
    return component(json, quantizeRows(parts.weights, intents.length), parts.means)
  },
  async load(parts) {
    const json = readJson(saved, parts, 'SoftmaxClassifier')
    const rows = json.sparse + json.dense + 1
    const quantized = {
      weights: section(parts, 'weights', Int8Array, rows * json.intents.length),
      scales: section(parts, 'scales', Float32Array, rows),
    }
    return component(json, quantized, section(parts, 'means', Float32Array, json.dense))
  },
}

async function component(
  json: Saved,
  quantized: QuantizedRows,
  means: Float32Array,
): Promise<Component> {
  const shape: ClassifierShape = {
    sparse: json.sparse,
    dense: json.dense,
    classes: json.intents.length,
  }
  const matrix = new WeightMatrix(json.sparse + json.dense + 1, json.intents.length)
  await inTurns(fillRows(matrix, quantized))
  const classifier = new SoftmaxClassifier(matrix, shape, means)
  return {
    name: classifierComponent.name,
    process(message) {
      if (json.intents.length === 0 || message.tokens.length === 0) return
      const scores = classifier.scores(inputOf(message))
      message.ranking = rank(json, scores, classifier.unknown, message)
      message.threshold = json.threshold
    },
    save: () => ({
      json,
      sections: { weights: quantized.weights, scales: quantized.scales, means },
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

async function calibrated(
  inputs: readonly ClassifierInput[],
  labels: Uint16Array,
  shape: ClassifierShape,
  learning: ClassifierOptions,
  intents: readonly string[],
  context: TrainContext,
): Promise<Calibration> {
  const folds = heldOutFolds(labels, intents.length)
  const held: HeldOut[] = []
  for (const [number, fold] of folds.entries()) {
    const rest = [...inputs.keys()].filter((i) => !fold.has(i))
    const kept = rest.map((i) => inputs[i] as ClassifierInput)
    const known = featuresOf(kept, shape.sparse, inputs.length)
    const epochs = inputs.length > 2000 ? Math.ceil(learning.epochs * 0.65) : learning.epochs
    const parts: ClassifierParts = await inTurns(
      trainClassifier(
        kept,
        Uint16Array.from(rest, (i) => labels[i] as number),
        shape,
        { ...learning, epochs },
        known,
      ),
      (done) => context.pause((0.45 * (number + done)) / folds.length),
    )
    const classifier = classifierOf(parts, known)
    for (const i of fold) {
      const scores = classifier.scores(inputs[i] as ClassifierInput).slice()
      held.push({ scores, unknown: classifier.unknown, label: labels[i] as number })
    }
  }
  return calibrate(held, intents.findIndex(isOutOfScope))
}

/** Which features a model of these inputs alone would have had: as in training, rare ones do not count in large data. */
function featuresOf(
  inputs: readonly ClassifierInput[],
  size: number,
  examples: number,
): Uint8Array {
  const counts = new Uint32Array(size)
  for (const { sparse } of inputs) {
    const { indices } = sparse
    for (let i = 0; i < indices.length; i++) {
      const index = indices[i] as number
      counts[index] = (counts[index] as number) + 1
    }
  }
  const least = examples > 4000 ? 2 : 1
  return Uint8Array.from(counts, (count) => (count >= least ? 1 : 0))
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
    for (const index of message.sparse?.indices ?? []) if (index >= sparse) sparse = index + 1
  }
  const dense = messages[0]?.dense.reduce((sum, vector) => sum + vector.length, 0) ?? 0
  return { sparse, dense, classes }
}

/** Embeddings are slow to learn from, and so slow to make that more epochs do not show in the time. */
function epochsFor(examples: number, hasEmbedding: boolean): number {
  const least = hasEmbedding ? 20 : 12
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
