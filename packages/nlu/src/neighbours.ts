/**
 * The training sentences most like a sentence, as a second opinion beside the linear model: among the intents that it ranks first, the
 * nearest sentences vote by cosine similarity of n-grams (and embeddings, where there are some). Keeps every training sentence in a
 * byte a feature. A sentence that the linear model is sure of is not compared: the vote counts as unanimous.
 */
import type { ClassifierInput, ClassifierShape } from './softmax-classifier.ts'
import { inputWriter } from './softmax-classifier.ts'

/** The sentences of intent i stand from `intents[i]` to `intents[i + 1]`, their n-grams from `starts[sentence]` on. */
export interface NeighbourParts {
  readonly intents: Uint32Array
  readonly starts: Uint32Array
  readonly indices: Uint32Array
  /** Of 255: n-gram features of a sentence are of unit length together. */
  readonly values: Uint8Array
  /** Of 127: `dense` values a sentence, of unit length together. */
  readonly dense: Int8Array
}

const candidates = 6
const voters = 20
/** How fast a vote loses weight with the distance from the nearest sentence. */
const steepness = 15
/** What an intent without a vote has. */
const floor = 0.02
/** A lead of this much over the second choice is not questioned. */
const certain = 4

export function neighboursOf(
  inputs: readonly ClassifierInput[],
  labels: Uint16Array,
  shape: ClassifierShape,
  means: Float32Array,
  known?: Uint8Array,
): NeighbourParts {
  const write = inputWriter(shape, means, known)
  const intents = new Uint32Array(shape.classes + 1)
  for (const label of labels) intents[label + 1] = (intents[label + 1] as number) + 1
  for (let i = 0; i < shape.classes; i++)
    intents[i + 1] = (intents[i + 1] as number) + (intents[i] as number)
  const order = [...labels.keys()].sort(
    (a, b) => (labels[a] as number) - (labels[b] as number) || a - b,
  )
  const starts = new Uint32Array(inputs.length + 1)
  const total = inputs.reduce((sum, { sparse }) => sum + sparse.indices.length, 0)
  const indices = new Uint32Array(total)
  const values = new Uint8Array(total)
  const dense = new Int8Array(inputs.length * shape.dense)
  for (const [place, number] of order.entries()) {
    const written = write(inputs[number] as ClassifierInput)
    const at = starts[place] as number
    for (let i = 0; i < written.count; i++) {
      indices[at + i] = written.indices[i] as number
      values[at + i] = Math.round((written.values[i] as number) * Math.SQRT1_2 * 255)
    }
    starts[place + 1] = at + written.count
    for (let i = 0; i < shape.dense; i++)
      dense[place * shape.dense + i] = Math.round((written.dense[i] as number) * 127)
  }
  const end = starts[inputs.length] as number
  return { intents, starts, indices: indices.slice(0, end), values: values.slice(0, end), dense }
}

export class Neighbours {
  readonly #parts: NeighbourParts
  readonly #shape: ClassifierShape
  readonly #write: ReturnType<typeof inputWriter>
  readonly #query: Float32Array

  constructor(
    parts: NeighbourParts,
    shape: ClassifierShape,
    means: Float32Array,
    known?: Uint8Array,
  ) {
    this.#parts = parts
    this.#shape = shape
    this.#write = inputWriter(shape, means, known)
    this.#query = new Float32Array(shape.sparse)
  }

  /** The logarithms of the intents' shares of the votes. @param scores the linear model's */
  votes(input: ClassifierInput, scores: Float32Array): Float32Array {
    const out = new Float32Array(scores.length).fill(Math.log(floor))
    const asked = firstOf(scores, candidates)
    const [first = 0, second = first] = asked
    if (asked.length < 2 || (scores[first] as number) - (scores[second] as number) > certain) {
      out[first] = Math.log(1 + floor)
      return out
    }
    const nearest = this.#nearest(input, asked)
    const best = nearest[0]?.likeness ?? 0
    const shares = new Float64Array(scores.length)
    let sum = 0
    for (const { intent, likeness } of nearest) {
      const weight = Math.exp(steepness * (likeness - best))
      shares[intent] = (shares[intent] as number) + weight
      sum += weight
    }
    for (const intent of asked) out[intent] = Math.log((shares[intent] as number) / sum + floor)
    return out
  }

  #nearest(
    input: ClassifierInput,
    asked: readonly number[],
  ): { intent: number; likeness: number }[] {
    const { intents, starts, indices, values, dense } = this.#parts
    const query = this.#query
    const width = this.#shape.dense
    const written = this.#write(input)
    for (let i = 0; i < written.count; i++)
      query[written.indices[i] as number] = (written.values[i] as number) * Math.SQRT1_2
    const nearest: { intent: number; likeness: number }[] = []
    let least = -Infinity
    for (const intent of asked) {
      const last = intents[intent + 1] as number
      for (let sentence = intents[intent] as number; sentence < last; sentence++) {
        let sum = 0
        const end = starts[sentence + 1] as number
        for (let i = starts[sentence] as number; i < end; i++)
          sum += (query[indices[i] as number] as number) * (values[i] as number)
        let likeness = sum / 255
        if (width > 0) {
          let dot = 0
          const row = sentence * width
          for (let i = 0; i < width; i++)
            dot += (written.dense[i] as number) * (dense[row + i] as number)
          likeness = 0.5 * likeness + (0.5 / 127) * dot
        }
        if (likeness <= least) continue
        let at = nearest.length
        while (at > 0 && (nearest[at - 1] as { likeness: number }).likeness < likeness) at--
        nearest.splice(at, 0, { intent, likeness })
        if (nearest.length > voters) nearest.pop()
        if (nearest.length === voters) least = (nearest.at(-1) as { likeness: number }).likeness
      }
    }
    for (let i = 0; i < written.count; i++) query[written.indices[i] as number] = 0
    return nearest
  }
}

/** The places of the highest scores, highest first. */
function firstOf(scores: Float32Array, count: number): number[] {
  const places: number[] = []
  for (let i = 0; i < scores.length; i++) {
    const score = scores[i] as number
    if (places.length === count && score <= (scores[places[count - 1] as number] as number))
      continue
    let at = places.length
    while (at > 0 && (scores[places[at - 1] as number] as number) < score) at--
    places.splice(at, 0, i)
    if (places.length > count) places.pop()
  }
  return places
}
