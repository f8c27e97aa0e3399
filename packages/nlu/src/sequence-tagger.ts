/**
 * A linear-chain conditional random field over BIO labels, trained by stochastic gradient with feature dropout. Transitions are sparse:
 * those seen in training, and O to and from everything else that BIO allows. Gives the best labelling (Viterbi) and, for each span,
 * a confidence from the marginals (forward-backward).
 * Source: Lafferty, McCallum & Pereira, Conditional Random Fields (2001); Sutton & McCallum, An Introduction to CRFs (2012).
 */
import type { TokenFeatures } from './entity-features.ts'
import { maxTagged } from './entity-features.ts'
import { HashCounts, HashIndex } from './hash-index.ts'
import { type Arcs, LinearChain, type NumberedSentence } from './linear-chain.ts'
import { Dropout, seededRandom, shuffle } from './random.ts'
import { WeightMatrix } from './weight-matrix.ts'

/** Label 0 is O; label 2k+1 is B and 2k+2 is I of kind k. */
export interface TaggerParts {
  readonly kinds: number
  readonly hashes: Uint32Array
  /** Row-major over features, `2·kinds + 1` wide. */
  readonly weights: Float32Array
  readonly arcs: Arcs
}

export interface TaggedSentence {
  readonly hashes: Uint32Array
  readonly starts: Uint32Array
  readonly labels: Uint16Array
}

export interface TaggerOptions {
  readonly epochs: number
  readonly learningRate: number
  /** Share of features left out at each step. */
  readonly dropout: number
  /** Features seen fewer times are left out. */
  readonly minCount: number
  readonly seed: number
}

export interface Span {
  readonly kind: number
  /** Token numbers, `to` exclusive. */
  readonly from: number
  readonly to: number
  /** 0 to 1. */
  readonly confidence: number
}

/** Trains; yields every few sentences how much of the work is done, 0 to 1, so the caller can report, pause or stop. */
export function* trainTagger(
  sentences: readonly TaggedSentence[],
  kinds: number,
  options: TaggerOptions,
): Generator<number, TaggerParts> {
  const counts = new HashCounts()
  for (const { hashes } of sentences) for (const hash of hashes) counts.add(hash)
  const index = new HashIndex(counts.frequent(options.minCount))
  const labels = 2 * kinds + 1
  const chain = new LinearChain(
    new WeightMatrix(index.size, labels, maxTagged),
    arcsOf(sentences, labels),
  )
  const known = sentences.map((sentence) => withNumbers(sentence, index))
  const random = seededRandom(options.seed)
  const dropout = new Dropout(options.dropout, options.seed)
  const order = Uint32Array.from(known.keys())
  const total = options.epochs * known.length
  let step = 0
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    shuffle(order, random)
    for (const number of order) {
      const rate = options.learningRate * (1 - step++ / total)
      const sentence = known[number] as NumberedSentence
      if (sentence.labels.length > 0) chain.learn(sentence, rate, dropout)
      if ((step & 3) === 0) yield step / total
    }
  }
  return { kinds, ...withoutFaint(index.hashes, chain.matrix), arcs: chain.arcs }
}

/** Features whose weights are all fainter than this change no labelling, and cost time and room. */
const faint = 0.1

function withoutFaint(
  hashes: Uint32Array,
  { weights, stride, columns }: WeightMatrix,
): Pick<TaggerParts, 'hashes' | 'weights'> {
  const kept: number[] = []
  for (let row = 0; row < hashes.length; row++) {
    const values = weights.subarray(row * stride, row * stride + columns)
    if (values.some((value) => Math.abs(value) >= faint)) kept.push(row)
  }
  const compact = new Float32Array(kept.length * columns)
  for (const [at, row] of kept.entries())
    compact.set(weights.subarray(row * stride, row * stride + columns), at * columns)
  return { hashes: Uint32Array.from(kept, (row) => hashes[row] as number), weights: compact }
}

/** A trained tagger. */
export class SequenceTagger {
  readonly #index: HashIndex
  readonly #chain: LinearChain

  /** The weights are to be written into `matrix` by the caller. */
  constructor(parts: Omit<TaggerParts, 'weights'>) {
    this.#index = new HashIndex(parts.hashes)
    this.#chain = new LinearChain(
      new WeightMatrix(parts.hashes.length, 2 * parts.kinds + 1, maxTagged),
      parts.arcs,
    )
  }

  get matrix(): WeightMatrix {
    return this.#chain.matrix
  }

  /** The spans of the best labelling. Each token's probability of being outside every span is left in `outside`. */
  tag(features: TokenFeatures, outside?: Float32Array): Span[] {
    if (features.tokens === 0) return []
    const chain = this.#chain
    chain.emissions(features, this.#index)
    chain.marginals(features.tokens)
    const labels = chain.viterbi(features.tokens)
    if (outside) for (let i = 0; i < features.tokens; i++) outside[i] = chain.marginal(i, 0)
    return spansOf(labels, (from, to) => {
      let least = 1
      for (let i = from; i < to; i++)
        least = Math.min(least, chain.marginal(i, labels[i] as number))
      return least
    })
  }
}

/** The labels of spans over `length` tokens. */
export function labelsOf(spans: readonly Omit<Span, 'confidence'>[], length: number): Uint16Array {
  const labels = new Uint16Array(length)
  for (const { kind, from, to } of spans) {
    for (let i = from; i < to && i < length; i++) labels[i] = 2 * kind + (i === from ? 1 : 2)
  }
  return labels
}

function spansOf(labels: Uint16Array, confidence: (from: number, to: number) => number): Span[] {
  const spans: Span[] = []
  for (let from = 0; from < labels.length; from++) {
    const label = labels[from] as number
    if (label === 0) continue
    const kind = (label - 1) >> 1
    let to = from + 1
    while (to < labels.length && labels[to] === 2 * kind + 2) to++
    spans.push({ kind, from, to, confidence: confidence(from, to) })
    from = to - 1
  }
  return spans
}

function withNumbers(
  { hashes, starts, labels }: TaggedSentence,
  index: HashIndex,
): NumberedSentence {
  const features = new Uint32Array(hashes.length)
  const places = new Uint32Array(starts.length)
  let at = 0
  for (let token = 0; token < labels.length; token++) {
    places[token] = at
    for (let i = starts[token] as number; i < (starts[token + 1] as number); i++) {
      const number = index.find(hashes[i] as number)
      if (number !== -1) features[at++] = number
    }
  }
  places[labels.length] = at
  return { features: features.slice(0, at), starts: places, labels }
}

function arcsOf(sentences: readonly TaggedSentence[], labels: number): Arcs {
  const seen = new Set<number>()
  const arc = (from: number, to: number) => seen.add(from * labels + to)
  for (let label = 0; label < labels; label++) {
    arc(label, 0)
    if (label % 2 === 1 || label === 0) {
      arc(0, label)
      arc(labels, label)
    }
    if (label > 0) arc(label, label % 2 === 1 ? label + 1 : label)
  }
  for (const sentence of sentences) {
    let previous = labels
    for (const label of sentence.labels) {
      arc(previous, label)
      previous = label
    }
  }
  const arcs = [...seen].sort((a, b) => a - b)
  return {
    from: Uint16Array.from(arcs, (number) => Math.floor(number / labels)),
    to: Uint16Array.from(arcs, (number) => number % labels),
    weights: new Float32Array(arcs.length),
  }
}
