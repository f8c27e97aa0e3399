/**
 * Words of a text with their places in it. Each token keeps UTF-16 offsets into the source text and a normalised form (NFKC, lower
 * case, straight apostrophes, no vowel points), so what a component finds maps back to what the user typed, whatever the script,
 * emoji or combining marks. Scripts without spaces are cut by `Intl.Segmenter`; English contractions as the Penn Treebank does
 * ("isn't" -> "is" + "not"), French elisions after the apostrophe ("l'écran" -> "l'" + "écran").
 */
export interface Token {
  /** The normalised form, what features are made of. */
  readonly text: string
  /** UTF-16 offsets into the source, end exclusive. */
  readonly start: number
  readonly end: number
}

const token =
  /(?<![\p{L}\p{M}\p{N}])(?:\p{L}|(?:jus|lors|puis)?qu)['’](?=\p{L}{2})(?!(?:ll|re|ve)(?!\p{L}))|\p{N}+(?:[.,:]\p{N}+)*(?=[^\p{L}\p{N}]|$|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}])|[\p{L}\p{N}_][\p{L}\p{M}\p{N}_]*|(?<=[\p{L}\p{M}])['’‘ʼ＇][\p{L}][\p{L}\p{M}]*|\p{RI}\p{RI}|\p{Extended_Pictographic}(?:\p{M}|\p{EMod}|\u200d\p{Extended_Pictographic})*|\p{M}+|[^\s\p{C}]/giu
const unspaced =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー々]/u
// biome-ignore lint/suspicious/noControlCharactersInRegex: the whole ASCII range is meant
const ascii = /^[\x00-\x7f]*$/
const contraction = /^(.+)n$/u

/** The tokens of `text` in order; they never overlap. Linear in the length of the text. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  token.lastIndex = 0
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const word = match[0]
    const start = match.index
    const end = start + word.length
    if (!ascii.test(word)) {
      if (unspaced.test(word)) {
        segment(word, start, tokens)
        continue
      }
    }
    const normal = normalizeWord(word)
    if (normal === "'t" && joinNot(tokens, start, end)) continue
    tokens.push({ text: normal, start, end })
  }
  return tokens
}

/** The form in which two spellings of one word are equal: compatibility forms, case, apostrophes and vowel points removed. */
export function normalizeWord(word: string): string {
  if (ascii.test(word)) return word.toLowerCase()
  return word
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[’‘ʼ＇]/gu, "'")
    .replace(/[\u064b-\u065f\u0670\u0640]/gu, '')
    .replace(/[أإآٱ]/gu, 'ا')
    .replace(/ى/gu, 'ي')
}

/** "isn" + "'t" becomes "is" + "not"; "can" + "'t" becomes "ca" + "not". */
function joinNot(tokens: Token[], start: number, end: number): boolean {
  const before = tokens.at(-1)
  if (before?.end !== start) return false
  const stem = contraction.exec(before.text)?.[1]
  if (stem === undefined) return false
  tokens[tokens.length - 1] = { text: stem, start: before.start, end: before.end - 1 }
  tokens.push({ text: 'not', start: before.end - 1, end })
  return true
}

let segmenter: Intl.Segmenter | undefined

function segment(run: string, at: number, tokens: Token[]): void {
  segmenter ??= new Intl.Segmenter('ja', { granularity: 'word' })
  for (const { segment, index } of segmenter.segment(run)) {
    tokens.push({
      text: normalizeWord(segment),
      start: at + index,
      end: at + index + segment.length,
    })
  }
}
