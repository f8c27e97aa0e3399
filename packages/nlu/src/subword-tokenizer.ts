/**
 * Subword tokenizers of sentence models, from Hugging Face's `tokenizer.json`: WordPiece (BERT, MiniLM, BGE, E5) and Unigram
 * (SentencePiece: multilingual E5, XLM-R).
 * Source: Devlin et al., BERT (2018); Kudo, Subword Regularization (2018).
 */
import { z } from 'zod'
import { NluError } from './nlu-error.ts'

/** Token numbers of a text with the model's own beginning and end, at most `limit`. */
export type SubwordTokenizer = (text: string, limit: number) => number[]

const wordPiece = z.object({
  type: z.literal('WordPiece'),
  vocab: z.record(z.string(), z.int()),
  unk_token: z.string().default('[UNK]'),
  continuing_subword_prefix: z.string().default('##'),
})
const unigram = z.object({
  type: z.literal('Unigram'),
  vocab: z.array(z.tuple([z.string(), z.number()])),
  unk_id: z.int().nullish(),
})
const file = z.object({
  model: z.discriminatedUnion('type', [wordPiece, unigram]),
  normalizer: z
    .looseObject({ lowercase: z.boolean().nullish(), strip_accents: z.boolean().nullish() })
    .nullish(),
})

/** @throws {NluError} bad_config */
export function readSubwordTokenizer(json: string, folder: string): SubwordTokenizer {
  let parsed: z.infer<typeof file>
  try {
    parsed = file.parse(JSON.parse(json))
  } catch (cause) {
    throw new NluError(
      'bad_config',
      `${folder}/tokenizer.json is neither a WordPiece nor a Unigram tokenizer`,
      { cause },
    )
  }
  const { model, normalizer } = parsed
  if (model.type === 'Unigram') return unigramTokenizer(model)
  const lowercase = normalizer?.lowercase ?? true
  return wordPieceTokenizer(model, lowercase, normalizer?.strip_accents ?? lowercase)
}

function wordPieceTokenizer(
  model: z.infer<typeof wordPiece>,
  lowercase: boolean,
  stripAccents: boolean,
): SubwordTokenizer {
  const vocab = new Map(Object.entries(model.vocab))
  const unknown = vocab.get(model.unk_token) ?? 0
  const begin = vocab.get('[CLS]') ?? unknown
  const end = vocab.get('[SEP]') ?? unknown
  const pieces = (word: string): number[] => {
    const found: number[] = []
    for (let from = 0; from < word.length; ) {
      let to = word.length
      let id: number | undefined
      for (; to > from; to--) {
        id = vocab.get(
          from === 0 ? word.slice(0, to) : model.continuing_subword_prefix + word.slice(from, to),
        )
        if (id !== undefined) break
      }
      if (id === undefined) return [unknown]
      found.push(id)
      from = to
    }
    return found
  }
  return (text, limit) => {
    let normal = text.normalize(stripAccents ? 'NFD' : 'NFC')
    if (stripAccents) normal = normal.replace(/\p{Mn}/gu, '')
    if (lowercase) normal = normal.toLowerCase()
    const ids: number[] = [begin]
    for (const [word] of normal.matchAll(/[\p{L}\p{N}\p{M}]+|\p{P}|\p{S}/gu)) {
      const isCjk = /\p{Script=Han}/u.test(word)
      for (const part of isCjk ? word : [word])
        ids.push(...(part.length > 100 ? [unknown] : pieces(part)))
      if (ids.length >= limit) break
    }
    return [...ids.slice(0, limit - 1), end]
  }
}

function unigramTokenizer(model: z.infer<typeof unigram>): SubwordTokenizer {
  const vocab = new Map(model.vocab.map(([piece, score], id) => [piece, { score, id }]))
  const idOf = (piece: string, otherwise: number) => vocab.get(piece)?.id ?? otherwise
  const unknown = model.unk_id ?? idOf('<unk>', 0)
  const begin = idOf('<s>', idOf('[CLS]', unknown))
  const end = idOf('</s>', idOf('[SEP]', unknown))
  const longest = model.vocab.reduce((most, [piece]) => Math.max(most, piece.length), 1)
  const least = model.vocab.reduce((low, [, score]) => Math.min(low, score), 0) - 10
  return (text, limit) => {
    const written = `▁${text.normalize('NFKC').trim().replace(/\s+/gu, '▁')}`.slice(0, limit * 16)
    const best: { score: number; from: number; id: number }[] = [{ score: 0, from: 0, id: 0 }]
    for (let to = 1; to <= written.length; to++) {
      let cell = { score: -Infinity, from: to - 1, id: unknown }
      for (let from = Math.max(0, to - longest); from < to; from++) {
        const piece = vocab.get(written.slice(from, to))
        const score =
          (best[from]?.score ?? -Infinity) + (piece?.score ?? (to - from === 1 ? least : -Infinity))
        if (score > cell.score) cell = { score, from, id: piece?.id ?? unknown }
      }
      best.push(cell)
    }
    const ids: number[] = []
    for (let at = written.length; at > 0; ) {
      const cell = best[at] as { from: number; id: number }
      ids.push(cell.id)
      at = cell.from
    }
    return [begin, ...ids.reverse().slice(0, limit - 2), end]
  }
}
