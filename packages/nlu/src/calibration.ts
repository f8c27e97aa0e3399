/**
 * Makes scores into probabilities that mean what they say. The scores are divided by a temperature chosen so that held-out training
 * sentences are explained best; what the model has not seen before flattens the distribution further. The threshold under which the
 * first choice is not trusted is set on the same held-out sentences.
 * Source: Guo et al., On Calibration of Modern Neural Networks (2017).
 */
import { expOfNegative } from './fast-exp.ts'

export interface HeldOut {
  readonly scores: Float32Array
  /** Share of the sentence's n-grams that the model did not know. */
  readonly unknown: number
  readonly label: number
}

export interface Calibration {
  readonly temperature: number
  readonly threshold: number
}

/** How much a wholly unknown sentence is flattened: its temperature is e^flattening times higher. */
const flattening = 0.75
/** The share of in-scope sentences, rightly understood, that the threshold may cost. */
const tolerated = 0.015
/** How many sentences' worth of evidence it takes to move the temperature far. */
const prior = 10
const uncalibrated: Calibration = { temperature: 1, threshold: 0.3 }

/** @param outOfScope the class of out-of-scope sentences, or -1: these do not count for the threshold */
export function calibrate(held: readonly HeldOut[], outOfScope = -1): Calibration {
  if (held.length === 0) return uncalibrated
  // Few sentences, all understood, would ask for certainty: a prior of some weight keeps the temperature near one.
  const temperature = leastBetween(
    0.1,
    10,
    (tried) => logLoss(held, tried) + (prior * Math.log(tried) ** 2) / held.length,
  )
  const inScope = held.filter(({ label }) => label !== outOfScope)
  const right: number[] = []
  for (const { scores, unknown, label } of inScope) {
    const probabilities = softmax(scores, temperature, unknown)
    const first = probabilities.indexOf(Math.max(...probabilities))
    if (first === label) right.push(probabilities[first] as number)
  }
  right.sort((a, b) => a - b)
  // Few held-out sentences say little about a rare loss: the threshold then leans to the cautious side.
  const lost = right[Math.floor(inScope.length * tolerated)] ?? uncalibrated.threshold
  const trust = inScope.length / (inScope.length + 100)
  const cautious = Math.min(right[0] ?? uncalibrated.threshold, uncalibrated.threshold)
  return { temperature, threshold: Math.min(0.9, trust * lost + (1 - trust) * cautious) }
}

/** Mean of −log probability of the right class at the temperature where it is least. */
export function leastLoss(held: readonly HeldOut[]): number {
  if (held.length === 0) return 0
  return logLoss(
    held,
    leastBetween(0.1, 10, (tried) => logLoss(held, tried)),
  )
}

/** Where a function with one valley is least, to a hundredth, by golden sections of the logarithm. */
function leastBetween(low: number, high: number, loss: (x: number) => number): number {
  const golden = (Math.sqrt(5) - 1) / 2
  let [a, b] = [Math.log(low), Math.log(high)]
  let [c, d] = [b - golden * (b - a), a + golden * (b - a)]
  let [atC, atD] = [loss(Math.exp(c)), loss(Math.exp(d))]
  while (b - a > 0.01) {
    if (atC < atD) {
      ;[b, d, atD] = [d, c, atC]
      c = b - golden * (b - a)
      atC = loss(Math.exp(c))
    } else {
      ;[a, c, atC] = [c, d, atD]
      d = a + golden * (b - a)
      atD = loss(Math.exp(d))
    }
  }
  return Math.exp((a + b) / 2)
}

/** Probabilities of the classes. */
export function softmax(scores: Float32Array, temperature: number, unknown: number): Float64Array {
  const scale = 1 / (temperature * Math.exp(flattening * unknown))
  let most = -Infinity
  for (let i = 0; i < scores.length; i++)
    if ((scores[i] as number) > most) most = scores[i] as number
  const out = new Float64Array(scores.length)
  let sum = 0
  for (let i = 0; i < scores.length; i++) {
    const value = Math.exp(((scores[i] as number) - most) * scale)
    out[i] = value
    sum += value
  }
  for (let i = 0; i < out.length; i++) out[i] = (out[i] as number) / sum
  return out
}

/** Mean of −log probability of the right class. */
function logLoss(held: readonly HeldOut[], temperature: number): number {
  let sum = 0
  for (const { scores, unknown, label } of held) {
    const scale = 1 / (temperature * Math.exp(flattening * unknown))
    let most = -Infinity
    for (let i = 0; i < scores.length; i++)
      if ((scores[i] as number) > most) most = scores[i] as number
    let total = 0
    for (let i = 0; i < scores.length; i++)
      total += expOfNegative(((scores[i] as number) - most) * scale)
    sum += Math.log(total) - ((scores[label] as number) - most) * scale
  }
  return sum / held.length
}
