/** One intent of a definition as the model has it, in one language. */
import type { LambdaRef } from '../hooks/lambda-ref.ts'
import type { TurnHook } from '../hooks/turn.ts'
import { builtinSlotType } from '../slot-types/builtin-slot-types.ts'
import type { IntentModel, SlotModel, StatementModel } from './bot-model.ts'
import { builtinUtterances } from './builtin-intents.ts'
import { compileConfirmation, compilePrompt, compileStatement } from './compile-messages.ts'
import type { LanguageDefaults } from './default-phrases.ts'
import type { HookDefinition, IntentDefinition, SlotDefinition } from './define-bot.ts'
import { at, type Issues } from './issues.ts'

export interface IntentContext {
  readonly bot: string
  readonly path: string
  readonly issues: Issues
  readonly defaults: LanguageDefaults
  /** Gets the code of the hooks, by their names. */
  readonly hooks: Map<string, TurnHook | LambdaRef>
}

export function compileIntent(
  name: string,
  intent: IntentDefinition,
  context: IntentContext,
): IntentModel {
  const { bot, path, issues, defaults, hooks } = context
  const builtin = intent.fallback ? 'AMAZON.FallbackIntent' : (intent.builtin ?? null)
  const statement = (key: 'success' | 'failure' | 'closing'): StatementModel | null =>
    intent[key] === undefined ? null : compileStatement(intent[key], at(path, key), issues)
  const confirmation = (key: 'confirm' | 'followUp') =>
    intent[key] === undefined ? null : compileConfirmation(intent[key], at(path, key), issues)
  return {
    name,
    description: intent.description ?? '',
    builtin,
    utterances: intent.utterances ?? (builtin === null ? [] : builtinUtterances(builtin, defaults)),
    slots: compileSlots(intent.slots ?? {}, at(path, 'slots'), issues),
    confirmation: confirmation('confirm'),
    dialogHook: hookName(intent.dialogHook, `${bot}.${name}.dialog`, hooks),
    fulfilmentHook: hookName(
      intent.fulfil === 'return' ? undefined : intent.fulfil,
      `${bot}.${name}.fulfil`,
      hooks,
    ),
    success: statement('success'),
    failure: statement('failure'),
    followUp: confirmation('followUp'),
    closing: statement('closing'),
    inputContexts: intent.contexts?.input ?? [],
    outputContexts: (intent.contexts?.output ?? []).map((output) =>
      typeof output === 'string'
        ? { name: output, turnsToLive: 5, timeToLiveSeconds: 90 }
        : {
            name: output.name,
            turnsToLive: output.turns ?? 5,
            timeToLiveSeconds: output.seconds ?? 90,
          },
    ),
  }
}

/** By priority; those of the same priority in the order of writing. */
function compileSlots(
  slots: Readonly<Record<string, SlotDefinition>>,
  path: string,
  issues: Issues,
): SlotModel[] {
  const given = Object.entries(slots).map(([name, slot], i) => ({
    slot: compileSlot(name, slot, i + 1, at(path, name), issues),
    i,
  }))
  return given
    .sort((a, b) => a.slot.priority - b.slot.priority || a.i - b.i)
    .map(({ slot }) => slot)
}

function compileSlot(
  name: string,
  slot: SlotDefinition,
  place: number,
  path: string,
  issues: Issues,
): SlotModel {
  const required = slot.required ?? true
  const asked = !required && slot.ask === true
  const { prompt, retries, selection } = slot
  return {
    name,
    type: builtinSlotType(slot.type)?.name ?? slot.type,
    required,
    ...(asked ? { asked } : {}),
    priority: slot.priority ?? place,
    prompt:
      prompt === undefined ? null : compilePrompt({ prompt, retries, selection }, path, issues),
    utterances: slot.utterances ?? [],
    defaults: slot.defaults ?? [],
    multiple: slot.multiple ?? false,
    obfuscated: slot.obfuscate ?? false,
  }
}

/**
 * A hook with code gets the name, which has the bot's in it: bots share a registry. A file is named by itself, so that intents
 * and bots can share it.
 */
function hookName(
  hook: HookDefinition | undefined,
  name: string,
  hooks: Map<string, TurnHook | LambdaRef>,
): string | null {
  if (hook === undefined) return null
  if (typeof hook === 'string') return hook
  if (typeof hook === 'function') {
    hooks.set(name, hook)
    return name
  }
  const { code, event, handler } = hook
  const usual = event === 'v1' && (handler === 'index.handler' || handler === 'handler')
  const file = typeof code !== 'string' ? name : usual ? code : `${code}#${event}:${handler}`
  hooks.set(file, hook)
  return file
}
