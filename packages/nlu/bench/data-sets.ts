/** The data sets that the spec's goals are about, from the folder `shared` beside the checkout (or NLU_DATA); parts that were held out. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { loadTrainingData, mergeData, type TrainingData } from '../src/index.ts'

export const setNames = ['clinc', 'clinc-oos', 'clinc-10-shot', 'banking77', 'snips'] as const
export type SetName = (typeof setNames)[number]

export interface DataSet {
  readonly training: TrainingData
  readonly validation: TrainingData
}

const folder =
  process.env.NLU_DATA ?? fileURLToPath(new URL('../../../../shared/data/nlu/', import.meta.url))

export function dataMissing(): string | undefined {
  return existsSync(`${folder}/clinc_full_train.jsonl`)
    ? undefined
    : `no data sets in ${folder}; set NLU_DATA`
}

/** CLINC's own validation part; of BANKING77 and SNIPS every tenth example is held out. */
export async function dataSet(name: SetName): Promise<DataSet> {
  const read = (...files: string[]) =>
    loadTrainingData(files.map((file) => `${folder}/${file}.jsonl`))
  const validation = () => read('clinc_full_val', 'clinc_full_oos_val')
  if (name === 'clinc')
    return { training: await read('clinc_full_train'), validation: await validation() }
  if (name === 'clinc-oos')
    return {
      training: await read('clinc_full_train', 'clinc_full_oos_train'),
      validation: await validation(),
    }
  if (name === 'clinc-10-shot')
    return { training: await read('clinc_10shot_train'), validation: await validation() }
  const all = await read(name === 'snips' ? 'snips_train' : 'banking77_train')
  const part = (held: boolean) =>
    mergeData([{ ...all, examples: all.examples.filter((_, i) => (i % 10 === 9) === held) }])
  return { training: part(false), validation: part(true) }
}
