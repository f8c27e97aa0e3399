/** Training and understanding, beside node-nlp and, on the spec's data sets, LinearSVC; the goals of the spec. */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type FigureGoal, type Goal, measure } from '../../../bench/measure.ts'
import { dataMissing, type SetName } from './data-sets.ts'

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const peers = '../../../bench/peers/nlu'

function accuracy(set: SetName, pipeline: string) {
  return {
    command: [process.execPath, file('accuracy.ts'), set, pipeline] as const,
    unavailable: () => dataMissing(set) ?? tooLong(set, pipeline),
  }
}

const wantsAll = process.env.NLU_BENCH_ALL === '1'

/** Encoding the sentences of the large sets takes minutes the first time. */
function tooLong(set: SetName, pipeline: string): string | undefined {
  if (pipeline !== 'embedding' || set === 'clinc-10-shot' || wantsAll) return undefined
  return 'encoding the whole set takes minutes; set NLU_BENCH_ALL=1'
}

function linearSvc(set: SetName, pipeline: string) {
  const found = () => spawnSync('python3', ['-c', 'import sklearn']).status === 0
  return {
    command: ['python3', file(`${peers}/linear-svc.py`), set] as const,
    unavailable: () => {
      if (pipeline !== 'fast') return 'it has the features of the fast pipeline'
      return dataMissing(set) ?? (found() ? undefined : 'scikit-learn is not installed')
    },
  }
}

function nodeNlp(set: SetName, pipeline: string) {
  return {
    command: [process.execPath, file(`${peers}/node-nlp-set.ts`), set] as const,
    unavailable: () => {
      if (pipeline !== 'fast') return 'it has no embeddings'
      if (['clinc', 'clinc-oos', 'snips'].includes(set) && !wantsAll)
        return 'it needs minutes for this set; set NLU_BENCH_ALL=1'
      return dataMissing(set)
    },
  }
}

function quality(set: SetName, pipeline: string, goals: readonly Goal<'node-nlp'>[]) {
  return measure({
    name: `${set}, ${pipeline}`,
    unit: 'training example',
    sides: {
      typestead: accuracy(set, pipeline),
      'linear-svc': linearSvc(set, pipeline),
      'node-nlp': nodeNlp(set, pipeline),
    },
    goals,
    rounds: 1,
  })
}

const atLeast = (figure: string, least: number): FigureGoal => ({ figure, atLeast: least })
const atMost = (figure: string, most: number): FigureGoal => ({ figure, atMost: most })
const intents = 'intent accuracy, %'

export const measures = [
  measure({
    name: 'train, save, load and ask 240 examples',
    unit: 'example',
    sides: {
      typestead: { module: new URL('./train-support.ts', import.meta.url) },
      'node-nlp': { module: new URL(`${peers}/node-nlp.ts`, import.meta.url) },
    },
    goals: [{ figure: 'wallNs', atMost: 1e9 / 240 }],
    rounds: 5,
  }),
  measure({
    name: 'serve while 15,000 examples are read, trained and swapped in',
    unit: 'example',
    sides: { typestead: { command: [process.execPath, file('event-loop.ts')] } },
    goals: [{ figure: 'most CPU between turns, ms', atMost: 50 }],
    rounds: 1,
  }),
  quality('clinc', 'fast', [
    atLeast(intents, 93),
    atLeast('accuracy after threshold, %', 91.5),
    atLeast('out-of-scope recall, %', 63),
    atMost('calibration error', 0.02),
    atMost('training CPU, s', 5),
    atMost('parse p50, us', 100),
    { against: 'node-nlp', atLeast: 15 },
  ]),
  quality('clinc-oos', 'fast', [
    atLeast('accuracy after threshold, %', 91.5),
    atLeast('out-of-scope recall, %', 70),
  ]),
  quality('clinc-15-each', 'fast', []),
  quality('banking77', 'fast', [
    atLeast(intents, 92),
    atMost('calibration error', 0.02),
    { against: 'node-nlp', atLeast: 15 },
  ]),
  quality('snips', 'fast', [
    atLeast(intents, 98),
    atLeast('entity F1, %', 94.5),
    atMost('calibration error', 0.02),
    atMost('parse p50, us', 100),
  ]),
  quality('hwu64', 'fast', [atLeast(intents, 88.5)]),
  quality('atis', 'fast', [atLeast('entity F1, %', 95)]),
  quality('clinc-10-shot', 'embedding', [
    atLeast(intents, 83),
    atMost('calibration error', 0.02),
    atMost('parse p50, us', 25_000),
  ]),
  quality('banking77', 'embedding', [atLeast(intents, 93), atMost('calibration error', 0.02)]),
  quality('clinc', 'embedding', [atLeast(intents, 95.5), atMost('calibration error', 0.02)]),
]
