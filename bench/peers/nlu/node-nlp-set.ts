/** `node node-nlp-set.ts <set>`: node-nlp trained on a data set and asked its held-out part; prints a repetition for the harness. */
import { createRequire } from 'node:module'
import { dataSet, type SetName, setNames } from '../../../packages/nlu/bench/data-sets.ts'
import { isOutOfScope } from '../../../packages/nlu/src/index.ts'
import type { Manager } from './node-nlp.ts'

const set = setNames.find((known) => known === process.argv[2])
if (!set) throw new Error(`name one of ${setNames.join(', ')}`)
console.log(JSON.stringify(await repetition(set)))

async function repetition(name: SetName) {
  const { training, validation } = await dataSet(name)
  // node-nlp has no types of its own.
  const { NlpManager } = createRequire(import.meta.url)('node-nlp') as {
    NlpManager: new (settings: object) => Manager
  }
  const manager = new NlpManager({
    languages: ['en'],
    forceNER: false,
    autoSave: false,
    autoLoad: false,
    nlu: { log: false },
  })
  const cpu = process.cpuUsage()
  const wall = process.hrtime.bigint()
  for (const { text, intent } of training.examples) manager.addDocument('en', text, intent ?? '')
  await manager.train()
  const wallNs = Number(process.hrtime.bigint() - wall)
  const { user, system } = process.cpuUsage(cpu)
  const asked = validation.examples.filter(({ intent }) => !isOutOfScope(intent))
  let right = 0
  for (const { text, intent } of asked)
    if ((await manager.process('en', text)).intent === intent) right++
  return {
    operations: training.examples.length,
    cpuNs: (user + system) * 1000,
    wallNs,
    answer: `${asked.length} sentences ranked`,
    figures: {
      'intent accuracy, %': Math.round((10_000 * right) / asked.length) / 100,
      'training CPU, s': Math.round((user + system) / 10_000) / 100,
      'model, bytes': manager.export().length,
    },
  }
}
