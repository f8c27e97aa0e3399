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
    unavailable: dataMissing,
  }
}

function linearSvc(set: SetName, pipeline: string) {
  const found = () => spawnSync('python3', ['-c', 'import sklearn']).status === 0
  return {
    command: ['python3', file(`${peers}/linear-svc.py`), set] as const,
    unavailable: () => {
      if (pipeline !== 'fast') return 'it has the features of the fast pipeline'
      return dataMissing() ?? (found() ? undefined : 'scikit-learn is not installed')
    },
  }
}

function nodeNlp(set: SetName, pipeline: string) {
  return {
    command: [process.execPath, file(`${peers}/node-nlp-set.ts`), set] as const,
    unavailable: () => (pipeline === 'fast' ? dataMissing() : 'it has no embeddings'),
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
  quality('banking77', 'fast', [atLeast(intents, 92), { against: 'node-nlp', atLeast: 15 }]),
  quality('snips', 'fast', [atLeast(intents, 98), atLeast('entity F1, %', 94.5)]),
  quality('clinc-10-shot', 'embedding', [atLeast(intents, 83), atMost('parse p50, us', 25_000)]),
  quality('banking77', 'embedding', [atLeast(intents, 93)]),
  quality('clinc', 'embedding', [atLeast(intents, 95.5)]),
]
