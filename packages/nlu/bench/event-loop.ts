/**
 * `node event-loop.ts`: trains CLINC's 15,000 sentences on a worker while this process parses, and prints the longest delay of the event loop and
 * the most CPU time that this thread used between two turns of it (which other processes do not lengthen).
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout } from 'node:timers/promises'
import { ModelRegistry } from '../src/index.ts'
import { dataSet } from './data-sets.ts'
import { supportExamples } from './support-data.ts'

const folder = await mkdtemp(join(tmpdir(), 'nlu-loop-'))
try {
  const registry = new ModelRegistry({ folder })
  const { training } = await dataSet('clinc')
  await registry.train({ ...training, examples: supportExamples() }, { name: 'first' })
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
  await registry.train(training, { name: 'second' })
  done = true
  await serving
  delay.disable()
  console.log(
    JSON.stringify({
      parsed,
      longestDelayMs: delay.max / 1e6,
      p99DelayMs: delay.percentile(99) / 1e6,
      mostCpuMsBetweenTurns: most,
    }),
  )
} finally {
  await rm(folder, { recursive: true, force: true })
}
