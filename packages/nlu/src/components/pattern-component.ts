/**
 * Pipeline component: the regular expressions of the training data. A match is a feature for classifier and tagger, and an entity
 * where the expression has the name of an annotated entity and the tagger found nothing there.
 */
import { z } from 'zod'
import type { Component, ComponentType } from '../component.ts'
import { compilePattern } from '../safe-pattern.ts'
import { readJson } from './parts.ts'

const saved = z.object({
  patterns: z.array(z.object({ name: z.string(), pattern: z.string(), extract: z.boolean() })),
})
type Saved = z.infer<typeof saved>

export const patternComponent: ComponentType = {
  name: 'PatternMatcher',
  phase: 'marks',
  async train({ data }) {
    const annotated = new Set(
      data.examples.flatMap(({ entities }) => entities.map(({ entity }) => entity)),
    )
    return component({
      patterns: data.regexes.map(({ name, pattern }) => ({
        name,
        pattern,
        extract: annotated.has(name),
      })),
    })
  },
  async load(parts) {
    return component(readJson(saved, parts, 'PatternMatcher'))
  },
}

function component(json: Saved): Component {
  const patterns = json.patterns.map(({ name, pattern, extract }) => ({
    name,
    extract,
    find: compilePattern(pattern).find,
  }))
  return {
    name: patternComponent.name,
    mark({ text, tokens, marks }) {
      for (const { name, find } of patterns) {
        for (const { start, end } of find(text)) {
          const from = tokens.findIndex((token) => token.end > start)
          const to = tokens.findLastIndex((token) => token.start < end) + 1
          if (from !== -1 && from < to) marks.push({ name: `pattern:${name}`, from, to })
        }
      }
    },
    process({ text, entities }) {
      for (const { name, extract, find } of patterns) {
        if (!extract) continue
        for (const { start, end } of find(text)) {
          if (entities.some((found) => found.start < end && start < found.end)) continue
          entities.push({
            entity: name,
            value: text.slice(start, end),
            start,
            end,
            confidence: 1,
            extractor: patternComponent.name,
          })
        }
      }
    },
    save: () => ({ json, sections: {} }),
  }
}
