/**
 * Pipeline component: a sentence embedding as dense features. Option `model`: "universal-sentence-encoder-lite" (English; the
 * optional peers @energetic-ai/*) or the path of a folder with an ONNX sentence model (optional peer onnxruntime-node).
 */
import { setImmediate } from 'node:timers/promises'
import { z } from 'zod'
import type { Component, ComponentType } from '../component.ts'
import { NluError } from '../nlu-error.ts'
import { openEncoder, type SentenceEncoder } from '../sentence-embedding.ts'
import { readJson, readOptions } from './parts.ts'

const options = z.object({ model: z.string().min(1).default('universal-sentence-encoder-lite') })
const saved = options.extend({ dimensions: z.int().min(1) })
type Saved = z.infer<typeof saved>

const batch = 16

export const embeddingComponent: ComponentType = {
  name: 'SentenceEmbedding',
  asynchronous: true,
  weight: 20,
  async train({ messages, options: given, pause }) {
    const { model } = readOptions(options, given, 'SentenceEmbedding')
    const encoder = await openEncoder(model)
    for (let at = 0; at < messages.length; at += batch) {
      const part = messages.slice(at, at + batch)
      const vectors = await encoder.encode(part.map(({ text }) => text))
      part.forEach((message, i) => {
        message.dense.push(vectors[i] as Float32Array)
      })
      await (pause((at + part.length) / messages.length) ?? setImmediate())
    }
    return component({ model, dimensions: encoder.dimensions }, encoder)
  },
  async load(parts, given) {
    const json = readJson(saved, parts, 'SentenceEmbedding')
    // The folder may lie elsewhere on this machine.
    const model = typeof given.model === 'string' ? given.model : json.model
    const encoder = await openEncoder(model)
    if (encoder.dimensions !== json.dimensions) {
      throw new NluError(
        'bad_model',
        `the model was trained with ${json.dimensions}-dimensional embeddings, ${model} gives ${encoder.dimensions}; train it again`,
      )
    }
    return component(json, encoder)
  },
}

function component(json: Saved, encoder: SentenceEncoder): Component {
  return {
    name: embeddingComponent.name,
    async process(message) {
      const [vector] = await encoder.encode([message.text])
      message.dense.push(vector as Float32Array)
    },
    save: () => ({ json, sections: {} }),
  }
}
