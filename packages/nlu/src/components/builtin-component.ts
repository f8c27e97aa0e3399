/** Pipeline component: built-in entities. Options: dimensions (default all), language. What was typed stays beside the value. */
import { z } from 'zod'
import { builtinDimensions, builtinEntities } from '../builtin/builtin-entities.ts'
import type { Component, ComponentType } from '../component.ts'
import { readJson, readOptions } from './parts.ts'

const options = z.object({
  language: z.string().default('en'),
  dimensions: z.array(z.enum(builtinDimensions)).default([...builtinDimensions]),
})
type Options = z.infer<typeof options>

export const builtinComponent: ComponentType = {
  name: 'BuiltinEntities',
  async train(context) {
    return component(readOptions(options, context.options, 'BuiltinEntities'))
  },
  async load(parts) {
    return component(readJson(options, parts, 'BuiltinEntities'))
  },
}

function component(json: Options): Component {
  const wanted = new Set<string>(json.dimensions)
  return {
    name: builtinComponent.name,
    process(message) {
      const { text, tokens, options } = message
      const found = builtinEntities(
        text,
        tokens,
        json.language,
        options.now ?? new Date(),
        options.timeZone ?? 'UTC',
      )
      for (const { entity, value, start, end } of found) {
        if (!wanted.has(entity)) continue
        message.entities.push({
          entity,
          value,
          start,
          end,
          confidence: 1,
          extractor: builtinComponent.name,
          text: text.slice(start, end),
        })
      }
    },
    save: () => ({ json, sections: {} }),
  }
}
