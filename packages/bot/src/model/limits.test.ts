/** Every limit of a bot at its value and one past it: the model takes the one and names the place of the other. */
import { expect, it } from 'vitest'
import { BotError } from '../bot-error.ts'
import { compileBot } from './compile-bot.ts'
import type { BotDefinition, IntentDefinition, SlotDefinition } from './define-bot.ts'
import { localePattern, namePattern, slotNamePattern } from './limits.ts'

const small: BotDefinition = { name: 'Small', intents: { Hi: { utterances: ['hello'] } } }
const intent = (over: IntentDefinition): BotDefinition => ({
  ...small,
  intents: { Hi: { utterances: ['hello'], ...over } },
})
const slot = (over: Partial<SlotDefinition>): BotDefinition =>
  intent({ slots: { s: { type: 'AMAZON.Date', prompt: '?', ...over } } })
const values = (list: readonly (string | { value: string; synonyms: string[] })[]) => ({
  ...small,
  slotTypes: { T: { values: list } },
})
const card = (over: object) =>
  intent({ closing: { messages: 'x', card: { title: 'T', ...over } as { title: string } } })
const output = (over: object) => intent({ contexts: { output: [{ name: 'c', ...over }] } })

const letters = (i: number) => [...String(i)].map((digit) => 'abcdefghij'[Number(digit)]).join('')
const word = (i: number) => `word ${letters(i)}`
const many = <T>(count: number, make: (i: number) => T): T[] =>
  Array.from({ length: count }, (_, i) => make(i))
const record = <T>(count: number, make: (i: number) => T): Record<string, T> =>
  Object.fromEntries(many(count, (i) => [`n${i}`, make(i)]))
const text = (length: number) => 'a'.repeat(length)
const address = (length: number) => `https://example.com/${text(length - 20)}`

type Row = readonly [
  what: string,
  make: (n: number) => BotDefinition,
  taken: number,
  refused: number,
  where: string,
]

const spokenIn = (locale: string, characters: number): BotDefinition => ({
  ...small,
  locale,
  intents: record(Math.ceil(characters / 500_000), (part) => ({
    utterances: many(Math.min(1000, Math.ceil((characters - part * 500_000) / 500)), (i) =>
      `${letters(part)} ${letters(i)} `.padEnd(
        Math.min(500, characters - part * 500_000 - i * 500),
        'x',
      ),
    ),
  })),
})
const slotsIn = (locale: string, count: number): BotDefinition => ({
  ...small,
  locale,
  intents: record(Math.ceil(count / 100), (part) => ({
    utterances: [word(part)],
    slots: record(Math.min(100, count - part * 100), () => ({
      type: 'AMAZON.Date',
      prompt: '?',
      priority: 1,
    })),
  })),
})

