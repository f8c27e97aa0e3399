/** node-nlp's side: train, export, import and ask, as its documentation shows, without the network and without its own log. */
import { createRequire } from 'node:module'
import { questions, supportExamples } from '../../../packages/nlu/bench/support-data.ts'
import type { BenchMaker } from '../../measure.ts'

export interface Manager {
  addDocument(language: string, text: string, intent: string): void
  addNamedEntityText(entity: string, option: string, languages: string[], texts: string[]): void
  train(): Promise<unknown>
  export(): string
  import(data: string): void
  process(language: string, text: string): Promise<{ intent: string }>
}

export const bench: BenchMaker = () => {
  // node-nlp has no types of its own.
  const { NlpManager } = createRequire(import.meta.url)('node-nlp') as {
    NlpManager: new (settings: object) => Manager
  }
  const settings = {
    languages: ['en'],
    forceNER: true,
    autoSave: false,
    autoLoad: false,
    nlu: { log: false },
  }
  const examples = supportExamples()
  return {
    operations: examples.length,
    async run() {
      const trained = new NlpManager(settings)
      for (const { text, intent, entities } of examples) {
        trained.addDocument('en', text, intent)
        for (const { entity, value } of entities)
          trained.addNamedEntityText(entity, value, ['en'], [value])
      }
      await trained.train()
      const loaded = new NlpManager(settings)
      loaded.import(trained.export())
      const answers: string[] = []
      for (const question of questions) answers.push((await loaded.process('en', question)).intent)
      return answers
    },
  }
}
