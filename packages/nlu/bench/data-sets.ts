/**
 * The data sets that the spec's goals are about, from the folder `shared` beside the checkout (or NLU_DATA), in parts: what is learned and
 * what was held out. HWU64 and ATIS are read where they lie there too: hwu64_train.jsonl, atis_train.jsonl, in the same format.
 */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Example, loadTrainingData, mergeData, type TrainingData } from '../src/index.ts'

export const setNames = [
  'clinc',
  'clinc-oos',
  'clinc-10-shot',
  'clinc-15-each',
  'banking77',
  'snips',
  'hwu64',
  'atis',
] as const
export type SetName = (typeof setNames)[number]

export interface DataSet {
  readonly training: TrainingData
  readonly validation: TrainingData
}

const folder =
  process.env.NLU_DATA ?? fileURLToPath(new URL('../../../../shared/data/nlu/', import.meta.url))

const fileOf = (name: string) => `${folder}/${name}.jsonl`

const trainingFiles: Readonly<Record<SetName, readonly string[]>> = {
  clinc: ['clinc_full_train'],
  'clinc-oos': ['clinc_full_train', 'clinc_full_oos_train'],
  'clinc-10-shot': ['clinc_10shot_train'],
  'clinc-15-each': ['clinc_full_train'],
  banking77: ['banking77_train'],
  snips: ['snips_train'],
  hwu64: ['hwu64_train'],
  atis: ['atis_train'],
}

/** Why the set cannot be read; undefined when it can. */
export function dataMissing(name: SetName = 'clinc'): string | undefined {
  const missing = trainingFiles[name].find((file) => !existsSync(fileOf(file)))
  return missing === undefined ? undefined : `no ${missing}.jsonl in ${folder}; set NLU_DATA`
}

/**
 * CLINC's own validation part; of the others every tenth example is held out, unless there is a validation file beside them. "clinc-15-each"
 * has the first 15 sentences of each intent: a peer would need minutes for all.
 */
export async function dataSet(name: SetName): Promise<DataSet> {
  const all = await read(trainingFiles[name])
  if (name.startsWith('clinc')) {
    const validation = await read(['clinc_full_val', 'clinc_full_oos_val'])
    return { training: name === 'clinc-15-each' ? firstOfEach(all, 15) : all, validation }
  }
  const own = `${name}_val`
  if (existsSync(fileOf(own))) return { training: all, validation: await read([own]) }
  const part = (held: boolean) =>
    mergeData([{ ...all, examples: all.examples.filter((_, i) => (i % 10 === 9) === held) }])
  return { training: part(false), validation: part(true) }
}

function read(files: readonly string[]): Promise<TrainingData> {
  return loadTrainingData(files.map(fileOf))
}

function firstOfEach(data: TrainingData, most: number): TrainingData {
  const seen = new Map<string | undefined, number>()
  const isFirst = ({ intent }: Example) => {
    const count = (seen.get(intent) ?? 0) + 1
    seen.set(intent, count)
    return count <= most
  }
  return { ...data, examples: data.examples.filter(isFirst) }
}
