/**
 * `node event-loop.ts`: reads 15,000 sentences (CLINC's, or made-up ones where they are not there), trains on a worker and swaps
 * the model while this process parses. Prints a repetition for the harness: the longest delay of the event loop, and the most CPU
 * time that this thread used between two turns of it, which other processes do not lengthen.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { type Example, loadTrainingData, ModelRegistry, noData, toJsonLines } from '../src/index.ts'
import { dataMissing, dataSet } from './data-sets.ts'
import { supportExamples } from './support-data.ts'

const folder = await mkdtemp(join(tmpdir(), 'nlu-loop-'))
try {
  const registry = new ModelRegistry({ folder })
  const file = join(folder, 'data.jsonl')
  await writeFile(
    file,
    toJsonLines(dataMissing() ? madeUp() : (await dataSet('clinc')).training.examples),
  )
  await registry.train({ ...noData, examples: supportExamples() }, { name: 'first' })
  let done = false
  let parsed = 0
  let most = 0
  const serving = (async () => {
    let last = process.threadCpuUsage()
    while (!done) {
      const { model } = await registry.get()
      await model.parse('my phone is not working')
      parsed++
      await setTimeout(2)
      const { user, system } = process.threadCpuUsage(last)
      last = process.threadCpuUsage()
      most = Math.max(most, (user + system) / 1000)
    }
  })()
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const cpu = process.cpuUsage()
  const wall = process.hrtime.bigint()
  await registry.train(await loadTrainingData([file]), { name: 'second' })
  done = true
  await serving
  delay.disable()
  const { user, system } = process.cpuUsage(cpu)
  console.log(
    JSON.stringify({
      operations: 15_000,
      cpuNs: (user + system) * 1000,
      wallNs: Number(process.hrtime.bigint() - wall),
      answer: 'trained',
      figures: {
        'sentences parsed meanwhile': parsed,
        'longest delay, ms': delay.max / 1e6,
        'p99 delay, ms': delay.percentile(99) / 1e6,
        'most CPU between turns, ms': most,
      },
    }),
  )
} finally {
  await rm(folder, { recursive: true, force: true })
}

/** 15,000 sentences of 150 intents. */
function madeUp(): Example[] {
  const support = supportExamples()
  return Array.from({ length: 15_000 }, (_, i) => {
    const { text } = support[i % support.length] as Example
    return { text: `${text}, it is number ${i}`, intent: `intent_${i % 150}`, entities: [] }
  })
}
