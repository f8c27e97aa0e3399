/**
 * The dynamic programs of a linear-chain conditional random field over one sentence at a time: best labelling (Viterbi), marginals
 * (forward-backward) and one step down the gradient. Arrays are reused between sentences.
 */
import { maxTagged, type TokenFeatures } from './entity-features.ts'
import { expOfNegative } from './fast-exp.ts'
import type { HashIndex } from './hash-index.ts'
import type { Dropout } from './random.ts'
import type { WeightMatrix } from './weight-matrix.ts'

/** Allowed transitions, ordered by where they come from; `from` = number of labels is the start of the sentence. */
export interface Arcs {
  readonly from: Uint16Array
  readonly to: Uint16Array
  readonly weights: Float32Array
}

/** The probability, given the words so far, under which a label is not followed further. */
const negligible = 1e-4

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
  /** The arcs from label i stand from `#arcsOf[i]` to `#arcsOf[i + 1]`; those from the start of the sentence come last. */
  readonly #arcsOf: Uint32Array
  readonly #expArcs: Float64Array
  readonly #expEmissions: Float64Array
  readonly #alpha: Float64Array
  readonly #beta: Float64Array
  readonly #score: Float64Array
  readonly #back: Uint16Array
  readonly #expected: Float64Array
  readonly #flow: Float64Array
  readonly #norms = new Float64Array(maxTagged)
  #stale = true

  constructor(matrix: WeightMatrix, arcs: Arcs) {
    this.matrix = matrix
    this.arcs = arcs
    this.#labels = matrix.columns
    this.#arcsOf = new Uint32Array(this.#labels + 2)
    for (const from of arcs.from) this.#arcsOf[from + 1] = (this.#arcsOf[from + 1] as number) + 1
    for (let i = 0; i <= this.#labels; i++)
      this.#arcsOf[i + 1] = (this.#arcsOf[i + 1] as number) + (this.#arcsOf[i] as number)
    this.#starts = this.#arcsOf[this.#labels] as number
    this.#expArcs = new Float64Array(arcs.from.length)
    this.#expected = new Float64Array(arcs.from.length)
    this.#flow = new Float64Array(arcs.from.length)
    const cells = maxTagged * this.#labels
    this.#expEmissions = new Float64Array(cells)
    this.#alpha = new Float64Array(cells)
    this.#beta = new Float64Array(cells)
    this.#score = new Float64Array(cells)
    this.#back = new Uint16Array(cells)
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
  learn({ features, starts, labels }: NumberedSentence, rate: number, dropout: Dropout): void {
    const { matrix, arcs } = this
    const tokens = labels.length
    const ends = this.#ends
    let at = 0
    matrix.outputs.fill(0, 0, tokens * matrix.stride)
    matrix.values.fill(dropout.scale, 0, features.length)
    for (let token = 0; token < tokens; token++) {
      const from = at
      at = dropout.keep(
        features,
        starts[token] as number,
        starts[token + 1] as number,
        matrix.indices,
        from,
      )
      ends[token + 1] = at
      matrix.gather(at - from, token, from)
    }
    this.#stale = true
    this.marginals(tokens)
    const { outputs, stride } = matrix
    let surprise = 0
    for (let token = 0; token < tokens; token++) {
      const scale = -rate / (this.#norms[token] as number)
      const cell = token * this.#labels
      const row = token * stride
      for (let label = 0; label < this.#labels; label++)
        outputs[row + label] =
          scale * (this.#alpha[cell + label] as number) * (this.#beta[cell + label] as number)
      const right = row + (labels[token] as number)
      outputs[right] = (outputs[right] as number) + rate
      surprise = Math.max(surprise, outputs[right] as number)
    }
    // A sentence already labelled with near certainty moves nothing.
    if (surprise < 0.001 * rate) return
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
      matrix.scatter((ends[token + 1] as number) - from, token, from)
    }
  }

  readonly #ends = new Uint32Array(maxTagged + 1)

  #arc(from: number, to: number): number {
    let low = this.#arcsOf[from] as number
    let high = (this.#arcsOf[from + 1] as number) - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.arcs.to[middle] as number) < to) low = middle + 1
      else high = middle
    }
    return low
  }

  /** The best labelling among the labels that `marginals`, which must have run on the emissions, left possible. */
  viterbi(tokens: number): Uint16Array {
    const { to, weights } = this.arcs
    const labels = this.#labels
    const arcsOf = this.#arcsOf
    const { outputs, stride } = this.matrix
    const alpha = this.#alpha
    const score = this.#score
    const back = this.#back
    for (let token = 0; token < tokens; token++) {
      const row = token * labels
      const before = row - labels
      score.fill(-Infinity, row, row + labels)
      const begins = token === 0
      for (let from = begins ? labels : 0; from < (begins ? labels + 1 : labels); from++) {
        const came = begins ? 0 : (score[before + from] as number)
        if (came === -Infinity) continue
        const last = arcsOf[from + 1] as number
        for (let arc = arcsOf[from] as number; arc < last; arc++) {
          const label = row + (to[arc] as number)
          if ((alpha[label] as number) === 0) continue
          const total = came + (weights[arc] as number)
          if (total > (score[label] as number)) {
            score[label] = total
            back[label] = from
          }
        }
      }
      for (let label = 0; label < labels; label++) {
        if ((score[row + label] as number) === -Infinity) continue
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

  /**
   * Forward-backward over the current emissions; each row is scaled to sum to one. A label that is next to impossible given what
   * stands before it counts as impossible, and costs nothing from there on.
   */
  marginals(tokens: number): void {
    const labels = this.#labels
    const { to, weights } = this.arcs
    const { outputs, stride } = this.matrix
    const arcsOf = this.#arcsOf
    const alpha = this.#alpha
    const beta = this.#beta
    const exp = this.#expEmissions
    const arcs = this.#expArcs
    if (this.#stale) {
      for (let arc = 0; arc < weights.length; arc++) arcs[arc] = Math.exp(weights[arc] as number)
      this.#stale = false
    }
    for (let token = 0; token < tokens; token++) {
      const row = token * labels
      const emitted = token * stride
      let most = -Infinity
      for (let label = 0; label < labels; label++)
        if ((outputs[emitted + label] as number) > most) most = outputs[emitted + label] as number
      for (let label = 0; label < labels; label++) {
        exp[row + label] = expOfNegative((outputs[emitted + label] as number) - most)
        alpha[row + label] = 0
      }
      const before = row - labels
      for (
        let from = token === 0 ? labels : 0;
        from <= (token === 0 ? labels : labels - 1);
        from++
      ) {
        const came = token === 0 ? 1 : (alpha[before + from] as number)
        if (came === 0) continue
        const last = arcsOf[from + 1] as number
        for (let arc = arcsOf[from] as number; arc < last; arc++) {
          const label = row + (to[arc] as number)
          alpha[label] = (alpha[label] as number) + came * (arcs[arc] as number)
        }
      }
      let sum = 0
      for (let label = row; label < row + labels; label++) {
        const value = (alpha[label] as number) * (exp[label] as number)
        alpha[label] = value
        sum += value
      }
      const scale = 1 / sum
      for (let label = row; label < row + labels; label++) {
        const value = (alpha[label] as number) * scale
        alpha[label] = value < negligible ? 0 : value
        if (value < negligible) exp[label] = 0
      }
    }
    const first = (tokens - 1) * labels
    beta.fill(1, first, first + labels)
    this.#norms[tokens - 1] = 1
    for (let token = tokens - 2; token >= 0; token--) {
      const row = token * labels
      const next = row + labels
      // What follows is the same for every label that leads there.
      for (let label = next; label < next + labels; label++)
        exp[label] = (exp[label] as number) * (beta[label] as number)
      let sum = 0
      for (let from = 0; from < labels; from++) {
        let value = 0
        if ((alpha[row + from] as number) !== 0) {
          const last = arcsOf[from + 1] as number
          for (let arc = arcsOf[from] as number; arc < last; arc++)
            value += (arcs[arc] as number) * (exp[next + (to[arc] as number)] as number)
        }
        beta[row + from] = value
        sum += value
      }
      const scale = 1 / sum
      let norm = 0
      for (let label = row; label < next; label++) {
        const value = (beta[label] as number) * scale
        beta[label] = value
        norm += value * (alpha[label] as number)
      }
      this.#norms[token] = norm
    }
  }

  marginal(token: number, label: number): number {
    const at = token * this.#labels + label
    return (
      ((this.#alpha[at] as number) * (this.#beta[at] as number)) / (this.#norms[token] as number)
    )
  }

  /** How often each arc is expected, by the marginals; `marginals` left emission times what follows in `#expEmissions`. */
  #expectedArcs(tokens: number): void {
    const labels = this.#labels
    const { to } = this.arcs
    const expected = this.#expected
    const arcs = this.#expArcs
    const arcsOf = this.#arcsOf
    const alpha = this.#alpha
    const after = this.#expEmissions
    const flow = this.#flow
    expected.fill(0)
    for (let arc = this.#starts; arc < arcs.length; arc++)
      expected[arc] = this.marginal(0, to[arc] as number)
    for (let token = 1; token < tokens; token++) {
      const row = token * labels
      const before = row - labels
      let sum = 0
      for (let from = 0; from < labels; from++) {
        const came = alpha[before + from] as number
        if (came === 0) continue
        const last = arcsOf[from + 1] as number
        for (let arc = arcsOf[from] as number; arc < last; arc++) {
          const value = came * (arcs[arc] as number) * (after[row + (to[arc] as number)] as number)
          flow[arc] = value
          sum += value
        }
      }
      const scale = 1 / sum
      for (let from = 0; from < labels; from++) {
        if ((alpha[before + from] as number) === 0) continue
        const last = arcsOf[from + 1] as number
        for (let arc = arcsOf[from] as number; arc < last; arc++)
          expected[arc] = (expected[arc] as number) + (flow[arc] as number) * scale
      }
    }
  }
}
