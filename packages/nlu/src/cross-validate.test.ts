import { expect, test } from 'vitest'
import { crossValidate } from './cross-validate.ts'
import { noData } from './training-data/training-data.ts'

test('every sentence is judged once, by a model that has not seen it', async () => {
  const examples = ['red', 'blue', 'green'].flatMap((color) =>
    ['a {} car', 'the {} car is fast', 'my car is {}'].map((text) => ({
      text: text.replace('{}', color),
      intent: color,
      entities: [],
    })),
  )
  const folds: number[] = []
  const { sentences, intent } = await crossValidate(
    { ...noData, examples },
    { folds: 3, onFold: (done) => folds.push(done) },
  )
  expect(folds).toEqual([1, 2, 3])
  expect(sentences.map(({ example }) => example.text).sort()).toEqual(
    examples.map(({ text }) => text).sort(),
  )
  expect(intent.accuracy).toBeGreaterThan(0.8)
  await expect(crossValidate(noData, { folds: 1 })).rejects.toThrow(RangeError)
})
