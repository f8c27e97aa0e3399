/** Amazon Lex's quotas and patterns (Lex V2 developer guide, "Quotas"; Lex V1 model building API, where V2 has none of that kind). */

export const limits = {
  intents: 250,
  slotsPerIntent: 100,
  slotTypes: 250,
  locales: 30,
  utterancesPerIntent: 1500,
  utteranceLength: 500,
  /** Of all utterances of a language together. */
  utteranceCharacters: 200_000,
  utterancesPerSlot: 10,
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
  titleLength: 80,
  buttonTextLength: 50,
  buttonValueLength: 1000,
  urlLength: 2048,
  descriptionLength: 200,
  inputContexts: 5,
  outputContexts: 10,
  contextTurns: [1, 20],
  contextSeconds: [5, 86_400],
  defaultsPerSlot: 10,
  defaultLength: 300,
  sessionTtlSeconds: [60, 86_400],
  priority: [1, 100],
  hookNameLength: 2048,
  phrases: 100,
  phraseLength: 200,
} as const

export const botNamePattern = /^(?=.{2,100}$)(?:[0-9a-zA-Z][_-]?)+$/
export const namePattern = /^(?=.{1,100}$)(?:[0-9a-zA-Z][_-]?)+$/
/** V1 has periods in the names of slots. */
export const slotNamePattern = /^(?=.{1,100}$)(?:[0-9a-zA-Z][_.-]?)+$/
export const localePattern = /^[a-z]{2,3}_[A-Z]{2}$/
export const contextNamePattern = /^(?=.{1,100}$)(?:[A-Za-z0-9]_?)+$/