const rows: readonly Row[] = [
  ['a bot name', (n) => ({ ...small, name: text(n) }), 100, 101, 'name'],
  ['a bot name, at least', (n) => ({ ...small, name: text(n) }), 1, 0, 'name'],
  ['a description', (n) => ({ ...small, description: text(n) }), 2000, 2001, 'description'],
  ['a session', (n) => ({ ...small, sessionTtlSeconds: n }), 60, 59, 'sessionTtlSeconds'],
  [
    'a session, at most',
    (n) => ({ ...small, sessionTtlSeconds: n }),
    86_400,
    86_401,
    'sessionTtlSeconds',
  ],
  ['the threshold', (n) => ({ ...small, threshold: n }), 1, 1.01, 'threshold'],
  ['the threshold, at least', (n) => ({ ...small, threshold: n }), 0, -0.01, 'threshold'],
  ['languages', (n) => spoken(n), 30, 31, 'locales'],
  [
    'intents',
    (n) => ({ ...small, intents: record(n, (i) => ({ utterances: [word(i)] })) }),
    250,
    251,
    'intents',
  ],
  [
    'an intent name',
    (n) => ({ ...small, intents: { [text(n)]: { utterances: ['x'] } } }),
    100,
    101,
    `intents.${text(101)}`,
  ],
  [
    'an intent description',
    (n) => intent({ description: text(n) }),
    2000,
    2001,
    'intents.Hi.description',
  ],
  [
    'utterances of an intent',
    (n) => intent({ utterances: many(n, word) }),
    1500,
    1501,
    'intents.Hi.utterances',
  ],
  ['an utterance', (n) => intent({ utterances: [text(n)] }), 500, 501, 'intents.Hi.utterances[0]'],
  ['characters of utterances', (n) => spokenIn('de_DE', n), 200_000, 200_001, 'intents'],
  [
    'characters of English utterances',
    (n) => spokenIn('en_US', n),
    2_000_000,
    2_000_001,
    'intents',
  ],
  ['slots of an intent', (n) => slotsOf(n), 100, 101, 'intents.Hi.slots'],
  ['slots of a language', (n) => slotsIn('de_DE', n), 2000, 2001, 'intents'],
  ['slots of English', (n) => slotsIn('en_GB', n), 4000, 4001, 'intents'],
  ['a slot name', (n) => slotNamed(text(n)), 100, 101, `intents.Hi.slots.${text(101)}`],
  ['a priority', (n) => slot({ priority: n }), 100, 101, 'intents.Hi.slots.s.priority'],
  ['a priority, at least', (n) => slot({ priority: n }), 0, -1, 'intents.Hi.slots.s.priority'],
  [
    'utterances of a slot',
    (n) => slot({ utterances: many(n, word) }),
    10,
    11,
    'intents.Hi.slots.s.utterances',
  ],
  [
    'an utterance of a slot',
    (n) => slot({ utterances: [text(n)] }),
    500,
    501,
    'intents.Hi.slots.s.utterances[0]',
  ],
  ['defaults', (n) => slot({ defaults: many(n, word) }), 10, 11, 'intents.Hi.slots.s.defaults'],
  ['a default', (n) => slot({ defaults: [text(n)] }), 202, 203, 'intents.Hi.slots.s.defaults[0]'],
  [
    'a default, at least',
    (n) => slot({ defaults: [text(n)] }),
    1,
    0,
    'intents.Hi.slots.s.defaults[0]',
  ],
  ['retries', (n) => slot({ retries: n }), 5, 6, 'intents.Hi.slots.s.retries'],
  ['retries, at least', (n) => slot({ retries: n }), 0, -1, 'intents.Hi.slots.s.retries'],
  ['worded retries', (n) => slot({ retries: many(n, word) }), 5, 6, 'intents.Hi.slots.s.retries'],
  [
    'groups of messages',
    (n) => intent({ closing: many(n, (i) => [word(i)]) }),
    5,
    6,
    'intents.Hi.closing',
  ],
  ['variants of a message', (n) => intent({ closing: many(n, word) }), 5, 6, 'intents.Hi.closing'],
  ['a message', (n) => intent({ closing: text(n) }), 1000, 1001, 'intents.Hi.closing'],
  ['a message, at least', (n) => intent({ closing: text(n) }), 1, 0, 'intents.Hi.closing'],
  [
    'attachments of a card',
    (n) => intent({ closing: { messages: 'x', card: many(n, () => ({ title: 'T' })) } }),
    10,
    11,
    'intents.Hi.closing.card',
  ],
  ['a title', (n) => card({ title: text(n) }), 250, 251, 'intents.Hi.closing.card.title'],
  ['a subtitle', (n) => card({ subTitle: text(n) }), 250, 251, 'intents.Hi.closing.card.subTitle'],
  [
    'an image address',
    (n) => card({ imageUrl: address(n) }),
    2048,
    2049,
    'intents.Hi.closing.card.imageUrl',
  ],
  [
    'a link',
    (n) => card({ attachmentLinkUrl: address(n) }),
    2048,
    2049,
    'intents.Hi.closing.card.attachmentLinkUrl',
  ],
  ['buttons', (n) => card({ buttons: many(n, word) }), 5, 6, 'intents.Hi.closing.card.buttons'],
  [
    'a button',
    (n) => card({ buttons: [{ text: text(n), value: 'v' }] }),
    50,
    51,
    'intents.Hi.closing.card.buttons[0]',
  ],
  [
    "a button's value",
    (n) => card({ buttons: [{ text: 't', value: text(n) }] }),
    1000,
    1001,
    'intents.Hi.closing.card.buttons[0]',
  ],
  [
    'input contexts',
    (n) => intent({ contexts: { input: many(n, (i) => `c${i}`) } }),
    5,
    6,
    'intents.Hi.contexts.input',
  ],
  [
    'output contexts',
    (n) => intent({ contexts: { output: many(n, (i) => `c${i}`) } }),
    10,
    11,
    'intents.Hi.contexts.output',
  ],
  [
    'a context name',
    (n) => intent({ contexts: { output: [text(n)] } }),
    100,
    101,
    'intents.Hi.contexts',
  ],
  [
    'turns of a context',
    (n) => output({ turns: n }),
    20,
    21,
    'intents.Hi.contexts.output[0].turns',
  ],
  [
    'turns of a context, at least',
    (n) => output({ turns: n }),
    1,
    0,
    'intents.Hi.contexts.output[0].turns',
  ],
  [
    'seconds of a context',
    (n) => output({ seconds: n }),
    86_400,
    86_401,
    'intents.Hi.contexts.output[0].seconds',
  ],
  [
    'seconds of a context, at least',
    (n) => output({ seconds: n }),
    5,
    4,
    'intents.Hi.contexts.output[0].seconds',
  ],
  ['the name of a hook', (n) => intent({ fulfil: text(n) }), 2048, 2049, 'intents.Hi.fulfil'],
  [
    'slot types',
    (n) => ({ ...small, slotTypes: record(n, () => ({ values: ['v'] })) }),
    250,
    251,
    'slotTypes',
  ],
  [
    'a slot type name',
    (n) => ({ ...small, slotTypes: { [text(n)]: { values: ['v'] } } }),
    100,
    101,
    `slotTypes.${text(101)}`,
  ],
  ['values of a slot type', (n) => values(many(n, word)), 10_000, 10_001, 'slotTypes.T.values'],
  [
    'values and synonyms',
    (n) => values([{ value: 'v', synonyms: many(n - 1, word) }]),
    10_000,
    10_001,
    'slotTypes.T.values',
  ],
  ['values and synonyms of a language', (n) => manyValues(n), 50_000, 50_001, 'slotTypes'],
  ['a value', (n) => values([text(n)]), 140, 141, 'slotTypes.T.values[0]'],
  [
    'a synonym',
    (n) => values([{ value: 'v', synonyms: [text(n)] }]),
    140,
    141,
    'slotTypes.T.values[0]',
  ],
  [
    'a pattern',
    (n) => ({ ...small, slotTypes: { T: { pattern: text(n) } } }),
    300,
    301,
    'slotTypes.T.pattern',
  ],
  [
    'phrases',
    (n) => ({ ...small, phrases: { cancel: many(n, word) } }),
    100,
    101,
    'phrases.cancel',
  ],
  [
    'a phrase',
    (n) => ({ ...small, phrases: { cancel: [text(n)] } }),
    200,
    201,
    'phrases.cancel[0]',
  ],
]

