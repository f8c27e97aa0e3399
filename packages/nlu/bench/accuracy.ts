/**
 * `node accuracy.ts <set> [pipeline]`: trains on a data set and evaluates on its held-out part, once, and prints a repetition for the harness:
 * training CPU and wall time per example (of embeddings: without encoding), and as figures accuracy, entity F1, out-of-scope recall, calibration, parse times and size.
 */
import { evaluate, isOutOfScope, train } from '../src/index.ts'
import { cachedEmbedding, cachedPipeline } from './cached-embedding.ts'
import { dataSet, type SetName, setNames } from './data-sets.ts'

const [name = '', pipeline = 'fast'] = process.argv.slice(2)
const set = setNames.find((known) => known === name)
if (!set) throw new Error(`name one of ${setNames.join(', ')}`)
console.log(JSON.stringify(await repetition(set)))

async function repetition(set: SetName) {
  const { training, validation } = await dataSet(set)
  const texts = [...training.examples, ...validation.examples].map(({ text }) => text)
  const options =
    pipeline === 'embedding'
      ? { pipeline: cachedPipeline(), components: [await cachedEmbedding(set, texts)] }
      : { pipeline }
  const cpu = process.cpuUsage()
  const wall = process.hrtime.bigint()
  const model = await train(training, options)
  const wallNs = Number(process.hrtime.bigint() - wall)
  const { user, system } = process.cpuUsage(cpu)
  const evaluation = await evaluate(model, validation)
  const times: number[] = []
  // Sentences whose embedding is not kept.
  const asked =
    pipeline === 'embedding'
      ? validation.examples.slice(0, 100).map(({ text }) => `${text} today`)
      : validation.examples.map(({ text }) => text)
  for (const text of asked) {
    const from = performance.now()
    await model.parse(text)
    times.push((performance.now() - from) * 1000)
  }
  times.sort((a, b) => a - b)
  const at = (share: number) => Math.round(times[Math.floor(times.length * share)] as number)
  const percent = (share: number) => Math.round(share * 10_000) / 100
  const { intent, entities, outOfScope } = evaluation
  return {
    operations: training.examples.length,
    cpuNs: (user + system) * 1000,
    wallNs,
    // Sides differ in which intents they find; the accuracy figures tell. The work is the same: an answer to every sentence.
    answer: `${evaluation.sentences.filter(({ example }) => !isOutOfScope(example.intent)).length} sentences ranked`,
    figures: {
      'intent accuracy, %': percent(intent.accuracy),
      'accuracy after threshold, %': percent(intent.accuracyAfterThreshold),
      'out-of-scope recall, %': percent(outOfScope.recall),
      'entity F1, %': percent(entities.f1),
      'calibration error': Math.round(intent.calibrationError * 10_000) / 10_000,
      'training CPU, s': Math.round((user + system) / 10_000) / 100,
      'training wall, s': Math.round(wallNs / 10_000_000) / 100,
      'parse p50, us': at(0.5),
      'parse p99, us': at(0.99),
      'model, bytes': model.encode().length,
    },
  }
}
