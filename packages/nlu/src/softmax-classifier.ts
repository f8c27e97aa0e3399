/**
 * Multinomial logistic regression over sparse n-grams and dense sentence embeddings, trained by stochastic gradient with feature
 * dropout: at each step half of the n-grams are left out, so that no single one carries an intent. Each block of features (words,
 * characters, embedding) is scaled to unit length.
 * The right intent's score is lowered by a margin while learning: examples near a border count for more.
 * Sources: Wager, Wang & Liang, Dropout Training as Adaptive Regularization (2013); Gimpel & Smith, Softmax-Margin CRFs (2010).
 */
import type { SparseFeatures } from './component.ts'
import { expOfNegative } from './fast-exp.ts'
import { Dropout, type FeatureArrays, seededRandom, shuffle } from './random.ts'
import { WeightMatrix } from './weight-matrix.ts'

export interface ClassifierInput {
  readonly sparse: SparseFeatures
  readonly dense: readonly Float32Array[]
}

export interface ClassifierOptions {
  /** Passes over the sentences; the last may be a part of one. */
  readonly epochs: number
  readonly learningRate: number
  /** Share of n-grams left out at each step. */
  readonly dropout: number
  /** How much higher than the others the right intent's score must be to count as right in training. */
  readonly margin: number
  readonly seed: number
}

/** Rows of the weights: the n-grams, then the dense dimensions, then the bias. */
export interface ClassifierShape {
  readonly sparse: number
  readonly dense: number
  readonly classes: number
}

export interface ClassifierParts extends ClassifierShape {
  readonly weights: Float32Array
  /** Mean of each dense dimension over the training sentences. */
  readonly means: Float32Array
}

const denseLength = 1.2
/** Share of the embedding's dimensions left out at each step. */
const denseShare = 0.3

/**
 * Trains; yields every few examples how much of the work is done, 0 to 1.
 * @param known features that may be used (1) or not (0); absent, all
 */
export function* trainClassifier(
  inputs: readonly ClassifierInput[],
  labels: Uint16Array,
  shape: ClassifierShape,
  options: ClassifierOptions,
  known?: Uint8Array,
): Generator<number, ClassifierParts> {
  const means = meansOf(inputs, shape.dense)
  const matrix = new WeightMatrix(shape.sparse + shape.dense + 1, shape.classes)
  const { sparse, starts, dense } = prepare(inputs, shape, means, known)
  const random = seededRandom(options.seed)
  const sparseDropout = new Dropout(options.dropout, options.seed)
  const denseDropout = new Dropout(denseShare, options.seed + 1)
  const order = Uint32Array.from(inputs.keys())
  const total = Math.round(options.epochs * inputs.length)
  const output = matrix.output()
  const { indices, values } = matrix
  let step = 0
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    shuffle(order, random)
    for (const number of order) {
      if (step === total) break
      const rate = options.learningRate * (1 - step++ / total)
      if ((step & 15) === 0) yield step / total
      const from = starts[number] as number
      const length = (starts[number + 1] as number) - from
      let count = sparseDropout.copy(sparse, from, from, length, matrix, 0)
      count = denseDropout.copy(dense, 0, number * shape.dense, shape.dense, matrix, count)
      indices[count] = shape.sparse + shape.dense
      values[count++] = 1
      output.fill(0)
      matrix.gather(count)
      const label = labels[number] as number
      output[label] = (output[label] as number) - options.margin
      if (gradient(output, label, rate) > settled) matrix.scatter(count)
    }
  }
  return { ...shape, weights: matrix.compact(), means }
}

/** An example whose gradient is shorter than this (squared) teaches nothing more. */
const settled = 3e-3

/** Scores of inputs by given weights. */
export class SoftmaxClassifier {
  readonly #matrix: WeightMatrix
  readonly #shape: ClassifierShape
  readonly #means: Float32Array
  readonly #known: Uint8Array | undefined
  /** Share of the last input's n-grams that the model does not know, 0 to 1. */
  unknown = 0

  constructor(
    matrix: WeightMatrix,
    shape: ClassifierShape,
    means: Float32Array,
    known?: Uint8Array,
  ) {
    this.#matrix = matrix
    this.#shape = shape
    this.#means = means
    this.#known = known
  }

