/**
 * Pipeline component: a first choice under the threshold is not trusted; the intent is then `nlu_fallback`
 * with one minus the confidence of the first choice. Options: threshold (absent: the one set on held-out training sentences),
 * ambiguity (least lead over the second choice; default 0).
 */
import { z } from 'zod'
import type { Component, ComponentType } from '../component.ts'
import { readJson, readOptions } from './parts.ts'

const options = z.object({
  threshold: z.number().min(0).max(1).optional(),
  ambiguity: z.number().min(0).max(1).default(0),
})
type Options = z.infer<typeof options>

export const fallbackIntent = 'nlu_fallback'

export const fallbackComponent: ComponentType = {
  name: 'Fallback',
  async train(context) {
    return component(readOptions(options, context.options, 'Fallback'))
  },
  async load(parts) {
    return component(readJson(options, parts, 'Fallback'))
  },
}

function component(json: Options): Component {
  return {
    name: fallbackComponent.name,
    process(message) {
      const [first, second] = message.ranking
      if (!first) return
      const threshold = json.threshold ?? message.threshold ?? 0
      const lead = first.confidence - (second?.confidence ?? 0)
      message.refused = first.confidence < threshold || lead < json.ambiguity
    },
    save: () => ({ json, sections: {} }),
  }
}
