/**
 * Sparse features of a sentence: words, word pairs with sentence boundaries, and character n-grams inside word boundaries
 * (char_wb), each weighted by sublinear term frequency and inverse document frequency. Features are known by a 32-bit hash of
 * their text; no text is kept.
 */
import type { SparseFeatures } from './component.ts'
import type { Mark } from './entity-features.ts'
import { HashCounts, HashIndex, hashText, mix } from './hash-index.ts'
import type { Token } from './tokenize.ts'

export interface NgramOptions {
  /** Words in a row, at most. */
  readonly words: number
  /** Character n-grams, shortest and longest. */
  readonly chars: readonly [number, number]
  /** Features of fewer training sentences are left out. */
  readonly minDocuments: number
}

/** What the feature numbers are: hashes in ascending order, with their inverse document frequencies. */
export interface NgramTable {
  readonly hashes: Uint32Array
  readonly idf: Float32Array
  readonly options: NgramOptions
}

const wordBlock = 0
const charBlock = 1
/** A sentence past this many n-grams is cut: bounds the work of hostile text. */
const maxNgrams = 16384

type Sentence = { readonly tokens: readonly Token[]; readonly marks: readonly Mark[] }

/** Counts the n-grams of the training sentences, keeps those that are frequent enough, and gives each sentence's features over them. */
export function learnNgrams(
  sentences: readonly Sentence[],
  options: NgramOptions,
): { readonly table: NgramTable; readonly features: SparseFeatures[] } {
  const documents = new HashCounts()
  const grams = new Ngrams(options)
  // All sentences' n-grams in three arrays that grow: arrays for each sentence would cost more than counting.
  const starts = new Uint32Array(sentences.length + 1)
  let all = room(sentences.length * 128)
  for (const [number, { tokens, marks }] of sentences.entries()) {
    grams.read(tokens, marks)
    const at = starts[number] as number
    const end = at + grams.distinct
    if (end > all.hashes.length) all = grown(all, Math.max(end, all.hashes.length * 2))
    for (let i = 0; i < grams.distinct; i++) {
      const hash = grams.hashes[i] as number
      documents.add(hash)
      all.hashes[at + i] = hash
      all.counts[at + i] = grams.counts[i] as number
      all.blocks[at + i] = grams.blocks[i] as number
    }
    starts[number + 1] = end
  }
  const hashes = documents.frequent(options.minDocuments)
  const idf = (hash: number) => Math.log((1 + sentences.length) / (1 + documents.get(hash))) + 1
  const table = { hashes, idf: Float32Array.from(hashes, idf), options }
  const featurizer = new NgramFeaturizer(table)
  const features = sentences.map((_, i) =>
    featurizer.weighted(all, starts[i] as number, starts[i + 1] as number),
  )
  return { table, features }
}

/** Distinct n-grams of a sentence or of many, one after the other. */
interface NgramCounts {
  readonly hashes: Uint32Array
  readonly counts: Uint16Array
  readonly blocks: Uint8Array
}

function room(length: number): NgramCounts {
  return {
    hashes: new Uint32Array(length),
    counts: new Uint16Array(length),
    blocks: new Uint8Array(length),
  }
}

function grown(from: NgramCounts, length: number): NgramCounts {
  const to = room(length)
  to.hashes.set(from.hashes)
  to.counts.set(from.counts)
  to.blocks.set(from.blocks)
  return to
}

/** Turns sentences into features over one table. */
export class NgramFeaturizer {
  readonly table: NgramTable
  readonly #index: HashIndex
  readonly #grams: Ngrams
  #pool = pool(0)
  #used = 0

  constructor(table: NgramTable) {
    this.table = table
    this.#grams = new Ngrams(table.options)
    this.#index = new HashIndex(table.hashes)
  }

  /** Number of features. */
  get size(): number {
    return this.table.hashes.length
  }

