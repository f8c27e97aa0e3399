/** Cross-validation: the data in folds, each evaluated by a model trained on the others. */
import { type EvaluatedSentence, type Evaluation, evaluate, summarize } from './evaluate.ts'
import { seededRandom, shuffle } from './random.ts'
import { type TrainOptions, train } from './train.ts'
import type { TrainingData } from './training-data/training-data.ts'

export interface CrossValidationOptions extends Omit<TrainOptions, 'onProgress'> {
  /** At least 2; default 5. */
  readonly folds?: number
  readonly onFold?: (done: number, folds: number) => void
}

/** Each intent is spread over the folds. @throws {RangeError} for fewer than 2 folds; {NluError} as `train` */
export async function crossValidate(
  data: TrainingData,
  options: CrossValidationOptions = {},
): Promise<Evaluation> {
  const { folds = 5, onFold, ...training } = options
  if (!Number.isInteger(folds) || folds < 2)
    throw new RangeError(`folds must be a whole number of at least 2, got ${folds}`)
  const foldOf = assign(data, folds, options.seed ?? 1)
  const sentences: EvaluatedSentence[] = []
  for (let fold = 0; fold < folds; fold++) {
    const part = (wanted: boolean) => ({
      ...data,
      examples: data.examples.filter((_, i) => (foldOf[i] === fold) === wanted),
    })
    const rest = part(false)
    const held = part(true)
    if (rest.examples.length > 0 && held.examples.length > 0) {
      const model = await train(rest, training)
      sentences.push(...(await evaluate(model, held)).sentences)
    }
    onFold?.(fold + 1, folds)
  }
  return summarize(sentences)
}

function assign({ examples }: TrainingData, folds: number, seed: number): Uint16Array {
  const random = seededRandom(seed)
  const foldOf = new Uint16Array(examples.length)
  const byIntent = Map.groupBy(examples.keys(), (i) => examples[i]?.intent ?? '')
  let next = 0
  for (const list of byIntent.values()) {
    shuffle(list, random)
    for (const i of list) foldOf[i] = next++ % folds
  }
  return foldOf
}
