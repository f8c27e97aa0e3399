/** Rasa's YAML 3.1 (and 2.0): `nlu:` with intents, synonyms, lookups and regexes; `metadata.contexts` names an intent's contexts. */
import { setImmediate } from 'node:timers/promises'
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Scalar, type YAMLMap } from 'yaml'
import { NluError } from '../nlu-error.ts'
import { readAnnotatedText } from './annotated-text.ts'
import { mapInTurns } from './map-in-turns.ts'
import type {
  Example,
  LookupTable,
  RegexFeature,
  Source,
  Synonym,
  TrainingData,
} from './training-data.ts'

const versions = /^(2\.0|3\.[01])$/

/** @throws {NluError} bad_data, naming file and line */
export async function readRasaYaml(yaml: string, file: string): Promise<TrainingData> {
  const counter = new LineCounter()
  const document = parseDocument(yaml, { lineCounter: counter })
  const lineOf = (offset: number | undefined) => counter.linePos(offset ?? 0).line
  const refuse = (line: number, message: string, cause?: unknown): never => {
    throw new NluError('bad_data', `${file}:${line}: ${message}`, { cause })
  }
  const [error] = document.errors
  if (error) refuse(lineOf(error.pos[0]), error.message.split('\n')[0] as string, error)
  const root = document.contents
  if (!isMap(root)) return refuse(1, 'expected a mapping with "nlu:"')
  const version = root.get('version')
  if (version !== undefined && !versions.test(String(version))) {
    refuse(1, `version ${version} of Rasa's format is not known; 2.0, 3.0 and 3.1 are`)
  }
  const list = root.get('nlu')
  const examples: Example[] = []
  const synonyms: Synonym[] = []
  const lookups: LookupTable[] = []
  const regexes: RegexFeature[] = []
  const contexts: Record<string, string[]> = {}
  if (list === undefined || list === null) return { examples, synonyms, lookups, regexes, contexts }
  if (!isSeq(list)) return refuse(lineOf(root.range?.[0]), '"nlu" must be a list')
  for (const entry of list.items) {
    const line = lineOf(isMap(entry) || isScalar(entry) ? entry.range?.[0] : undefined)
    if (!isMap(entry))
      return refuse(line, 'expected "- intent: …", "- synonym: …", "- lookup: …" or "- regex: …"')
    const kind = ['intent', 'synonym', 'lookup', 'regex'].find((key) => entry.has(key))
    if (kind === undefined) return refuse(line, 'expected "intent", "synonym", "lookup" or "regex"')
    const name = String(entry.get(kind))
    const source = { file, line }
    const items = examplesOf(entry, file, lineOf, refuse)
    if (kind === 'intent') {
      const read = ({ text, source }: (typeof items)[number]) => ({
        ...readAnnotatedText(text, source),
        intent: name,
        source,
      })
      examples.push(...(await mapInTurns(items, read)))
      await setImmediate()
      const listed = isMap(entry.get('metadata'))
        ? (entry.get('metadata') as YAMLMap).get('contexts')
        : undefined
      if (isSeq(listed)) contexts[name] = listed.toJSON().map(String)
    } else if (kind === 'synonym') {
      synonyms.push({ value: name, variants: items.map(({ text }) => text), source })
    } else if (kind === 'lookup') {
      lookups.push({ name, values: items.map(({ text }) => text), source })
    } else {
      for (const { text, source } of items) regexes.push({ name, pattern: text, source })
    }
  }
  return { examples, synonyms, lookups, regexes, contexts }
}

/** The sentences of `examples`: a block of "- …" lines, or a list of texts or of `{text}`. */
function examplesOf(
  entry: YAMLMap,
  file: string,
  lineOf: (offset: number | undefined) => number,
  refuse: (line: number, message: string) => never,
): { text: string; source: Source }[] {
  const node = entry.get('examples', true) as unknown
  if (node === undefined) return []
  if (isSeq(node)) {
    return node.items.map((element) => {
      const text = isMap(element)
        ? element.get('text')
        : isScalar(element)
          ? element.value
          : undefined
      const line = lineOf(isMap(element) || isScalar(element) ? element.range?.[0] : undefined)
      if (text === undefined) refuse(line, 'expected a text or {text: …}')
      return { text: String(text).trim(), source: { file, line } }
    })
  }
  if (!isScalar(node)) return []
  const block = node as Scalar
  const first = lineOf(block.range?.[0])
  const isBlock = block.type === 'BLOCK_LITERAL' || block.type === 'BLOCK_FOLDED'
  const found: { text: string; source: Source }[] = []
  for (const [index, line] of String(block.value ?? '')
    .split('\n')
    .entries()) {
    if (line.trim() === '') continue
    const at = first + index + (isBlock ? 1 : 0)
    const text = /^\s*-\s+(.*?)\s*$/.exec(line)?.[1]
    if (text === undefined) refuse(at, 'expected "- " before each example')
    else found.push({ text, source: { file, line: at } })
  }
  return found
}