  /** Unnormalised log-probabilities of the classes; overwritten by the next call. */
  scores(input: ClassifierInput): Float32Array {
    const { indices, values } = this.#matrix
    const shape = this.#shape
    const usable = writeSparse(input.sparse, this.#known, this.#matrix, 0)
    const { total } = input.sparse
    this.unknown = total === 0 ? 1 : 1 - usable / total
    writeDense(input.dense, this.#means, values, usable)
    for (let i = 0; i < shape.dense; i++) indices[usable + i] = shape.sparse + i
    let count = usable + shape.dense
    indices[count] = this.#shape.sparse + this.#shape.dense
    values[count++] = 1
    const output = this.#matrix.output()
    output.fill(0)
    this.#matrix.gather(count)
    return output
  }
}

/** A classifier straight from training. */
export function classifierOf(parts: ClassifierParts, known?: Uint8Array): SoftmaxClassifier {
  const matrix = new WeightMatrix(parts.sparse + parts.dense + 1, parts.classes)
  matrix.fill(parts.weights)
  return new SoftmaxClassifier(matrix, parts, parts.means, known)
}

/** The features of all inputs in few large arrays: one of its own for each sentence would cost more than the learning. */
interface Prepared {
  readonly sparse: FeatureArrays
  /** Where each input's sparse features begin; one more for the end. */
  readonly starts: Uint32Array
  /** Values input by input, `shape.dense` each; the indices are the same for all. */
  readonly dense: FeatureArrays
}

function prepare(
  inputs: readonly ClassifierInput[],
  shape: ClassifierShape,
  means: Float32Array,
  known: Uint8Array | undefined,
): Prepared {
  const most = inputs.reduce((sum, { sparse }) => sum + sparse.indices.length, 0)
  const sparse = { indices: new Uint32Array(most), values: new Float32Array(most) }
  const starts = new Uint32Array(inputs.length + 1)
  const dense = {
    indices: Uint32Array.from({ length: shape.dense }, (_, i) => shape.sparse + i),
    values: new Float32Array(inputs.length * shape.dense),
  }
  for (const [number, input] of inputs.entries()) {
    const at = starts[number] as number
    starts[number + 1] = at + writeSparse(input.sparse, known, sparse, at)
    writeDense(input.dense, means, dense.values, number * shape.dense)
  }
  return { sparse, starts, dense }
}

/** Writes the known features to `target` from `at` on, words and characters each of unit length together; how many. */
function writeSparse(
  { indices, values, blocks }: SparseFeatures,
  known: Uint8Array | undefined,
  target: FeatureArrays,
  at: number,
): number {
  const most = Math.min(indices.length, maxSparse)
  let words = 0
  let chars = 0
  for (let i = 0; i < most; i++) {
    if (known && known[indices[i] as number] === 0) continue
    const square = (values[i] as number) ** 2
    if (blocks[i] === 0) words += square
    else chars += square
  }
  const wordScale = 1 / Math.sqrt(words || 1)
  const charScale = 1 / Math.sqrt(chars || 1)
  let to = at
  for (let i = 0; i < most; i++) {
    const index = indices[i] as number
    if (known && known[index] === 0) continue
    target.indices[to] = index
    target.values[to++] = (values[i] as number) * (blocks[i] === 0 ? wordScale : charScale)
  }
  return to - at
}

/** Writes each embedding less the mean, `denseLength` long. */
function writeDense(
  dense: readonly Float32Array[],
  means: Float32Array,
  target: Float32Array,
  at: number,
): void {
  let done = 0
  for (const vector of dense) {
    let square = 0
    for (let i = 0; i < vector.length; i++)
      square += ((vector[i] as number) - (means[done + i] as number)) ** 2
    const scale = denseLength / Math.sqrt(square || 1)
    for (const value of vector) {
      target[at + done] = (value - (means[done] as number)) * scale
      done++
    }
  }
}

const maxSparse = 16384

/** What an input is to the classifier; arrays are overwritten by the next call. Words and characters and embedding are each of unit length. */
export function inputWriter(shape: ClassifierShape, means: Float32Array, known?: Uint8Array) {
  const indices = new Uint32Array(maxSparse)
  const values = new Float32Array(maxSparse)
  const dense = new Float32Array(shape.dense)
  return (input: ClassifierInput) => {
    const count = writeSparse(input.sparse, known, { indices, values }, 0)
    writeDense(input.dense, means, dense, 0)
    for (let i = 0; i < dense.length; i++) dense[i] = (dense[i] as number) / denseLength
    return { indices, values, dense, count }
  }
}

/** Turns scores into the negative gradient of the log loss times the rate, in place; gives the gradient's squared length. */
function gradient(output: Float32Array, label: number, rate: number): number {
  let most = -Infinity
  for (let i = 0; i < output.length; i++)
    if ((output[i] as number) > most) most = output[i] as number
  let sum = 0
  for (let i = 0; i < output.length; i++) {
    const value = expOfNegative((output[i] as number) - most)
    output[i] = value
    sum += value
  }
  const scale = -1 / sum
  let square = 0
  for (let i = 0; i < output.length; i++) {
    const value = (output[i] as number) * scale
    output[i] = value * rate
    square += value * value
  }
  const missed = 1 + (output[label] as number) / rate
  square += missed * missed - (1 - missed) * (1 - missed)
  output[label] = missed * rate
  return square
}

function meansOf(inputs: readonly ClassifierInput[], dense: number): Float32Array {
  const sums = new Float64Array(dense)
  for (const input of inputs) {
    let at = 0
    for (const vector of input.dense) {
      for (const value of vector) sums[at] = (sums[at++] as number) + value
    }
  }
  return Float32Array.from(sums, (sum) => sum / Math.max(1, inputs.length))
}
