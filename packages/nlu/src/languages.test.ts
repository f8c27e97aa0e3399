import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { evaluate } from './evaluate.ts'
import { train } from './train.ts'
import { loadTrainingData } from './training-data/load-training-data.ts'

const file = (name: string) => fileURLToPath(new URL(`../test/languages/${name}`, import.meta.url))

describe.each(['en', 'de', 'fr', 'es', 'hi', 'ja', 'ar'])('%s', (language) => {
  test('50 sentences of 5 intents are understood, with their entities', async () => {
    const model = await train(await loadTrainingData([file(`${language}.train.md`)]), { language })
    const data = await loadTrainingData([file(`${language}.test.md`)])
    const { intent, entities, outOfScope } = await evaluate(model, data)
    expect(data.examples).toHaveLength(50)
    expect(intent.accuracy).toBeGreaterThanOrEqual(0.96)
    expect(entities.f1).toBeGreaterThanOrEqual(0.93)
    expect(outOfScope.falseAlarms).toBeLessThanOrEqual(0.04)
  })
})