  features(sentence: readonly Token[], marks: readonly Mark[]): SparseFeatures {
    this.#grams.read(sentence, marks)
    return this.weighted(this.#grams, 0, this.#grams.distinct)
  }

  /** The features of the counted n-grams in those places; what the table lacks is left out. */
  weighted(
    { hashes, counts, blocks: from }: NgramCounts,
    first: number,
    end: number,
  ): SparseFeatures {
    const distinct = end - first
    const { idf } = this.table
    if (this.#used + distinct > this.#pool.indices.length) {
      this.#pool = pool(Math.max(poolLength, distinct))
      this.#used = 0
    }
    const { indices, values, blocks } = this.#pool
    const start = this.#used
    let at = start
    for (let i = first; i < end; i++) {
      const index = this.#index.find(hashes[i] as number)
      if (index === -1) continue
      indices[at] = index
      const times = counts[i] as number
      // Most n-grams stand once in a sentence.
      values[at] = (times === 1 ? 1 : 1 + Math.log(times)) * (idf[index] as number)
      blocks[at++] = from[i] as number
    }
    this.#used = at
    return {
      indices: indices.subarray(start, at),
      values: values.subarray(start, at),
      blocks: blocks.subarray(start, at),
      total: distinct,
    }
  }
}

function pool(length: number): Pick<SparseFeatures, 'indices' | 'values' | 'blocks'> {
  return {
    indices: new Uint32Array(length),
    values: new Float32Array(length),
    blocks: new Uint8Array(length),
  }
}

/** Features of many sentences share arrays of this length: small ones of their own cost more than what is in them. */
const poolLength = 16384

/** The distinct n-grams of one sentence with their counts, in arrays that are reused. */
class Ngrams implements NgramCounts {
  readonly hashes = new Uint32Array(maxNgrams)
  readonly counts = new Uint16Array(maxNgrams)
  readonly blocks = new Uint8Array(maxNgrams)
  distinct = 0
  readonly #options: NgramOptions
  readonly #seen = new Int32Array(maxNgrams * 2)
  readonly #touched = new Int32Array(maxNgrams)

  constructor(options: NgramOptions) {
    this.#options = options
  }

  read(sentence: readonly Token[], marks: readonly Mark[]): void {
    for (let i = 0; i < this.distinct; i++) this.#seen[this.#touched[i] as number] = 0
    this.distinct = 0
    const { words, chars } = this.#options
    const ids: number[] = [boundary]
    for (const { text } of sentence) ids.push(hashText(text))
    ids.push(boundary)
    for (let i = 0; i < ids.length; i++) {
      let hash = 0x9e3779b9
      for (let n = 1; n <= words && i + n <= ids.length; n++) {
        hash = mix(hash, ids[i + n - 1] as number)
        if (n > 1 || (i > 0 && i < ids.length - 1)) this.#add(hash, wordBlock)
      }
    }
    // A match of a list or expression is a word of its own: a new book's title stands where known ones stood.
    for (const { name, from, to } of marks) {
      if (name.startsWith('place:')) continue
      const mark = mix(0x165667b1, hashText(name))
      this.#add(mark, wordBlock)
      this.#add(mix(mix(mark, ids[from] as number), 1), wordBlock)
      this.#add(mix(mix(mark, ids[to + 1] as number), 2), wordBlock)
    }
    const [least, most] = chars
    if (most === 0) return
    for (const { text } of sentence) {
      const length = text.length + 2
      for (let i = 0; i < length; i++) {
        let hash = 0x85ebca6b
        for (let n = 1; n <= most && i + n <= length; n++) {
          const at = i + n - 2
          hash = mix(hash, at < 0 || at >= text.length ? 32 : text.charCodeAt(at))
          if (n >= least) this.#add(hash, charBlock)
        }
      }
    }
  }

  #add(hash: number, block: number): void {
    const key = hash >>> 0
    const mask = this.#seen.length - 1
    let slot = key & mask
    for (let at = this.#seen[slot] as number; at !== 0; at = this.#seen[slot] as number) {
      if (this.hashes[at - 1] === key) {
        this.counts[at - 1] = Math.min((this.counts[at - 1] as number) + 1, 65535)
        return
      }
      slot = (slot + 1) & mask
    }
    if (this.distinct === maxNgrams) return
    this.hashes[this.distinct] = key
    this.counts[this.distinct] = 1
    this.blocks[this.distinct] = block
    this.#touched[this.distinct] = slot
    this.#seen[slot] = ++this.distinct
  }
}

const boundary = 0x27d4eb2f
