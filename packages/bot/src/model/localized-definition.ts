/** A bot in another language: its own structure with that language's words. What is left out is told, for nobody would see it. */
import type {
  BotDefinition,
  IntentDefinition,
  LocaleDefinition,
  LocaleWords,
} from './define-bot.ts'
import { at, type Issues } from './issues.ts'

export function localizedDefinition(
  bot: BotDefinition,
  words: LocaleDefinition,
  path: string,
  issues: Issues,
): Pick<BotDefinition, 'intents' | 'slotTypes'> & LocaleWords {
  const { intents: wordedIntents, slotTypes: wordedTypes = {}, ...localeWords } = words
  const intents: Record<string, IntentDefinition> = {}
  for (const name of Object.keys(wordedIntents)) {
    if (!Object.hasOwn(bot.intents, name)) {
      issues.error(
        at(at(path, 'intents'), name),
        'the bot has no such intent; define it beside the others first',
      )
    }
  }
  for (const [name, intent] of Object.entries(bot.intents)) {
    const worded = Object.hasOwn(wordedIntents, name) ? wordedIntents[name] : undefined
    const here = at(at(path, 'intents'), name)
    if (worded) intents[name] = localizedIntent(intent, worded, here, issues)
    else if (intent.fallback || intent.builtin !== undefined) intents[name] = withoutWords(intent)
    else issues.warn(here, 'has no words in this language and is left out of it')
  }
  const slotTypes = { ...bot.slotTypes }
  for (const [name, type] of Object.entries(wordedTypes)) {
    const base = slotTypes[name]
    if (base) slotTypes[name] = { ...base, ...type }
    else issues.error(at(at(path, 'slotTypes'), name), 'the bot has no such slot type')
  }
  return { ...localeWords, intents, slotTypes }
}

const spoken = ['confirm', 'success', 'failure', 'followUp', 'closing'] as const

function localizedIntent(
  intent: IntentDefinition,
  worded: LocaleDefinition['intents'][string],
  path: string,
  issues: Issues,
): IntentDefinition {
  const { slots: wordedSlots = {}, ...words } = worded
  for (const key of spoken) {
    if (intent[key] !== undefined && worded[key] === undefined) {
      issues.warn(at(path, key), "is not given in this language; the bot's own words are said")
    }
  }
  const slots = { ...intent.slots }
  for (const [name, slot] of Object.entries(wordedSlots)) {
    const base = slots[name]
    if (base) slots[name] = { ...base, ...slot }
    else issues.error(at(at(path, 'slots'), name), 'the intent has no such slot')
  }
  for (const [name, slot] of Object.entries(slots)) {
    if (slot.prompt !== undefined && wordedSlots[name]?.prompt === undefined) {
      issues.warn(
        at(at(path, 'slots'), name),
        "has no prompt in this language; the bot's own words are said",
      )
    }
  }
  return { ...withoutWords(intent), ...words, slots }
}

/** Utterances of one language mean nothing in another; those of built-in intents come with the language. */
function withoutWords(intent: IntentDefinition): IntentDefinition {
  const { utterances: _, ...rest } = intent
  return rest
}