it.each(rows)('%s', (_, make, taken, refused, where) => {
  expect(issues(make(taken))).toEqual([])
  expect(issues(make(refused))).toContain(where)
})

it.each([
  ['names', namePattern, ['a', 'A1', 'a-b_c', '1'], ['', 'a__b', '_a', 'a.b', 'ä', 'a b']],
  ['slot names', slotNamePattern, ['a.b', 'a-b', 'a1'], ['a..b', '.a']],
  ['languages', localePattern, ['en_US', 'es_419', 'yue_HK'], ['en-US', 'en', 'EN_us', 'es_41']],
])('%s have the letters that AWS takes', (_, pattern, good, bad) => {
  for (const name of good) expect(pattern.test(name), name).toBe(true)
  for (const name of bad) expect(pattern.test(name), name).toBe(false)
})

function spoken(languages: number): BotDefinition {
  const codes = many(languages - 1, (i) => `${letters(i).padStart(2, 'a')}_XX`)
  return {
    ...small,
    locales: Object.fromEntries(
      codes.map((code) => [code, { intents: { Hi: { utterances: ['hallo'] } } }]),
    ),
  }
}

function slotsOf(count: number): BotDefinition {
  return intent({
    slots: record(count, () => ({ type: 'AMAZON.Date', prompt: '?', priority: 1 })),
  })
}

function slotNamed(name: string): BotDefinition {
  return intent({ slots: { [name]: { type: 'AMAZON.Date', prompt: '?' } } })
}

function manyValues(count: number): BotDefinition {
  return {
    ...small,
    slotTypes: record(Math.ceil(count / 10_000), (part) => ({
      values: many(Math.min(10_000, count - part * 10_000), word),
    })),
  }
}

/** The paths of what is wrong. */
function issues(definition: BotDefinition): string[] {
  try {
    compileBot(definition)
    return []
  } catch (error) {
    if (!(error instanceof BotError)) throw error
    return error.issues.map(({ path }) => path)
  }
}
