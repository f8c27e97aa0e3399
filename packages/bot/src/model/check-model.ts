/** Lex's limits and the rules that hold within a model, each breach with its path. For compiled bots and for imported ones. */
import { patternProblem } from '@typestead/nlu'
import type { BotIssue } from '../bot-error.ts'
import { builtinSlotType } from '../slot-types/builtin-slot-types.ts'
import type { BotModel, DialoguePhrases, LocaleModel, SlotTypeModel } from './bot-model.ts'
import { checkIntent } from './check-intent.ts'
import { checkPrompt, checkStatement } from './check-messages.ts'
import { at, Issues } from './issues.ts'
import { limits, localePattern, localeQuotas, namePattern } from './limits.ts'

/** Every breach of a limit in a model that was not compiled here. Marks that only V1 refuses are let through. */
export function checkModel(model: BotModel): {
  readonly issues: readonly BotIssue[]
  readonly warnings: readonly string[]
} {
  const issues = new Issues()
  checkModelInto(model, issues, { marks: 'warn' })
  return { issues: issues.errors, warnings: issues.warnings }
}

export interface CheckOptions {
  /** Characters in utterances that V1 refuses and V2 takes. */
  readonly marks?: 'refuse' | 'warn'
}

export function checkModelInto(model: BotModel, issues: Issues, options: CheckOptions = {}): void {
  if (!namePattern.test(model.name)) {
    issues.error(
      'name',
      `must be 1 to 100 letters and digits, single _ or - between them; got ${JSON.stringify(model.name.slice(0, 120))}`,
    )
  }
  checkLength(model.description, limits.descriptionLength, 'description', issues)
  checkRange(model.sessionTtlSeconds, limits.sessionTtlSeconds, 'sessionTtlSeconds', issues)
  const locales = Object.entries(model.locales)
  checkCount(locales.length, limits.locales, 'locales', 'languages', issues)
  if (!Object.hasOwn(model.locales, model.defaultLocale)) {
    issues.error('locale', `${model.defaultLocale} is not one of the bot's languages`)
  }
  for (const [name, locale] of locales) {
    checkLocale(locale, name === model.defaultLocale ? '' : at('locales', name), issues, options)
  }
}

function checkLocale(
  locale: LocaleModel,
  path: string,
  issues: Issues,
  { marks = 'refuse' }: CheckOptions,
): void {
  if (!localePattern.test(locale.locale)) {
    issues.error(
      path === '' ? 'locale' : path,
      `must be written as Lex does: en_US; got ${locale.locale.slice(0, 40)}`,
    )
  }
  checkCount(locale.intents.length, limits.intents, at(path, 'intents'), 'intents', issues)
  checkCount(locale.slotTypes.length, limits.slotTypes, at(path, 'slotTypes'), 'slot types', issues)
  if (locale.intents.length === 0)
    issues.error(at(path, 'intents'), 'a bot needs at least one intent')
  const types = new Map(locale.slotTypes.map((type) => [type.name, type]))
  const fallbacks = locale.intents.filter(({ builtin }) => builtin === 'AMAZON.FallbackIntent')
  if (fallbacks.length > 1) {
    issues.error(
      at(at(path, 'intents'), fallbacks[1]?.name ?? ''),
      `${fallbacks[0]?.name} is the fallback intent already; a bot has one`,
    )
  }
  const quotas = localeQuotas(locale.locale)
  let characters = 0
  let slots = 0
  for (const intent of locale.intents) {
    checkIntent(intent, types, at(at(path, 'intents'), intent.name), issues, marks)
    for (const utterance of intent.utterances) characters += utterance.length
    slots += intent.slots.length
  }
  checkCount(
    characters,
    quotas.utteranceCharacters,
    at(path, 'intents'),
    'characters in utterances',
    issues,
  )
  checkCount(slots, quotas.slots, at(path, 'intents'), 'slots together', issues)
  warnOfSharedUtterances(locale, path, issues)
  let values = 0
  for (const type of locale.slotTypes) {
    checkSlotType(type, at(at(path, 'slotTypes'), type.name), issues)
    for (const { synonyms } of type.values) values += 1 + synonyms.length
  }
  if (values > limits.valuesPerLocale) {
    issues.error(
      at(path, 'slotTypes'),
      `slot types have ${values} values and synonyms together; ${limits.valuesPerLocale} are allowed; use a vocabulary`,
    )
  }
  const none: ReadonlySet<string> = new Set()
  if (locale.clarification)
    checkPrompt(locale.clarification, at(path, 'clarification'), none, issues)
  if (locale.abort) checkStatement(locale.abort, at(path, 'abort'), none, issues)
  checkPhrases(locale.phrases, at(path, 'phrases'), issues)
}

