/**
 * Multinomial logistic regression over sparse n-grams and dense sentence embeddings, trained by stochastic gradient with feature
 * dropout: at each step half of the n-grams are left out, so that no single one carries an intent. Each block of features (words,
 * characters, embedding) is scaled to unit length.
 * Source: Wager, Wang & Liang, Dropout Training as Adaptive Regularization (2013).
 */
import type { SparseFeatures } from './component.ts'
import { Dropout, seededRandom, shuffle } from './random.ts'
import { WeightMatrix } from './weight-matrix.ts'

export interface ClassifierInput {
  readonly sparse: SparseFeatures
  readonly dense: readonly Float32Array[]
}

export interface ClassifierOptions {
  readonly epochs: number
  readonly learningRate: number
  /** Share of n-grams left out at each step. */
  readonly dropout: number
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
  const prepared = inputs.map((input) => activate(input, shape, means, known))
  const random = seededRandom(options.seed)
  const sparseDropout = new Dropout(options.dropout, options.seed)
  const denseDropout = new Dropout(denseShare, options.seed + 1)
  const order = Uint32Array.from(prepared.keys())
  const total = options.epochs * prepared.length
  const output = matrix.output()
  const { indices, values } = matrix
  let step = 0
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    shuffle(order, random)
    for (const number of order) {
      const rate = options.learningRate * (1 - step++ / total)
      if ((step & 15) === 0) yield step / total
      const { sparse, dense } = prepared[number] as Active
      let count = sparseDropout.copy(
        sparse.indices,
        sparse.values,
        indices,
        values,
        sparseDropout.scale,
        0,
      )
      count = denseDropout.copy(
        dense.indices,
        dense.values,
        indices,
        values,
        denseDropout.scale,
        count,
      )
      indices[count] = shape.sparse + shape.dense
      values[count++] = 1
      output.fill(0)
      matrix.gather(count)
      if (gradient(output, labels[number] as number) > settled) {
        for (let i = 0; i < count; i++) values[i] = rate * (values[i] as number)
        matrix.scatter(count)
      }
    }
  }
  return { ...shape, weights: matrix.compact(), means }
}

/** An example whose gradient is shorter than this (squared) teaches nothing more. */
const settled = 1e-4

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
    const { sparse, dense, unknown } = activate(input, this.#shape, this.#means, this.#known)
    const { indices, values } = this.#matrix
    indices.set(sparse.indices)
    values.set(sparse.values)
    indices.set(dense.indices, sparse.indices.length)
    values.set(dense.values, sparse.indices.length)
    let count = sparse.indices.length + dense.indices.length
    indices[count] = this.#shape.sparse + this.#shape.dense
    values[count++] = 1
    this.unknown = unknown
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

interface Features {
  readonly indices: Uint32Array
  readonly values: Float32Array
}

interface Active {
  readonly sparse: Features
  readonly dense: Features
  /** Share of n-grams that were unknown. */
  readonly unknown: number
}

/** The features of an input, each block of unit length. */
function activate(
  { sparse, dense }: ClassifierInput,
  shape: ClassifierShape,
  means: Float32Array,
  known: Uint8Array | undefined,
): Active {
  const { indices, values, blocks } = sparse
  const most = Math.min(indices.length, maxSparse)
  let words = 0
  let chars = 0
  let usable = 0
  for (let i = 0; i < most; i++) {
    if (known && known[indices[i] as number] === 0) continue
    usable++
    const square = (values[i] as number) ** 2
    if (blocks[i] === 0) words += square
    else chars += square
  }
  const wordScale = 1 / Math.sqrt(words || 1)
  const charScale = 1 / Math.sqrt(chars || 1)
  const used = { indices: new Uint32Array(usable), values: new Float32Array(usable) }
  for (let i = 0, at = 0; i < most; i++) {
    const index = indices[i] as number
    if (known && known[index] === 0) continue
    used.indices[at] = index
    used.values[at++] = (values[i] as number) * (blocks[i] === 0 ? wordScale : charScale)
  }
  const unknown = sparse.total === 0 ? 1 : 1 - usable / sparse.total
  return { sparse: used, dense: denseFeatures(dense, shape, means), unknown }
}

function denseFeatures(
  dense: readonly Float32Array[],
  shape: ClassifierShape,
  means: Float32Array,
): Features {
  const out = { indices: new Uint32Array(shape.dense), values: new Float32Array(shape.dense) }
  let at = 0
  for (const vector of dense) {
    let square = 0
    for (let i = 0; i < vector.length; i++)
      square += ((vector[i] as number) - (means[at + i] as number)) ** 2
    const scale = denseLength / Math.sqrt(square || 1)
    for (const value of vector) {
      out.indices[at] = shape.sparse + at
      out.values[at] = (value - (means[at] as number)) * scale
      at++
    }
  }
  return out
}

const maxSparse = 16384

/** Turns scores into the negative gradient of the log loss, in place; gives its squared length. */
function gradient(output: Float32Array, label: number): number {
  let most = -Infinity
  for (let i = 0; i < output.length; i++)
    if ((output[i] as number) > most) most = output[i] as number
  let sum = 0
  for (let i = 0; i < output.length; i++) {
    const value = Math.exp((output[i] as number) - most)
    output[i] = value
    sum += value
  }
  let square = 0
  for (let i = 0; i < output.length; i++) {
    const value = (i === label ? 1 : 0) - (output[i] as number) / sum
    output[i] = value
    square += value * value
  }
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
