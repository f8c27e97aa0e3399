/**
 * Pipeline component: cities and countries of the gazetteer, as features for the tagger and as `location` entities where nothing
 * trained was found. A name of one word that is typed without a capital letter is believed only for large places.
 */
import { z } from 'zod'
import type { Component, ComponentType } from '../component.ts'
import type { PhraseMatch } from '../phrase-matcher.ts'
import { placeGazetteer } from '../place-gazetteer.ts'
import type { Token } from '../tokenize.ts'
import { readJson } from './parts.ts'

const saved = z.object({ words: z.array(z.string()) })
type Saved = z.infer<typeof saved>

export const placeComponent: ComponentType = {
  name: 'PlaceGazetteer',
  phase: 'marks',
  async train({ messages }) {
    // Words that the data uses outside entities; a place of that name ("Nice", "Reading") needs a capital letter mid-sentence.
    const words = new Set<string>()
    const places = placeGazetteer()
    for (const { tokens, example } of messages) {
      for (const { from, to } of places.find(tokens)) {
        const { start } = tokens[from] as Token
        const { end } = tokens[to - 1] as Token
        if (to - from > 1 || example?.entities.some((span) => span.start < end && start < span.end))
          continue
        if (!isCapital(example?.text ?? '', start)) words.add((tokens[from] as Token).text)
      }
    }
    return component({ words: [...words].sort() })
  },
  async load(parts) {
    return component(readJson(saved, parts, 'PlaceGazetteer'))
  },
}

function component(json: Saved): Component {
  const places = placeGazetteer()
  const ordinary = new Set(json.words)
  const believed = (
    text: string,
    tokens: readonly Token[],
    { phrase, from, to }: PhraseMatch,
  ): boolean => {
    const first = tokens[from] as Token
    const capital = isCapital(text, first.start)
    if (to - from > 1) return true
    if (ordinary.has(first.text) || first.text.length < 3)
      return capital && from > 0 && first.text.length >= 3
    return capital || !/\p{Lu}/u.test(phrase) || places.isLarge(phrase)
  }
  return {
    name: placeComponent.name,
    mark({ text, tokens, marks }) {
      for (const match of places.find(tokens)) {
        if (believed(text, tokens, match))
          marks.push({ name: `place:${match.list}`, from: match.from, to: match.to })
      }
    },
    process({ text, tokens, entities }) {
      for (const match of places.find(tokens).sort((a, b) => b.to - b.from - (a.to - a.from))) {
        if (!believed(text, tokens, match)) continue
        const { start } = tokens[match.from] as Token
        const { end } = tokens[match.to - 1] as Token
        if (entities.some((found) => found.start < end && start < found.end)) continue
        const typed = text.slice(start, end)
        entities.push({
          entity: 'location',
          value: match.phrase,
          start,
          end,
          confidence: 0.8,
          extractor: placeComponent.name,
          ...(typed === match.phrase ? {} : { text: typed }),
        })
      }
    },
    save: () => ({ json, sections: {} }),
  }
}

function isCapital(text: string, at: number): boolean {
  return /^\p{Lu}/u.test(text.slice(at, at + 2))
}
