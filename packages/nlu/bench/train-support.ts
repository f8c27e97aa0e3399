/** Our side: train, save, load and parse for the first time. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchMaker } from '../../../bench/measure.ts'
import { loadModel, noData, train } from '../src/index.ts'
import { questions, supportExamples } from './support-data.ts'

export const bench: BenchMaker = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'nlu-bench-'))
  const file = join(folder, 'support.nlu')
  const examples = supportExamples()
  return {
    operations: examples.length,
    async run() {
      await (await train({ ...noData, examples })).save(file)
      const model = await loadModel(file)
      return questions.map(
        (question) =>
          model.parseNow(question).intent_ranking.find(({ name }) => name !== 'nlu_fallback')?.name,
      )
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}
