/**
 * Pipeline component: lookup tables of the training data and the process's live vocabularies. Their matches are features for
 * classifier and tagger, and entities of the list's name where the tagger found nothing better: a value whose words the tagger is
 * sure stand outside any entity ("it" in "book it", though a book is called "It") is not one.
 */
import { z } from 'zod'
import type { Component, ComponentType, Entity, Message } from '../component.ts'
import { type PhraseMatch, phraseKey } from '../phrase-matcher.ts'
import type { Token } from '../tokenize.ts'
import type { TrainingData } from '../training-data/training-data.ts'
import { Vocabularies } from '../vocabularies.ts'
import { readJson } from './parts.ts'

const saved = z.object({
  lists: z.record(z.string(), z.array(z.string())),
  words: z.array(z.string()),
})
type Saved = z.infer<typeof saved>

const name = 'VocabularyMatcher'
/** A single common word is taken for a value only when the tagger leaves this much doubt that it is outside. */
const doubt = 0.2

/** @param live the vocabularies that the models of a process share */
export function vocabularyComponent(live: Vocabularies): ComponentType {
  return {
    name,
    phase: 'marks',
    async train({ data, messages }) {
      const lists: Record<string, string[]> = {}
      for (const { name: list, values } of data.lookups)
        lists[list] = [...(lists[list] ?? []), ...values]
      for (const [list, variants] of synonymLists(data))
        lists[list] = [...(lists[list] ?? []), ...variants]
      const words = new Set<string>()
      for (const { tokens, example } of messages) {
        for (const { text, start, end } of tokens) {
          if (words.has(text)) continue
          if (!example?.entities.some((span) => span.start < end && start < span.end))
            words.add(text)
        }
      }
      return component({ lists, words: [...words].sort() }, live)
    },
    async load(parts) {
      return component(readJson(saved, parts, name), live)
    },
  }
}

/** Synonyms of values that the data knows as an entity's: they are its values too. */
function synonymLists({
  synonyms,
  examples,
  lookups,
}: TrainingData): [string, readonly string[]][] {
  const known = new Map<string, Set<string>>()
  const add = (entity: string, value: string) => {
    const key = phraseKey(value)
    known.set(key, (known.get(key) ?? new Set()).add(entity))
  }
  for (const { entities } of examples) for (const { entity, value } of entities) add(entity, value)
  for (const { name: list, values } of lookups) for (const value of values) add(list, value)
  return synonyms.flatMap(({ value, variants }) =>
    [...(known.get(phraseKey(value)) ?? [])].map((entity): [string, readonly string[]] => [
      entity,
      variants,
    ]),
  )
}

function component(json: Saved, live: Vocabularies): Component {
  const tables = new Vocabularies()
  for (const [list, values] of Object.entries(json.lists)) tables.add(list, values)
  const ordinary = new Set(json.words)
  const matches = (tokens: readonly Token[]) => [...tables.find(tokens), ...live.find(tokens)]
  return {
    name,
    mark(message) {
      for (const { list, from, to } of matches(message.tokens))
        message.marks.push({ name: list, from, to })
    },
    process(message) {
      for (const match of matches(message.tokens).sort((a, b) => b.to - b.from - (a.to - a.from))) {
        if (plausible(match, message, ordinary)) place(match, message)
      }
    },
    save: () => ({ json, sections: {} }),
  }
}

function plausible(
  { from, to }: PhraseMatch,
  { tokens, outside }: Message,
  ordinary: ReadonlySet<string>,
): boolean {
  const span = tokens.slice(from, to)
  if (span.some(({ text }) => !ordinary.has(text))) return true
  if (!outside) return to - from > 1
  const certain = Math.min(...outside.slice(from, to))
  return certain < 1 - (to - from > 1 ? doubt / 4 : doubt)
}

/** Adds the match as an entity; what the tagger found inside it gives way, what it found around it stays. */
function place({ list, phrase, from, to }: PhraseMatch, message: Message): void {
  const start = (message.tokens[from] as Token).start
  const end = (message.tokens[to - 1] as Token).end
  const overlapping = message.entities.filter((found) => found.start < end && start < found.end)
  const longer = overlapping.some(
    (found) =>
      found.end - found.start > end - start ||
      (found.extractor === name && found.end - found.start >= end - start),
  )
  if (longer) return
  const same = overlapping.find(
    (found) => found.start === start && found.end === end && found.entity !== list,
  )
  if (same && same.confidence > 0.5) return
  const before = overlapping.find((found) => found.entity === list)
  message.entities = message.entities.filter((found) => !overlapping.includes(found))
  const typed = message.text.slice(start, end)
  const entity: Entity = {
    entity: list,
    value: phrase,
    start,
    end,
    confidence: Math.max(before?.confidence ?? 0, 0.9),
    extractor: name,
    ...(before?.role === undefined ? {} : { role: before.role }),
    ...(before?.group === undefined ? {} : { group: before.group }),
    ...(typed === phrase ? {} : { text: typed }),
  }
  message.entities.push(entity)
}
