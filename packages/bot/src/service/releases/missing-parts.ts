/** What a bot names and this process does not have: no error, as another process may have it, or it may come later. */
import type { BotModel } from '../../model/bot-model.ts'
import type { Understander } from '../../understanding/understanding.ts'
import type { BotHooks } from '../bots-options.ts'

/** A warning for each hook that the runner lacks and each vocabulary that the understander lacks, where they can tell. */
export function missingParts(
  model: BotModel,
  { hooks, understander }: { readonly hooks: BotHooks; readonly understander: Understander },
): string[] {
  const warnings: string[] = []
  for (const { locale, intents, slotTypes } of Object.values(model.locales)) {
    for (const { name: intent, dialogHook, fulfilmentHook } of intents) {
      for (const hook of new Set([dialogHook, fulfilmentHook])) {
        if (hook === null || hooks.has?.(hook) !== false) continue
        warnings.push(
          `${locale}: intent ${intent} calls the hook "${hook}", which is not registered; its turns fail until it is`,
        )
      }
    }
    for (const { name, vocabulary } of slotTypes) {
      if (vocabulary === null || understander.has?.(vocabulary) !== false) continue
      warnings.push(
        `${locale}: slot type ${name} takes values of the vocabulary "${vocabulary}", which the understander does not have; add it`,
      )
    }
  }
  return [...new Set(warnings)]
}
