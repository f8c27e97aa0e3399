import { describe, expect, test } from 'vitest'
import { readTrainingData } from './load-training-data.ts'
import type { TrainingData } from './training-data.ts'
import { formatIssue, validateData } from './validate-data.ts'
import { toJsonLines, toRasaJson, toRasaMarkdown, toRasaYaml } from './write-training-data.ts'

const data: TrainingData = {
  examples: [
    { text: 'hi', intent: 'greet', entities: [] },
    {
      text: '😀 fly from Rome to Paris',
      intent: 'book',
      entities: [
        { start: 12, end: 16, entity: 'city', value: 'Rome', role: 'from' },
        { start: 20, end: 25, entity: 'city', value: 'PAR', role: 'to', group: '1' },
      ],
    },
  ],
  synonyms: [{ value: 'PAR', variants: ['Paris', 'city of light'] }],
  lookups: [{ name: 'city', values: ['Rome', 'Paris'] }],
  regexes: [{ name: 'zip', pattern: '\\d{5}' }],
  contexts: { book: ['travel'] },
}

const withoutSources = (read: TrainingData): unknown =>
  JSON.parse(JSON.stringify(read, (key, value) => (key === 'source' ? undefined : value)))

describe('the formats of Rasa', () => {
  test.each([
    ['nlu.yml', toRasaYaml],
    ['nlu.md', toRasaMarkdown],
    ['nlu.json', toRasaJson],
  ])('%s gives the data that was written', async (name, write) => {
    expect(withoutSources(await readTrainingData(write(data), name))).toEqual(data)
  })

  test('JSON lines give the examples', async () => {
    const read = await readTrainingData(toJsonLines(data.examples), 'x.jsonl')
    expect(withoutSources(read)).toMatchObject({ examples: data.examples })
  })

  test('JSON offsets are code points', () => {
    expect(toRasaJson(data)).toContain('"start": 11')
  })

  test('every example knows its file and line', async () => {
    const yaml = await readTrainingData(
      'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    - hi\n    - hello\n',
      'a.yml',
    )
    expect(yaml.examples.map(({ source }) => source?.line)).toEqual([5, 6])
    const json = await readTrainingData(
      '{"rasa_nlu_data": {"common_examples": [\n{"text": "a"},\n\n{"text": "b"}]}}',
      'a.json',
    )
    expect(json.examples.map(({ source }) => source?.line)).toEqual([2, 4])
    const markdown = await readTrainingData(
      '## intent:greet\n- hi\n<!-- more -->\n- hello\n',
      'a.md',
    )
    expect(markdown.examples.map(({ source }) => source?.line)).toEqual([2, 4])
  })

  test.each([
    ['a.json', '{"rasa_nlu_data":\n {]}', 'a.json:2'],
    ['a.json', '{"rasa_nlu_data": {"common_examples": [\n{"intent": "x"}]}}', 'a.json:2: text'],
    ['a.yml', 'version: "3.1"\nnlu:\n- intent: greet\n  examples: |\n    hi\n', 'a.yml:5'],
    ['a.yml', 'nlu:\n- bad: x\n', 'a.yml:2'],
    ['a.yml', 'version: "9.0"\nnlu: []\n', 'version 9.0'],
    ['a.md', 'hi\n', 'a.md:1'],
    ['a.jsonl', '{"text": "a"}\nnope\n', 'a.jsonl:2'],
    ['a.txt', '', 'unknown format'],
  ])('%s: a mistake is told with its place (%#)', async (name, text, place) => {
    await expect(readTrainingData(text, name)).rejects.toThrow(place)
  })
})

describe('validation', () => {
  test('lists what is wrong with file and line', async () => {
    const examples = [
      {
        text: 'my phone is dead',
        intent: 'a',
        entities: [{ start: 3, end: 99, entity: 'device', value: 'phone' }],
      },
      {
        text: 'my phone is dead',
        intent: 'b',
        entities: [{ start: 3, end: 6, entity: 'device', value: 'pho' }],
      },
      {
        text: 'red car',
        intent: 'b',
        entities: [
          { start: 0, end: 7, entity: 'x', value: 'red car' },
          { start: 4, end: 7, entity: 'y', value: 'auto' },
        ],
      },
      { text: '', intent: 'b', entities: [] },
    ]
    const lines = examples.map((example) => JSON.stringify(example)).join('\n')
    const issues = validateData(await readTrainingData(lines, 'x.jsonl'))
    expect(issues.map(({ code, source }) => `${source?.line} ${code}`)).toEqual([
      '1 span_outside',
      '2 span_boundary',
      '3 span_overlap',
      '3 value_differs',
      '4 empty_text',
      '2 duplicate_intents',
      '1 few_examples',
    ])
    expect(formatIssue(issues[0] as (typeof issues)[number])).toMatch(
      /^x\.jsonl:1: error: entity "device"/,
    )
  })

  test('tells of one intent, no examples and bad expressions', async () => {
    const one = await readTrainingData(
      '{"text": "a", "intent": "x"}\n{"text": "b", "intent": "x"}',
      'x.jsonl',
    )
    expect(validateData(one).map(({ code }) => code)).toEqual(['one_intent'])
    const bad = { ...one, examples: [], regexes: [{ name: 'zip', pattern: '(a)\\1' }] }
    expect(validateData(bad).map(({ code }) => code)).toEqual(['no_examples', 'bad_pattern'])
  })
})
