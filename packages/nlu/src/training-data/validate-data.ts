/** Finds what is wrong with training data, each finding with file and line. Errors stop training; warnings do not. */

import { phraseKey } from '../phrase-matcher.ts'
import { patternProblem } from '../safe-pattern.ts'
import { tokenize } from '../tokenize.ts'
import type { Example, Source, TrainingData } from './training-data.ts'

export interface DataIssue {
  readonly severity: 'error' | 'warning'
  readonly code:
    | 'empty_text'
    | 'span_outside'
    | 'span_overlap'
    | 'span_boundary'
    | 'value_differs'
    | 'duplicate'
    | 'duplicate_intents'
    | 'one_intent'
    | 'few_examples'
    | 'no_examples'
    | 'bad_pattern'
    | 'synonym_conflict'
    | 'empty_lookup'
  readonly message: string
  readonly source?: Source
}

export function validateData(data: TrainingData): DataIssue[] {
  return [
    ...data.examples.flatMap(spanIssues),
    ...duplicateIssues(data.examples),
    ...intentIssues(data.examples),
    ...data.regexes.flatMap(({ name, pattern, source }) => {
      const problem = patternProblem(pattern)
      return problem
        ? [issue('error', 'bad_pattern', `expression "${name}": ${problem}`, source)]
        : []
    }),
    ...synonymIssues(data),
    ...data.lookups
      .filter(({ values }) => values.length === 0)
      .map(({ name, source }) =>
        issue('warning', 'empty_lookup', `lookup table "${name}" has no values`, source),
      ),
  ]
}

/** One line a finding: `file:line: severity: message`. */
export function formatIssue({ severity, message, source }: DataIssue): string {
  return `${source ? `${source.file}:${source.line}: ` : ''}${severity}: ${message}`
}

function issue(
  severity: DataIssue['severity'],
  code: DataIssue['code'],
  message: string,
  source: Source | undefined,
): DataIssue {
  return { severity, code, message, ...(source ? { source } : {}) }
}

function spanIssues({ text, entities, source }: Example): DataIssue[] {
  const found: DataIssue[] = []
  if (text.trim() === '') found.push(issue('error', 'empty_text', 'the text is empty', source))
  const starts = new Set<number>()
  const ends = new Set<number>()
  if (entities.length > 0) {
    for (const { start, end } of tokenize(text)) {
      starts.add(start)
      ends.add(end)
    }
  }
  const sorted = entities.toSorted((a, b) => a.start - b.start)
  for (const [i, { start, end, entity, value }] of sorted.entries()) {
    const at = `entity "${entity}" at [${start},${end}) of "${text}"`
    if (start < 0 || end > text.length || start >= end) {
      found.push(
        issue(
          'error',
          'span_outside',
          `${at} is not inside the text; offsets count code points, end exclusive`,
          source,
        ),
      )
      continue
    }
    const previous = sorted[i - 1]
    if (previous && previous.end > start) {
      found.push(
        issue(
          'error',
          'span_overlap',
          `${at} overlaps entity "${previous.entity}" at [${previous.start},${previous.end})`,
          source,
        ),
      )
    }
    if (!starts.has(start) || !ends.has(end)) {
      found.push(
        issue(
          'warning',
          'span_boundary',
          `${at} cuts a word: "${text.slice(start, end)}"; training widens it to whole words`,
          source,
        ),
      )
    }
    if (phraseKey(text.slice(start, end)) !== phraseKey(value)) {
      found.push(
        issue(
          'warning',
          'value_differs',
          `${at} says "${value}" for "${text.slice(start, end)}"; taken as a synonym`,
          source,
        ),
      )
    }
  }
  return found
}

function duplicateIssues(examples: readonly Example[]): DataIssue[] {
  const seen = new Map<string, Example>()
  const found: DataIssue[] = []
  for (const example of examples) {
    if (example.intent === undefined) continue
    const key = phraseKey(example.text)
    const first = seen.get(key)
    if (!first) {
      seen.set(key, example)
      continue
    }
    const place = first.source ? ` (${first.source.file}:${first.source.line})` : ''
    found.push(
      first.intent === example.intent
        ? issue(
            'warning',
            'duplicate',
            `"${example.text}" is listed twice under "${example.intent}"${place}`,
            example.source,
          )
        : issue(
            'warning',
            'duplicate_intents',
            `"${example.text}" is under "${example.intent}" and "${first.intent}"${place}; keep one`,
            example.source,
          ),
    )
  }
  return found
}

function intentIssues(examples: readonly Example[]): DataIssue[] {
  const counts = new Map<string, Example[]>()
  for (const example of examples) {
    if (example.intent !== undefined)
      (counts.get(example.intent) ?? counts.set(example.intent, []).get(example.intent))?.push(
        example,
      )
  }
  if (examples.length === 0)
    return [issue('error', 'no_examples', 'there are no examples; add sentences', undefined)]
  const [first] = examples
  if (counts.size === 1) {
    const name = [...counts.keys()][0]
    return [
      issue(
        'warning',
        'one_intent',
        `every example has the intent "${name}"; a model needs two to choose between`,
        first?.source,
      ),
    ]
  }
  return [...counts]
    .filter(([, list]) => list.length < 2)
    .map(([name, list]) =>
      issue(
        'warning',
        'few_examples',
        `intent "${name}" has one example; add some`,
        list[0]?.source,
      ),
    )
}

function synonymIssues({ synonyms }: TrainingData): DataIssue[] {
  const seen = new Map<string, string>()
  const found: DataIssue[] = []
  for (const { value, variants, source } of synonyms) {
    for (const variant of variants) {
      const key = phraseKey(variant)
      const other = seen.get(key)
      if (other !== undefined && other !== value) {
        found.push(
          issue(
            'warning',
            'synonym_conflict',
            `"${variant}" stands for "${other}" and "${value}"; the first is used`,
            source,
          ),
        )
      } else seen.set(key, value)
    }
  }
  return found
}
