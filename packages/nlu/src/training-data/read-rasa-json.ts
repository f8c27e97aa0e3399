/** Rasa NLU 0.x JSON: `{"rasa_nlu_data": {common_examples, entity_synonyms, lookup_tables, regex_features}}`; also JSON lines. */
import { z } from 'zod'
import { NluError } from '../nlu-error.ts'
import { fromCodePoints } from '../offsets.ts'
import { elementLines, errorLine } from './json-places.ts'
import { mapInTurns } from './map-in-turns.ts'
import {
  type EntitySpan,
  type Example,
  noData,
  type Source,
  type TrainingData,
} from './training-data.ts'

const entity = z.object({
  start: z.int(),
  end: z.int(),
  entity: z.string().min(1),
  value: z.union([z.string(), z.number(), z.boolean()]).nullish(),
  role: z.string().nullish(),
  group: z.string().nullish(),
})
const example = z.object({
  text: z.string(),
  intent: z.string().nullish(),
  entities: z.array(entity).nullish(),
})
const document = z.object({
  rasa_nlu_data: z.object({
    common_examples: z.array(z.unknown()).default([]),
    intent_examples: z.array(z.unknown()).default([]),
    entity_examples: z.array(z.unknown()).default([]),
    entity_synonyms: z
      .array(z.object({ value: z.string(), synonyms: z.array(z.string()) }))
      .default([]),
    lookup_tables: z
      .array(z.object({ name: z.string(), elements: z.union([z.string(), z.array(z.string())]) }))
      .default([]),
    regex_features: z.array(z.object({ name: z.string(), pattern: z.string() })).default([]),
    contexts: z.record(z.string(), z.array(z.string())).default({}),
  }),
})

/** @param lookupFile reads a lookup table that is named by its file. @throws {NluError} bad_data, naming file and line */
export async function readRasaJson(
  json: string,
  file: string,
  lookupFile: (name: string) => Promise<string[]>,
): Promise<TrainingData> {
  const parsed = document.safeParse(parseJson(json, file))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new NluError('bad_data', `${file}: ${issue?.path.join('.')}: ${issue?.message}`, {
      cause: parsed.error,
    })
  }
  const data = parsed.data.rasa_nlu_data
  const lines = elementLines(json)
  const at = (list: string, index: number): Source => ({
    file,
    line: lines.get(`rasa_nlu_data.${list}`)?.[index] ?? 1,
  })
  const lists = ['common_examples', 'intent_examples', 'entity_examples'] as const
  const items = lists.flatMap((list) => data[list].map((item, i) => ({ item, list, i })))
  return {
    examples: await mapInTurns(items, ({ item, list, i }) => readExample(item, at(list, i))),
    synonyms: data.entity_synonyms.map(({ value, synonyms }, i) => ({
      value,
      variants: synonyms,
      source: at('entity_synonyms', i),
    })),
    lookups: await Promise.all(
      data.lookup_tables.map(async ({ name, elements }, i) => ({
        name,
        values: typeof elements === 'string' ? await lookupFile(elements) : elements,
        source: at('lookup_tables', i),
      })),
    ),
    regexes: data.regex_features.map(({ name, pattern }, i) => ({
      name,
      pattern,
      source: at('regex_features', i),
    })),
    contexts: data.contexts,
  }
}

/** One `{"text", "intent", "entities"}` a line. @throws {NluError} bad_data, naming file and line */
export async function readJsonLines(text: string, file: string): Promise<TrainingData> {
  const examples = await mapInTurns(text.split('\n'), (content, index) => {
    if (content.trim() === '') return undefined
    const source = { file, line: index + 1 }
    let parsed: unknown
    try {
      parsed = JSON.parse(content)
    } catch (cause) {
      throw new NluError('bad_data', `${file}:${source.line}: not a JSON object`, { cause })
    }
    return readExample(parsed, source)
  })
  return { ...noData, examples: examples.filter((example) => example !== undefined) }
}

function parseJson(json: string, file: string): unknown {
  try {
    return JSON.parse(json)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new NluError('bad_data', `${file}:${errorLine(json, cause)}: not JSON: ${reason}`, {
      cause,
    })
  }
}

function readExample(item: unknown, source: Source): Example {
  const parsed = example.safeParse(item)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const path = issue?.path.join('.') || 'example'
    throw new NluError('bad_data', `${source.file}:${source.line}: ${path}: ${issue?.message}`, {
      cause: parsed.error,
    })
  }
  const { text, intent, entities } = parsed.data
  return {
    text,
    ...(intent ? { intent } : {}),
    entities: (entities ?? []).map((span): EntitySpan => {
      const [start = 0, end = 0] = fromCodePoints(text, [span.start, span.end])
      const outside = span.end > [...text].length || span.start < 0 || span.start >= span.end
      return {
        // A span outside the text stays as it was written, for the validation to name.
        start: outside ? span.start : start,
        end: outside ? span.end : end,
        entity: span.entity,
        value:
          span.value === undefined || span.value === null
            ? text.slice(start, end)
            : String(span.value),
        ...(span.role ? { role: span.role } : {}),
        ...(span.group ? { group: span.group } : {}),
      }
    }),
    source,
  }
}
