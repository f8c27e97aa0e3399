/** Writes training data as Rasa's YAML 3.1, Markdown or 0.x JSON, or as JSON lines; reading it again gives the same data. */
import { stringify } from 'yaml'
import { toCodePoints } from '../offsets.ts'
import { writeAnnotatedText } from './annotated-text.ts'
import type { Example, TrainingData } from './training-data.ts'

/** Rasa's YAML, format 3.1. JSON lines and Markdown keep no sentence without an intent; YAML neither. */
export function toRasaYaml(data: TrainingData): string {
  const list = (items: readonly string[]) => items.map((item) => `- ${item}\n`).join('')
  const nlu = [
    ...[...byIntent(data)].map(([intent, examples]) => ({
      intent,
      ...(data.contexts[intent] ? { metadata: { contexts: data.contexts[intent] } } : {}),
      examples: list(examples.map(({ text, entities }) => writeAnnotatedText(text, entities))),
    })),
    ...data.synonyms.map(({ value, variants }) => ({ synonym: value, examples: list(variants) })),
    ...data.lookups.map(({ name, values }) => ({ lookup: name, examples: list(values) })),
    ...data.regexes.map(({ name, pattern }) => ({ regex: name, examples: list([pattern]) })),
  ]
  return stringify({ version: '3.1', nlu }, { lineWidth: 0, blockQuote: 'literal' })
}

export function toRasaMarkdown(data: TrainingData): string {
  const section = (heading: string, items: readonly string[]) =>
    `## ${heading}\n${items.map((item) => `- ${item}\n`).join('')}`
  return [
    ...[...byIntent(data)].map(([intent, examples]) => {
      const contexts = data.contexts[intent]
      const comment = contexts ? `\n<!-- contexts: ${contexts.join(', ')} -->` : ''
      return section(
        `intent:${intent}${comment}`,
        examples.map(({ text, entities }) => writeAnnotatedText(text, entities)),
      )
    }),
    ...data.synonyms.map(({ value, variants }) => section(`synonym:${value}`, variants)),
    ...data.lookups.map(({ name, values }) => section(`lookup:${name}`, values)),
    ...data.regexes.map(({ name, pattern }) => section(`regex:${name}`, [pattern])),
  ].join('\n')
}

/** Rasa NLU 0.x JSON. */
export function toRasaJson(data: TrainingData): string {
  const rasa = {
    common_examples: data.examples.map(plain),
    entity_synonyms: data.synonyms.map(({ value, variants }) => ({ value, synonyms: variants })),
    lookup_tables: data.lookups.map(({ name, values }) => ({ name, elements: values })),
    regex_features: data.regexes.map(({ name, pattern }) => ({ name, pattern })),
    ...(Object.keys(data.contexts).length > 0 ? { contexts: data.contexts } : {}),
  }
  return `${JSON.stringify({ rasa_nlu_data: rasa }, null, 2)}\n`
}

/** The examples, one a line. */
export function toJsonLines(examples: readonly Example[]): string {
  return examples.map((example) => `${JSON.stringify(plain(example))}\n`).join('')
}

/** An example as files write it: offsets in code points, no source. */
function plain({ text, intent, entities }: Example) {
  return {
    text,
    ...(intent === undefined ? {} : { intent }),
    entities: entities.map((span) => {
      const [start, end] = toCodePoints(text, [span.start, span.end])
      return { ...span, start, end }
    }),
  }
}

function byIntent({ examples }: TrainingData): Map<string, Example[]> {
  return Map.groupBy(
    examples.filter(({ intent }) => intent !== undefined),
    ({ intent }) => intent as string,
  )
}
