/**
 * What the tagger sees of each token: the words around it, its beginning, ending and shape, the lists and expressions that match
 * there, and the sentence's intent. Features are hashes; see hash-index.ts.
 */
import { hashText, mix } from './hash-index.ts'
import type { Token } from './tokenize.ts'

/** A named span over tokens: a match of a list or an expression. */
export interface Mark {
  readonly name: string
  readonly from: number
  readonly to: number
}

/** The feature hashes of a sentence; those of token i stand from `starts[i]` to `starts[i + 1]`. */
export interface TokenFeatures {
  readonly hashes: Uint32Array
  readonly starts: Uint32Array
  tokens: number
}

/** Tokens past this many are left untagged: bounds the work of a long text. */
export const maxTagged = 512
const featuresPerToken = 96

/** Computes features into arrays that the next call reuses. */
export class EntityFeaturizer {
  readonly #out: TokenFeatures = {
    hashes: new Uint32Array(maxTagged * featuresPerToken),
    starts: new Uint32Array(maxTagged + 1),
    tokens: 0,
  }
  #count = 0

  features(
    source: string,
    tokens: readonly Token[],
    marks: readonly Mark[],
    intent: string,
  ): TokenFeatures {
    const out = this.#out
    const length = Math.min(tokens.length, maxTagged)
    const words = tokens.slice(0, length).map(({ text }) => hashText(text))
    const shapes = tokens.slice(0, length).map((token) => shapeOf(source, token))
    const marked = marksByToken(marks, length)
    const goal = hashText(intent)
    this.#count = 0
    out.tokens = length
    for (let i = 0; i < length; i++) {
      out.starts[i] = this.#count
      this.#token(i, tokens[i] as Token, words, shapes, marked, goal)
    }
    out.starts[length] = this.#count
    return out
  }

  #token(
    i: number,
    token: Token,
    words: readonly number[],
    shapes: readonly number[],
    marked: readonly (readonly number[])[],
    goal: number,
  ): void {
    const word = (offset: number) => words[i + offset] ?? (i + offset < 0 ? before : after)
    const end = this.#count + featuresPerToken
    const put = (template: number, a: number, b = 0, c = 0) => {
      if (this.#count < end)
        this.#out.hashes[this.#count++] = mix(mix(mix(template, a), b), c) >>> 0
    }
    put(1, 0)
    for (let offset = -2; offset <= 2; offset++) put(4 + offset, word(offset))
    put(10, word(-1), word(0))
    put(11, word(0), word(1))
    put(12, word(-2), word(-1))
    put(13, word(1), word(2))
    put(14, word(-1), word(1))
    put(15, word(-1), word(0), word(1))
    put(16, word(-3), word(-2), word(-1))
    const { text } = token
    for (let n = 1; n <= 4 && n < text.length; n++) {
      put(20 + n, hashText(text.slice(0, n)))
      put(30 + n, hashText(text.slice(-n)))
    }
    const shape = shapes[i] as number
    put(40, shape)
    put(41, shapes[i - 1] ?? before, shape, shapes[i + 1] ?? after)
    put(42, shapes[i - 1] ?? before, shape)
    put(43, word(-1), shape)
    put(50, goal)
    put(51, goal, word(0))
    put(52, goal, word(-1))
    put(53, goal, word(1))
    put(54, goal, shape)
    for (const mark of marked[i] as readonly number[]) {
      put(60, mark)
      put(61, mark, goal)
      put(62, mark, word(-1))
    }
    for (const mark of marked[i - 1] ?? none) put(63, mark)
    for (const mark of marked[i + 1] ?? none) put(64, mark)
  }
}

const before = 0x51ed270b
const after = 0x2545f491
const none: readonly number[] = []

/** For each token the hashes of (name, place in the span: beginning, inside, end, alone). */
function marksByToken(marks: readonly Mark[], length: number): number[][] {
  const byToken: number[][] = Array.from({ length }, () => [])
  for (const { name, from, to } of marks) {
    const hash = hashText(name)
    for (let i = from; i < to && i < length; i++) {
      const place = to - from === 1 ? 3 : i === from ? 0 : i === to - 1 ? 2 : 1
      byToken[i]?.push(mix(hash, place))
    }
  }
  return byToken
}

/** Upper case, lower case, digits and others of the token as typed, runs shortened: "iPhone7" is xXxd. */
function shapeOf(source: string, { start, end }: Token): number {
  let shape = ''
  for (let i = start; i < end && shape.length < 8; i++) {
    const kind = kindOf(source.charCodeAt(i), source[i] as string)
    if (!shape.endsWith(kind)) shape += kind
  }
  return hashText(shape)
}

function kindOf(code: number, character: string): string {
  if (code >= 97 && code <= 122) return 'x'
  if (code >= 65 && code <= 90) return 'X'
  if (code >= 48 && code <= 57) return 'd'
  if (code < 128) return character
  if (/\p{Lu}/u.test(character)) return 'X'
  if (/\p{Ll}/u.test(character)) return 'x'
  return /\p{N}/u.test(character) ? 'd' : 'o'
}
