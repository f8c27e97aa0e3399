/** Pipeline component: the intent whose training sentence stands in the text, word for word; the longest wins. No training needed. */
import { z } from 'zod'
import type { Component, ComponentType } from '../component.ts'
import { PhraseMatcher } from '../phrase-matcher.ts'
import { readJson } from './parts.ts'

const saved = z.object({ phrases: z.array(z.tuple([z.string(), z.string()])) })
type Saved = z.infer<typeof saved>

export const keywordComponent: ComponentType = {
  name: 'KeywordClassifier',
  async train({ data }) {
    const phrases = data.examples.flatMap(({ text, intent }): [string, string][] =>
      intent === undefined ? [] : [[intent, text]],
    )
    return component({ phrases })
  },
  async load(parts) {
    return component(readJson(saved, parts, 'KeywordClassifier'))
  },
}

function component(json: Saved): Component {
  const matcher = new PhraseMatcher()
  for (const [intent, phrase] of json.phrases) matcher.add(intent, phrase)
  return {
    name: keywordComponent.name,
    process(message) {
      if (message.ranking.length > 0) return
      const longest = new Map<string, number>()
      for (const { list, from, to } of matcher.find(message.tokens)) {
        longest.set(list, Math.max(longest.get(list) ?? 0, to - from))
      }
      const [first] = [...longest].sort((a, b) => b[1] - a[1])
      if (first) message.ranking = [{ name: first[0], confidence: 1 }]
    },
    save: () => ({ json, sections: {} }),
  }
}
