/**
 * What a bot may have. Lengths, ranges and patterns are those of AWS's service models: Lex V2 model building (`lexv2-models`, API
 * version 2020-08-07) and Lex V1 model building (`lex-models`, 2017-04-19); counts that neither has are the quotas of the two
 * developer guides. Where the generations differ the wider one holds here, and an export tells what its own AWS would refuse.
 */

export const limits = {
  intents: 250,
  slotsPerIntent: 100,
  slotTypes: 250,
  locales: 30,
  utterancesPerIntent: 1500,
  utteranceLength: 500,
  utterancesPerSlot: 10,
  /** Values and synonyms of a slot type together. */
  valuesPerSlotType: 10_000,
  /** Values and synonyms of all slot types of a language together. */
  valuesPerLocale: 50_000,
  valueLength: 140,
  patternLength: 300,
  messageGroups: 5,
  messagesPerGroup: 5,
  messageLength: 1000,
  retries: 5,
  attachments: 10,
  buttons: 5,
  titleLength: 250,
  buttonTextLength: 50,
  buttonValueLength: 1000,
  urlLength: 2048,
  descriptionLength: 2000,
  inputContexts: 5,
  outputContexts: 10,
  contextTurns: [1, 20],
  contextSeconds: [5, 86_400],
  defaultsPerSlot: 10,
  defaultLength: 202,
  sessionTtlSeconds: [60, 86_400],
  priority: [0, 100],
  hookNameLength: 2048,
  phrases: 100,
  phraseLength: 200,
} as const

/** Quotas that are higher in the languages that AWS trained first. */
export function localeQuotas(locale: string): {
  readonly slots: number
  /** Characters of all utterances together. */
  readonly utteranceCharacters: number
} {
  return /^en_(?:AU|GB|US)$/.test(locale)
    ? { slots: 4_000, utteranceCharacters: 2_000_000 }
    : { slots: 2_000, utteranceCharacters: 200_000 }
}

/** Of bots, intents, slot types and contexts. */
export const namePattern = /^(?=.{1,100}$)(?:[0-9a-zA-Z][_-]?)+$/
/** V1 has periods in the names of slots. */
export const slotNamePattern = /^(?=.{1,100}$)(?:[0-9a-zA-Z][_.-]?)+$/
/** `en_US`, `es_419`. */
export const localePattern = /^[a-z]{2,3}_(?:[A-Z]{2}|\d{3})$/
