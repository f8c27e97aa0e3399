/** Pipeline component: n-gram features of the sentence. Options: words, chars, minDocuments. */
import { z } from 'zod'
import type { Component, ComponentParts, ComponentType, SparseFeatures } from '../component.ts'
import {
  learnNgrams,
  NgramFeaturizer,
  type NgramOptions,
  type NgramTable,
} from '../ngram-features.ts'
import { readJson, readOptions, section } from './parts.ts'

const options = z.object({
  words: z.int().min(1).max(4).default(2),
  /** Default: longer ones in small training data, where whole words are seldom seen again. */
  chars: z.tuple([z.int().min(1).max(8), z.int().min(0).max(8)]).optional(),
  /** 0: one in small training data, two in large. */
  minDocuments: z.int().min(0).default(0),
})

const saved = z.object({
  words: z.int().min(1).max(4),
  chars: z.tuple([z.int().min(1).max(8), z.int().min(0).max(8)]),
  minDocuments: z.int().min(0),
})

/** Past this many examples, n-grams seen once are left out. */
const large = 4000
/** Fewer examples than these are little data. */
const little = 1000

export const ngramComponent: ComponentType = {
  name: 'NgramFeaturizer',
  phase: 'features',
  weight: 0.05,
  async train({ messages, options: given }) {
    const read = readOptions(options, given, 'NgramFeaturizer')
    const minDocuments = read.minDocuments || (messages.length > large ? 2 : 1)
    const chars = read.chars ?? (messages.length < little ? [2, 5] : [2, 4])
    const { table, features } = learnNgrams(messages, { ...read, chars, minDocuments })
    for (const [i, message] of messages.entries()) message.sparse = features[i] as SparseFeatures
    return component(table)
  },
  async load(parts) {
    const table: NgramTable = {
      hashes: section(parts, 'hashes', Uint32Array),
      idf: section(parts, 'idf', Float32Array, section(parts, 'hashes', Uint32Array).length),
      options: readJson(saved, parts, 'NgramFeaturizer') satisfies NgramOptions,
    }
    return component(table)
  },
}

function component(table: NgramTable): Component & { readonly size: number } {
  const featurizer = new NgramFeaturizer(table)
  return {
    name: ngramComponent.name,
    size: featurizer.size,
    process(message) {
      // Training has counted the n-grams of its messages already.
      message.sparse ??= featurizer.features(message.tokens, message.marks)
    },
    save(): ComponentParts {
      return { json: table.options, sections: { hashes: table.hashes, idf: table.idf } }
    },
  }
}