function checkSlotType(type: SlotTypeModel, path: string, issues: Issues): void {
  checkName(type.name, path, issues)
  checkLength(type.description, limits.descriptionLength, at(path, 'description'), issues)
  const words = type.values.reduce((sum, { synonyms }) => sum + 1 + synonyms.length, 0)
  checkCount(words, limits.valuesPerSlotType, at(path, 'values'), 'values and synonyms', issues)
  if (type.parent !== null) {
    const parent = builtinSlotType(type.parent)
    if (!parent) issues.error(at(path, 'extends'), `${type.parent} is no built-in slot type`)
    else if (parent.kind === 'unsupported') {
      issues.error(at(path, 'extends'), `${type.parent} is not supported`)
    }
  }
  if (
    type.values.length === 0 &&
    !type.vocabulary &&
    type.pattern === null &&
    type.parent === null
  ) {
    issues.error(path, 'has no values; give values, a pattern, a vocabulary, or what it extends')
  }
  const owners = new Map<string, string>()
  type.values.forEach(({ value, synonyms }, i) => {
    for (const word of [value, ...synonyms]) {
      const here = at(at(path, 'values'), i)
      if (word.trim() === '' || word.length > limits.valueLength) {
        issues.error(
          here,
          `values and synonyms have 1 to ${limits.valueLength} characters, got ${word.length}`,
        )
      }
      const key = word.normalize('NFC').toLowerCase().trim()
      const owner = owners.get(key)
      if (owner !== undefined && owner !== value) {
        issues.error(
          here,
          `"${word.slice(0, 60)}" also belongs to the value "${owner.slice(0, 60)}"`,
        )
      } else if (owner !== undefined) issues.warn(here, `"${word.slice(0, 60)}" stands twice`)
      owners.set(key, value)
    }
  })
  if (type.pattern === null) return
  if (type.pattern.length > limits.patternLength) {
    issues.error(at(path, 'pattern'), `is longer than ${limits.patternLength} characters`)
    return
  }
  const problem = patternProblem(type.pattern)
  if (problem !== undefined) issues.error(at(path, 'pattern'), problem)
}

function warnOfSharedUtterances(locale: LocaleModel, path: string, issues: Issues): void {
  const owners = new Map<string, string>()
  for (const intent of locale.intents) {
    intent.utterances.forEach((utterance, i) => {
      const key = utterance
        .normalize('NFC')
        .toLowerCase()
        .replace(/\{[^}]*\}/g, '{}')
        .replace(/\s+/g, ' ')
        .trim()
      const owner = owners.get(key)
      if (owner !== undefined) {
        const whose = owner === intent.name ? 'this intent too' : `the intent ${owner}`
        issues.warn(
          at(at(at(at(path, 'intents'), intent.name), 'utterances'), i),
          `"${utterance.slice(0, 80)}" is an utterance of ${whose}`,
        )
      }
      owners.set(key, intent.name)
    })
  }
}

function checkPhrases(phrases: DialoguePhrases, path: string, issues: Issues): void {
  for (const [key, said] of Object.entries(phrases)) {
    const here = at(path, key)
    if (typeof said === 'string') {
      if (said.trim() === '') issues.error(here, 'is empty')
      checkLength(said, limits.messageLength, here, issues)
      continue
    }
    // The other phrases are lists of texts.
    const list = said as readonly string[]
    checkCount(list.length, limits.phrases, here, 'phrases', issues)
    list.forEach((phrase, i) => {
      if (phrase.trim() === '') issues.error(at(here, i), 'is empty')
      checkLength(phrase, limits.phraseLength, at(here, i), issues)
      if (key === 'change' && (!phrase.includes('{slot}') || !phrase.includes('{value}'))) {
        issues.error(at(here, i), 'needs both {slot} and {value}')
      }
    })
  }
}

function checkName(name: string, path: string, issues: Issues): void {
  if (!namePattern.test(name)) {
    issues.error(path, 'a name has 1 to 100 letters and digits, single _ or - between them')
  }
}

function checkLength(text: string, most: number, path: string, issues: Issues): void {
  if (text.length > most) issues.error(path, `has ${text.length} characters; ${most} are allowed`)
}

function checkCount(count: number, most: number, path: string, what: string, issues: Issues): void {
  if (count > most) issues.error(path, `has ${count} ${what}; ${most} are allowed`)
}

function checkRange(
  value: number,
  [least, most]: readonly [number, number],
  path: string,
  issues: Issues,
): void {
  if (!Number.isInteger(value) || value < least || value > most) {
    issues.error(path, `must be a whole number from ${least} to ${most}, got ${value}`)
  }
}
