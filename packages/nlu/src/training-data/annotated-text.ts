/**
 * Rasa's inline annotations: `[text](entity)`, `[text](entity:value)`, `[text]{"entity": …, "role": …, "group": …, "value": …}`.
 * A bracket that no annotation follows is plain text.
 */
import { NluError } from '../nlu-error.ts'
import type { EntitySpan, Source } from './training-data.ts'

const annotation = /\[([^\]]+)\](?:\(([^)]+)\)|(\{[^}]+\}))/gu

/** The sentence without its annotations, and their spans. @throws {NluError} bad_data */
export function readAnnotatedText(
  line: string,
  source: Source,
): { text: string; entities: EntitySpan[] } {
  const entities: EntitySpan[] = []
  let text = ''
  let at = 0
  for (const match of line.matchAll(annotation)) {
    const [whole, inner = '', short, long] = match
    text += line.slice(at, match.index)
    const start = text.length
    text += inner
    entities.push({
      start,
      end: text.length,
      ...(long ? longForm(inner, long, source) : shortForm(inner, short ?? '')),
    })
    at = match.index + whole.length
  }
  return { text: text + line.slice(at), entities }
}

/** The sentence with its annotations written out; the inverse of `readAnnotatedText`. */
export function writeAnnotatedText(text: string, entities: readonly EntitySpan[]): string {
  let line = ''
  let at = 0
  for (const { start, end, entity, value, role, group } of entities.toSorted(
    (a, b) => a.start - b.start,
  )) {
    const inner = text.slice(start, end)
    const other = value === inner ? {} : { value }
    const plain = role === undefined && group === undefined && value === inner
    const extra = {
      entity,
      ...(role === undefined ? {} : { role }),
      ...(group === undefined ? {} : { group }),
      ...other,
    }
    line += `${text.slice(at, start)}[${inner}]${plain ? `(${entity})` : JSON.stringify(extra)}`
    at = end
  }
  return line + text.slice(at)
}

function shortForm(inner: string, label: string): { entity: string; value: string } {
  const colon = label.indexOf(':')
  return colon === -1
    ? { entity: label.trim(), value: inner }
    : { entity: label.slice(0, colon).trim(), value: label.slice(colon + 1).trim() }
}

function longForm(
  inner: string,
  json: string,
  { file, line }: Source,
): Omit<EntitySpan, 'start' | 'end'> {
  let parsed: unknown
  try {
    parsed = JSON.parse(json)
  } catch (cause) {
    throw new NluError('bad_data', `${file}:${line}: the annotation ${json} is not JSON`, { cause })
  }
  const field = (name: string): string | undefined => {
    const value = (parsed as Record<string, unknown>)[name]
    return value === undefined || value === null ? undefined : String(value)
  }
  const entity = field('entity')
  if (!entity) {
    throw new NluError(
      'bad_data',
      `${file}:${line}: the annotation ${json} names no entity; add "entity"`,
    )
  }
  const role = field('role')
  const group = field('group')
  return {
    entity,
    value: field('value') ?? inner,
    ...(role === undefined ? {} : { role }),
    ...(group === undefined ? {} : { group }),
  }
}
