import { describe, expect, test } from 'vitest'
import type { ComponentType } from './component.ts'
import { decodedModel } from './model.ts'
import { pipelineOf, readPipelineConfig } from './pipeline.ts'
import { train } from './train.ts'
import { noData } from './training-data/training-data.ts'

const data = {
  ...noData,
  examples: [
    { text: 'hello there', intent: 'greet', entities: [] },
    { text: 'goodbye', intent: 'leave', entities: [] },
  ],
}

/** An own component: shouting raises a flag entity. */
const shouting: ComponentType = {
  name: 'Shouting',
  train: async () => component,
  load: async () => component,
}
const component = {
  name: 'Shouting',
  process(
    message: Parameters<NonNullable<Awaited<ReturnType<ComponentType['train']>>['process']>>[0],
  ) {
    if (!/!!$/.test(message.text)) return
    const end = message.text.length
    message.entities.push({
      entity: 'shout',
      value: true,
      start: end - 2,
      end,
      confidence: 1,
      extractor: 'Shouting',
    })
  },
  save: () => ({ json: null, sections: {} }),
}

describe('pipelines', () => {
  test("map Rasa's names of both generations", () => {
    const yaml =
      'language: de\npipeline:\n- name: WhitespaceTokenizer\n- name: CountVectorsFeaturizer\n- name: DIETClassifier\n- name: FallbackClassifier\n  threshold: 0.4\n  ambiguity_threshold: 0.1\n'
    expect(readPipelineConfig(yaml, 'config.yml')).toEqual({
      language: 'de',
      pipeline: [
        { name: 'NgramFeaturizer' },
        { name: 'SoftmaxClassifier' },
        { name: 'CrfTagger' },
        { name: 'Fallback', threshold: 0.4, ambiguity: 0.1 },
      ],
    })
    expect(readPipelineConfig('{"pipeline": "spacy_sklearn"}', 'config.json').pipeline).toEqual(
      pipelineOf('fast'),
    )
  })

  test('refuse what they do not know, and options of the wrong kind', async () => {
    expect(() => pipelineOf('slow')).toThrow('no pipeline "slow"')
    await expect(train(data, { pipeline: [{ name: 'Nope' }] })).rejects.toThrow(
      'no component "Nope"',
    )
    await expect(train(data, { pipeline: [{ name: 'Fallback', threshold: 7 }] })).rejects.toThrow(
      'option threshold of Fallback',
    )
  })

  test('own components plug in, and are named by the model that needs them', async () => {
    const pipeline = [...pipelineOf('fast'), { name: 'Shouting' }]
    const model = await train(data, { pipeline, components: [shouting] })
    expect((await model.parse('hello!!')).entities).toMatchObject([{ entity: 'shout' }])
    await expect(decodedModel(model.encode(), 'm')).rejects.toThrow('no component "Shouting"')
    const loaded = await decodedModel(model.encode(), 'm', { components: [shouting] })
    expect((await loaded.parse('hello!!')).entities).toHaveLength(1)
  })

  test('the keyword pipeline finds sentences word for word', async () => {
    const model = await train(data, { pipeline: 'keyword' })
    expect((await model.parse('oh, hello there!')).intent?.name).toBe('greet')
    expect((await model.parse('hello')).intent).toBeNull()
  })
})
