/**
 * Makes a bot of a definition: defaults filled in, slots in the order of asking, every limit of Lex checked, everything that is
 * wrong told at once. The same definition always gives the same model, and the same model the same hash.
 */
import { createHash } from 'node:crypto'
import { BotError } from '../bot-error.ts'
import type { LambdaRef } from '../hooks/lambda-ref.ts'
import type { TurnHook } from '../hooks/turn.ts'
import { builtinSlotType } from '../slot-types/builtin-slot-types.ts'
import {
  type BotModel,
  type DialoguePhrases,
  type LocaleModel,
  modelFormat,
  type SlotTypeModel,
} from './bot-model.ts'
import { checkModelInto } from './check-model.ts'
import { compileIntent } from './compile-intent.ts'
import { compileAsking, compilePrompt, compileStatement } from './compile-messages.ts'
import { languageDefaults } from './default-phrases.ts'
import type { BotDefinition, LocaleWords, SlotTypeDefinition } from './define-bot.ts'
import { checkShape, nameOf } from './definition-schema.ts'
import { at, Issues } from './issues.ts'
import { localizedDefinition } from './localized-definition.ts'

export interface CompiledBot {
  readonly model: BotModel
  /** The code of the hooks that the definition brought with it, by the names that the model has. */
  readonly hooks: ReadonlyMap<string, TurnHook | LambdaRef>
  readonly warnings: readonly string[]
}

/** @throws {BotError} BAD_INPUT with every issue, each with its path */
export function compileBot(given: BotDefinition): CompiledBot {
  const issues = new Issues()
  const definition = checkShape(given, issues)
  if (definition === null) {
    issues.throwIfAny('bot definition')
    throw new TypeError('a definition of which nothing is left has an issue')
  }
  const hooks = new Map<string, TurnHook | LambdaRef>()
  const defaultLocale = definition.locale ?? 'en_US'
  const locales: Record<string, LocaleModel> = {
    [defaultLocale]: compileLocale(definition, defaultLocale, '', hooks, issues),
  }
  for (const [locale, words] of Object.entries(definition.locales ?? {})) {
    const path = at('locales', locale)
    if (locale === defaultLocale) {
      issues.error(path, 'is the language of the bot itself; write its words beside the intents')
      continue
    }
    const localized = localizedDefinition(definition, words, path, issues)
    const named = { ...localized, name: definition.name }
    locales[locale] = compileLocale(named, locale, path, hooks, issues)
  }
  const model = sealModel({
    format: modelFormat,
    name: definition.name,
    description: definition.description ?? '',
    sessionTtlSeconds: definition.sessionTtlSeconds ?? 300,
    childDirected: definition.childDirected ?? false,
    defaultLocale,
    locales,
  })
  checkModelInto(model, issues)
  issues.throwIfAny(`bot ${definition.name}`)
  return { model, hooks, warnings: issues.warnings }
}

/** A model with its hash. @throws {BotError} FORMAT for a newer model */
export function sealModel(model: Omit<BotModel, 'hash'> & { readonly hash?: string }): BotModel {
  if (model.format !== modelFormat) {
    throw new BotError(
      'FORMAT',
      `this model has format ${model.format}, and this package reads ${modelFormat}; install a newer @typestead/bot`,
    )
  }
  const { hash: _, ...content } = model
  return { ...content, hash: createHash('sha256').update(canonicalJson(content)).digest('hex') }
}

/** JSON with keys in the order of code units and nothing undefined: equal values give equal bytes. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  )
}

function compileLocale(
  definition: Pick<BotDefinition, 'name' | 'intents' | 'slotTypes'> & LocaleWords,
  locale: string,
  path: string,
  hooks: Map<string, TurnHook | LambdaRef>,
  issues: Issues,
): LocaleModel {
  const defaults = languageDefaults(locale)
  const intents = Object.entries(definition.intents).map(([name, intent]) =>
    compileIntent(name, intent, {
      bot: definition.name,
      path: at(at(path, 'intents'), name),
      issues,
      defaults,
      hooks,
    }),
  )
  const { clarification, abort } = definition
  return {
    locale,
    threshold: definition.threshold ?? 0.4,
    outputVoice: definition.outputVoice ?? null,
    intents,
    slotTypes: Object.entries(definition.slotTypes ?? {}).map(([name, type]) =>
      compileSlotType(name, type, at(at(path, 'slotTypes'), name), issues),
    ),
    fallbackIntent:
      intents.find(({ builtin }) => builtin === 'AMAZON.FallbackIntent')?.name ?? null,
    clarification:
      clarification === null
        ? null
        : clarification === undefined
          ? compilePrompt(
              { prompt: defaults.clarification, retries: [defaults.clarificationRetry] },
              at(path, 'clarification'),
              issues,
            )
          : compileAsking(clarification, at(path, 'clarification'), issues),
    abort:
      abort === null ? null : compileStatement(abort ?? defaults.abort, at(path, 'abort'), issues),
    phrases: compilePhrases(defaults.phrases, definition.phrases),
  }
}

function compilePhrases(
  own: DialoguePhrases,
  given: Partial<DialoguePhrases> | undefined,
): DialoguePhrases {
  const phrases: Record<string, string | readonly string[]> = { ...own }
  for (const [key, value] of Object.entries(given ?? {})) {
    if (value !== undefined) phrases[key] = value
  }
  // The keys were checked by the schema; each has the kind of value that it had.
  return phrases as unknown as DialoguePhrases
}

function compileSlotType(
  name: string,
  type: SlotTypeDefinition,
  path: string,
  issues: Issues,
): SlotTypeModel {
  const { entity, field, vocabulary: named } = type
  if ((entity === undefined) !== (field === undefined)) {
    issues.error(path, 'entity and field belong together: { entity: Book, field: "title" }')
  }
  if (entity !== undefined && named !== undefined) {
    issues.error(path, 'vocabulary and entity name the same thing; write one of them')
  }
  const vocabulary = named ?? (entity === undefined ? null : `${nameOf(entity)}.${field}`)
  const closed = vocabulary !== null || type.pattern !== undefined
  const resolve = type.resolve ?? (closed ? 'top' : 'original')
  return {
    name,
    description: type.description ?? '',
    parent:
      type.extends === undefined ? null : (builtinSlotType(type.extends)?.name ?? type.extends),
    values: (type.values ?? []).map((value) =>
      typeof value === 'string'
        ? { value, synonyms: [] }
        : { value: value.value, synonyms: value.synonyms ?? [] },
    ),
    strategy: resolve === 'top' ? 'TopResolution' : 'OriginalValue',
    pattern: type.pattern ?? null,
    vocabulary,
  }
}
