/**
 * A sentence encoder from a local folder in the layout of sentence-transformers: `model.onnx` (or `onnx/model.onnx`, or the quantized
 * names) and `tokenizer.json`. Token vectors are pooled as `1_Pooling/config.json` says (default: their mean).
 */
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { NluError } from './nlu-error.ts'
import { importPeer, type SentenceEncoder } from './sentence-embedding.ts'
import { readSubwordTokenizer } from './subword-tokenizer.ts'

const modelNames = [
  'model.onnx',
  'onnx/model.onnx',
  'model_quantized.onnx',
  'onnx/model_quantized.onnx',
  'onnx/model_int8.onnx',
]
const maxTokens = 256

interface Tensor {
  readonly data: Float32Array
  readonly dims: readonly number[]
}

/** The part of onnxruntime that is used. */
interface Runtime {
  Tensor: new (type: 'int64', data: BigInt64Array, dims: number[]) => unknown
  InferenceSession: {
    create(
      path: string,
      options: object,
    ): Promise<{
      readonly inputNames: readonly string[]
      readonly outputNames: readonly string[]
      run(feeds: Record<string, unknown>): Promise<Record<string, Tensor>>
    }>
  }
}

/** @throws {NluError} missing_peer, not_found, bad_config */
export async function openOnnxEncoder(folder: string): Promise<SentenceEncoder> {
  const file = await firstFile(folder)
  const tokenizer = readSubwordTokenizer(await readText(join(folder, 'tokenizer.json')), folder)
  const useFirst = await poolsFirstToken(folder)
  // An optional peer: its types may not be installed.
  const runtime = (await importPeer('onnxruntime-node')) as Runtime & { default?: Runtime }
  const { Tensor, InferenceSession } = runtime.InferenceSession
    ? runtime
    : (runtime.default as Runtime)
  const session = await InferenceSession.create(file, {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  }).catch((cause) => {
    throw new NluError('bad_config', `onnxruntime cannot open ${file}`, { cause })
  })

  const encodeOne = async (text: string): Promise<Float32Array> => {
    const ids = tokenizer(text, maxTokens)
    const whole = (value: (i: number) => number) =>
      new Tensor(
        'int64',
        BigInt64Array.from(ids, (_, i) => BigInt(value(i))),
        [1, ids.length],
      )
    const feeds: Record<string, unknown> = {}
    for (const name of session.inputNames) {
      if (name.includes('mask')) feeds[name] = whole(() => 1)
      else if (name.includes('type')) feeds[name] = whole(() => 0)
      else feeds[name] = whole((i) => ids[i] as number)
    }
    const outputs = await session.run(feeds)
    const name =
      session.outputNames.find((output) => /sentence|pool/.test(output)) ?? session.outputNames[0]
    const output = name === undefined ? undefined : outputs[name]
    if (!output) throw new NluError('bad_config', `${file} gives no output`)
    return pool(output, useFirst)
  }

  const probe = await encodeOne('a')
  return {
    dimensions: probe.length,
    async encode(texts) {
      const vectors: Float32Array[] = []
      for (const text of texts) vectors.push(await encodeOne(text))
      return vectors
    },
  }
}

/** [1, dimensions] as it is; [1, tokens, dimensions] by the first token or the mean. */
function pool({ data, dims }: Tensor, useFirst: boolean): Float32Array {
  const dimensions = dims.at(-1) as number
  if (dims.length < 3 || useFirst) return data.slice(0, dimensions)
  const tokens = dims[1] as number
  const mean = new Float32Array(dimensions)
  for (let token = 0; token < tokens; token++) {
    for (let i = 0; i < dimensions; i++) {
      mean[i] = (mean[i] as number) + (data[token * dimensions + i] as number) / tokens
    }
  }
  return mean
}

async function firstFile(folder: string): Promise<string> {
  for (const name of modelNames) {
    const file = join(folder, name)
    if (await stat(file).catch(() => undefined)) return file
  }
  throw new NluError('not_found', `${folder} has none of ${modelNames.join(', ')}`)
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (cause) {
    throw new NluError('not_found', `cannot read ${file}; a sentence model's folder needs it`, {
      cause,
    })
  }
}

async function poolsFirstToken(folder: string): Promise<boolean> {
  const text = await readFile(join(folder, '1_Pooling/config.json'), 'utf8').catch(() => '{}')
  return (JSON.parse(text) as { pooling_mode_cls_token?: boolean }).pooling_mode_cls_token === true
}
