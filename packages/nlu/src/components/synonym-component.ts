/** Pipeline component: gives entities the canonical value that the training data names for what was typed. */
import { z } from 'zod'
import type { Component, ComponentType } from '../component.ts'
import { phraseKey } from '../phrase-matcher.ts'
import type { TrainingData } from '../training-data/training-data.ts'
import { readJson } from './parts.ts'

const saved = z.object({ values: z.record(z.string(), z.string()) })

export const synonymComponent: ComponentType = {
  name: 'SynonymMapper',
  async train({ data }) {
    return component(synonymsOf(data))
  },
  async load(parts) {
    return component(new Map(Object.entries(readJson(saved, parts, 'SynonymMapper').values)))
  },
}

/** By spelling key: the canonical value. An annotation whose value differs from its text is a synonym too, as in Rasa. */
function synonymsOf({ synonyms, examples }: TrainingData): Map<string, string> {
  const values = new Map<string, string>()
  const add = (variant: string, value: string) => {
    const key = phraseKey(variant)
    if (key !== '' && !values.has(key)) values.set(key, value)
  }
  for (const { value, variants } of synonyms) for (const variant of variants) add(variant, value)
  for (const { text, entities } of examples) {
    for (const { start, end, value } of entities) {
      const typed = text.slice(start, end)
      if (phraseKey(typed) !== phraseKey(value)) add(typed, value)
    }
  }
  return values
}

function component(values: ReadonlyMap<string, string>): Component {
  return {
    name: synonymComponent.name,
    process(message) {
      if (values.size === 0) return
      message.entities = message.entities.map((found) => {
        if (typeof found.value !== 'string') return found
        const value = values.get(phraseKey(found.value))
        if (value === undefined || value === found.value) return found
        const typed = message.text.slice(found.start, found.end)
        return {
          ...found,
          value,
          text: typed,
          processors: [...(found.processors ?? []), synonymComponent.name],
        }
      })
    },
    save: () => ({ json: { values: Object.fromEntries(values) }, sections: {} }),
  }
}
