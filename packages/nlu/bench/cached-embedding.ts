/**
 * The embedding of the embedding pipeline for repeated measurements: vectors of data sets are encoded once and kept in the system's
 * temporary folder, since encoding 10,000 sentences takes minutes. Sentences that are not kept are encoded as usual.
 */
import { existsSync } from 'node:fs'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Component, type ComponentType, type PipelineEntry, pipelineOf } from '../src/index.ts'
import { openEncoder } from '../src/sentence-embedding.ts'

const model = 'universal-sentence-encoder-lite'

/** The embedding pipeline with this component in the encoder's place. */
export function cachedPipeline(): PipelineEntry[] {
  return pipelineOf('embedding').map((entry) =>
    entry.name === 'SentenceEmbedding' ? { name: 'CachedEmbedding' } : entry,
  )
}

/** @param texts all sentences of the set @param set names the file that keeps their vectors */
export async function cachedEmbedding(
  set: string,
  texts: readonly string[],
): Promise<ComponentType> {
  const encoder = await openEncoder(model)
  const distinct = [...new Set(texts)]
  const vectors = await vectorsOf(
    join(tmpdir(), `typestead-bench-${set}-${distinct.length}.f32`),
    distinct,
    encoder,
  )
  const known = new Map(distinct.map((text, i) => [text, vectors[i] as Float32Array]))
  const component: Component = {
    name: 'CachedEmbedding',
    async process(message) {
      const vector = known.get(message.text) ?? (await encoder.encode([message.text]))[0]
      message.dense.push(vector as Float32Array)
    },
    save: () => ({ json: null, sections: {} }),
  }
  return {
    name: component.name,
    phase: 'features',
    asynchronous: true,
    train: async () => component,
    load: async () => component,
  }
}

async function vectorsOf(
  file: string,
  texts: readonly string[],
  { dimensions, encode }: Awaited<ReturnType<typeof openEncoder>>,
): Promise<Float32Array[]> {
  const cut = (all: Float32Array) =>
    texts.map((_, i) => all.subarray(i * dimensions, (i + 1) * dimensions))
  if (existsSync(file)) {
    const bytes = await readFile(file)
    return cut(new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4))
  }
  const all = new Float32Array(texts.length * dimensions)
  for (let at = 0; at < texts.length; at += 16) {
    const vectors = await encode(texts.slice(at, at + 16))
    for (const [i, vector] of vectors.entries()) all.set(vector, (at + i) * dimensions)
  }
  await writeFile(`${file}.part`, new Uint8Array(all.buffer))
  await rename(`${file}.part`, file)
  return cut(all)
}
