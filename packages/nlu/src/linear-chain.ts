/**
 * The dynamic programs of a linear-chain conditional random field over one sentence at a time: best labelling (Viterbi), marginals
 * (forward-backward) and one step down the gradient. Arrays are reused between sentences.
 */
import { maxTagged, type TokenFeatures } from './entity-features.ts'
import type { HashIndex } from './hash-index.ts'
import type { WeightMatrix } from './weight-matrix.ts'

/** Allowed transitions, ordered by where they come from; `from` = number of labels is the start of the sentence. */
export interface Arcs {
  readonly from: Uint16Array
  readonly to: Uint16Array
  readonly weights: Float32Array
}

/** A training sentence with its features by number; those of token i stand from `starts[i]`. */
export interface NumberedSentence {
  readonly features: Uint32Array
  readonly starts: Uint32Array
  readonly labels: Uint16Array
}

export class LinearChain {
  readonly matrix: WeightMatrix
  readonly arcs: Arcs
  readonly #labels: number
  readonly #starts: number
  readonly #expArcs: Float64Array
  readonly #expEmissions: Float64Array
  readonly #alpha: Float64Array
  readonly #beta: Float64Array
  readonly #expected: Float64Array
  #stale = true

  constructor(matrix: WeightMatrix, arcs: Arcs) {
    this.matrix = matrix
    this.arcs = arcs
    this.#labels = matrix.columns
    // Arcs are ordered by where they come from; those of the start come last.
    const first = arcs.from.indexOf(this.#labels)
    this.#starts = first === -1 ? arcs.from.length : first
    this.#expArcs = new Float64Array(arcs.from.length)
    this.#expected = new Float64Array(arcs.from.length)
    const cells = maxTagged * this.#labels
    this.#expEmissions = new Float64Array(cells)
    this.#alpha = new Float64Array(cells)
    this.#beta = new Float64Array(cells)
  }

  emissions({ hashes, starts, tokens }: TokenFeatures, index: HashIndex): void {
    const { matrix } = this
    matrix.outputs.fill(0, 0, tokens * matrix.stride)
    for (let token = 0; token < tokens; token++) {
      let count = 0
      for (let i = starts[token] as number; i < (starts[token + 1] as number); i++) {
        const number = index.find(hashes[i] as number)
        if (number === -1) continue
        matrix.indices[count] = number
        matrix.values[count++] = 1
      }
      matrix.gather(count, token)
    }
  }

  /** One step down the gradient of −log P(labels | features). */
  learn(
    { features, starts, labels }: NumberedSentence,
    rate: number,
    dropout: number,
    random: () => number,
  ): void {
    const { matrix, arcs } = this
    const tokens = labels.length
    const kept = new Uint32Array(features.length)
    const ends = new Uint32Array(tokens + 1)
    let at = 0
    matrix.outputs.fill(0, 0, tokens * matrix.stride)
    for (let token = 0; token < tokens; token++) {
      const from = at
      for (let i = starts[token] as number; i < (starts[token + 1] as number); i++) {
        if (random() >= dropout) kept[at++] = features[i] as number
      }
      ends[token + 1] = at
      this.#activate(kept, from, at, 1 / (1 - dropout))
      matrix.gather(at - from, token)
    }
    this.#stale = true
    this.marginals(tokens)
    let surprise = 0
    for (let token = 0; token < tokens; token++) {
      const output = matrix.output(token)
      for (let label = 0; label < this.#labels; label++)
        output[label] = -this.marginal(token, label)
      const right = labels[token] as number
      output[right] = (output[right] as number) + 1
      surprise = Math.max(surprise, output[right] as number)
    }
    // A sentence already labelled with near certainty moves nothing.
    if (surprise < 0.001) return
    this.#expectedArcs(tokens)
    let previous = this.#labels
    for (const label of labels) {
      const arc = this.#arc(previous, label)
      this.#expected[arc] = (this.#expected[arc] as number) - 1
      previous = label
    }
    for (let arc = 0; arc < arcs.weights.length; arc++) {
      arcs.weights[arc] = (arcs.weights[arc] as number) - rate * (this.#expected[arc] as number)
    }
    for (let token = 0; token < tokens; token++) {
      const from = ends[token] as number
      this.#activate(kept, from, ends[token + 1] as number, rate / (1 - dropout))
      matrix.scatter((ends[token + 1] as number) - from, token)
    }
  }

  #activate(features: Uint32Array, from: number, to: number, value: number): void {
    this.matrix.indices.set(features.subarray(from, to))
    this.matrix.values.fill(value, 0, to - from)
  }

  #arc(from: number, to: number): number {
    const { arcs } = this
    let low = 0
    let high = arcs.from.length - 1
    const key = from * this.#labels + to
    while (low < high) {
      const middle = (low + high) >> 1
      const at = (arcs.from[middle] as number) * this.#labels + (arcs.to[middle] as number)
      if (at < key) low = middle + 1
      else high = middle
    }
    return low
  }

  viterbi(tokens: number): Uint16Array {
    const { from, to, weights } = this.arcs
    const labels = this.#labels
    const { outputs, stride } = this.matrix
    const score = this.#alpha
    const back = new Uint16Array(tokens * labels)
    for (let token = 0; token < tokens; token++) {
      const row = token * labels
      score.fill(-Infinity, row, row + labels)
      const [first, last] = token === 0 ? [this.#starts, from.length] : [0, this.#starts]
      for (let arc = first; arc < last; arc++) {
        const label = to[arc] as number
        const came = token === 0 ? 0 : (score[row - labels + (from[arc] as number)] as number)
        const total = came + (weights[arc] as number)
        if (total > (score[row + label] as number)) {
          score[row + label] = total
          back[row + label] = from[arc] as number
        }
      }
      for (let label = 0; label < labels; label++) {
        score[row + label] =
          (score[row + label] as number) + (outputs[token * stride + label] as number)
      }
    }
    const best = new Uint16Array(tokens)
    const row = (tokens - 1) * labels
    for (let label = 1; label < labels; label++) {
      if ((score[row + label] as number) > (score[row + (best[tokens - 1] as number)] as number))
        best[tokens - 1] = label
    }
    for (let token = tokens - 1; token > 0; token--) {
      best[token - 1] = back[token * labels + (best[token] as number)] as number
    }
    return best
  }

  /** Forward-backward over the current emissions; each row is scaled to sum to one. */
  marginals(tokens: number): void {
    const labels = this.#labels
    const { from, to, weights } = this.arcs
    const { outputs, stride } = this.matrix
    const alpha = this.#alpha
    const beta = this.#beta
    const exp = this.#expEmissions
    if (this.#stale) {
      for (let arc = 0; arc < weights.length; arc++)
        this.#expArcs[arc] = Math.exp(weights[arc] as number)
      this.#stale = false
    }
    const arcs = this.#expArcs
    for (let token = 0; token < tokens; token++) {
      const row = token * labels
      let most = -Infinity
      for (let label = 0; label < labels; label++)
        most = Math.max(most, outputs[token * stride + label] as number)
      for (let label = 0; label < labels; label++) {
        exp[row + label] = Math.exp((outputs[token * stride + label] as number) - most)
      }
      alpha.fill(0, row, row + labels)
      const [first, last] = token === 0 ? [this.#starts, from.length] : [0, this.#starts]
      for (let arc = first; arc < last; arc++) {
        const came = token === 0 ? 1 : (alpha[row - labels + (from[arc] as number)] as number)
        const label = row + (to[arc] as number)
        alpha[label] = (alpha[label] as number) + came * (arcs[arc] as number)
      }
      let sum = 0
      for (let label = row; label < row + labels; label++) {
        const value = (alpha[label] as number) * (exp[label] as number)
        alpha[label] = value
        sum += value
      }
      for (let label = row; label < row + labels; label++)
        alpha[label] = (alpha[label] as number) / sum
    }
    beta.fill(1 / labels, (tokens - 1) * labels, tokens * labels)
    for (let token = tokens - 2; token >= 0; token--) {
      const row = token * labels
      const next = row + labels
      beta.fill(0, row, next)
      for (let arc = 0; arc < this.#starts; arc++) {
        const label = row + (from[arc] as number)
        const after = next + (to[arc] as number)
        beta[label] =
          (beta[label] as number) +
          (arcs[arc] as number) * (exp[after] as number) * (beta[after] as number)
      }
      let sum = 0
      for (let label = row; label < next; label++) sum += beta[label] as number
      for (let label = row; label < next; label++) beta[label] = (beta[label] as number) / sum
    }
    // beta becomes the marginal times a constant; the emissions' exponentials stay for the arcs.
    for (let token = 0; token < tokens; token++) {
      const row = token * labels
      let sum = 0
      for (let label = row; label < row + labels; label++)
        sum += (alpha[label] as number) * (beta[label] as number)
      this.#norms[token] = sum
    }
  }

  readonly #norms = new Float64Array(maxTagged)

  marginal(token: number, label: number): number {
    const at = token * this.#labels + label
    return (
      ((this.#alpha[at] as number) * (this.#beta[at] as number)) / (this.#norms[token] as number)
    )
  }

  #expectedArcs(tokens: number): void {
    const labels = this.#labels
    const { from, to } = this.arcs
    const expected = this.#expected
    const arcs = this.#expArcs
    expected.fill(0)
    for (let arc = this.#starts; arc < from.length; arc++)
      expected[arc] = this.marginal(0, to[arc] as number)
    const flow = new Float64Array(this.#starts)
    for (let token = 1; token < tokens; token++) {
      const row = token * labels
      let sum = 0
      for (let arc = 0; arc < this.#starts; arc++) {
        const after = row + (to[arc] as number)
        const value =
          (this.#alpha[row - labels + (from[arc] as number)] as number) *
          (arcs[arc] as number) *
          (this.#expEmissions[after] as number) *
          (this.#beta[after] as number)
        flow[arc] = value
        sum += value
      }
      for (let arc = 0; arc < this.#starts; arc++) {
        expected[arc] = (expected[arc] as number) + (flow[arc] as number) / sum
      }
    }
  }
}
