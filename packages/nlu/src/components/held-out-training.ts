/**
 * Learns from the training sentences less a fold and scores the fold, as new sentences will be scored: what calibration, threshold and
 * the weight of the neighbours' vote are chosen by.
 */
import type { HeldOut } from '../calibration.ts'
import type { TrainContext } from '../component.ts'
import { Neighbours, neighboursOf } from '../neighbours.ts'
import {
  type ClassifierInput,
  type ClassifierOptions,
  type ClassifierParts,
  type ClassifierShape,
  classifierOf,
  trainClassifier,
} from '../softmax-classifier.ts'
import { heldOutFolds } from './held-out-folds.ts'
import { inTurns } from './in-turns.ts'

export interface HeldOutTraining {
  readonly held: readonly HeldOut[]
  /** By held-out sentence, where neighbours were asked for. */
  readonly votes: readonly Float32Array[]
  /** What was learned without each fold. */
  readonly models: readonly ClassifierParts[]
}

/** @param share of the component's time that this takes, for the progress bar */
export async function trainHeldOut(
  inputs: readonly ClassifierInput[],
  labels: Uint16Array,
  shape: ClassifierShape,
  learning: ClassifierOptions,
  wantsVotes: boolean,
  share: number,
  context: TrainContext,
): Promise<HeldOutTraining> {
  const folds = heldOutFolds(labels, shape.classes)
  const held: HeldOut[] = []
  const votes: Float32Array[] = []
  const models: ClassifierParts[] = []
  for (const [number, fold] of folds.entries()) {
    const rest = [...inputs.keys()].filter((i) => !fold.has(i))
    const kept = rest.map((i) => inputs[i] as ClassifierInput)
    const keptLabels = Uint16Array.from(rest, (i) => labels[i] as number)
    // As many steps as the model of all sentences takes: its scores will be as large.
    const same = { ...learning, epochs: (learning.epochs * inputs.length) / kept.length }
    const known = featuresOf(kept, shape.sparse, inputs.length)
    const parts = await inTurns(trainClassifier(kept, keptLabels, shape, same, known), (done) =>
      context.pause((share * (number + done)) / folds.length),
    )
    models.push(parts)
    const classifier = classifierOf(parts, known)
    const neighbours = wantsVotes
      ? new Neighbours(
          neighboursOf(kept, keptLabels, shape, parts.means, known),
          shape,
          parts.means,
          known,
        )
      : undefined
    for (const i of fold) {
      const input = inputs[i] as ClassifierInput
      const scores = classifier.scores(input).slice()
      held.push({ scores, unknown: classifier.unknown, label: labels[i] as number })
      if (neighbours) votes.push(neighbours.votes(input, scores))
      if ((held.length & 15) === 0) await context.pause((share * (number + 1)) / folds.length)
    }
  }
  return { held, votes, models }
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
