/** Models of bots for property tests: within the limits, with everything that a model may have. */
import fc from 'fast-check'
import { languageWords } from '../../src/lex/archive/archive-defaults.ts'
import type {
  BotModel,
  CardAttachment,
  ConfirmationModel,
  IntentModel,
  LocaleModel,
  Message,
  PromptModel,
  SlotModel,
  SlotTypeModel,
  StatementModel,
} from '../../src/model/bot-model.ts'

/** Mostly what both formats can carry; sometimes what they cannot. */
export function randomModel(format: 'v1' | 'v2'): fc.Arbitrary<Omit<BotModel, 'hash'>> {
  return fc
    .record({
      plain: fc.boolean(),
      description: words,
      sessionTtlSeconds: fc.integer({ min: 60, max: 86_400 }),
      childDirected: fc.boolean(),
      locale: fc.constantFrom('en_US', 'de_DE'),
    })
    .chain(({ plain, locale, ...rest }) =>
      localeModel(locale, plain, format).map((model) => ({
        format: 1 as const,
        name: 'RandomBot',
        ...rest,
        defaultLocale: locale,
        locales: { [locale]: model },
      })),
    )
}

const words = fc
  .array(fc.constantFrom('book', 'ünder', 'a “quote”', '\\', '日本', '{x', '🙂', "it's"), {
    maxLength: 4,
  })
  .map((parts) => parts.join(' '))
const someWords = words.map((text) => text || 'words')

function rarely<T>(plain: boolean, value: fc.Arbitrary<T>, otherwise: T): fc.Arbitrary<T> {
  return plain
    ? fc.constant(otherwise)
    : fc.oneof({ arbitrary: fc.constant(otherwise), weight: 4 }, value)
}

function localeModel(
  locale: string,
  plain: boolean,
  format: 'v1' | 'v2',
): fc.Arbitrary<LocaleModel> {
  const defaults = languageWords(locale)
  const defaultAsking = defaults.clarification as PromptModel
  return fc
    .record({
      threshold: fc.constantFrom(0, 0.4, 0.55, 1),
      outputVoice: fc.constantFrom(null, 'Joanna'),
      intents: fc.uniqueArray(
        fc
          .constantFrom('Order', 'Cancel', 'Hello')
          .chain((name) => intent(name, plain, hooks[format])),
        { minLength: 1, maxLength: 3, selector: ({ name }) => name },
      ),
      slotTypes: fc
        .constant(null)
        .chain(() => slotType(plain))
        .map((type) => [type]),
      // V1 has words of its own here, V2 only those that every bot has.
      clarification: format === 'v1' ? prompt(plain) : rarely(plain, prompt(plain), defaultAsking),
    })
    .map((parts) => ({
      ...defaults,
      ...parts,
      locale,
      fallbackIntent: null,
    }))
}

/** What AWS takes as the name of a hook, and what an importer of V2 calls one. */
const hooks = { v1: 'arn:aws:lambda:us-east-1:123456789012:function:hook', v2: 'lambda' }

function intent(name: string, plain: boolean, hook: string): fc.Arbitrary<IntentModel> {
  return fc.record({
    name: fc.constant(name),
    description: words,
    builtin: fc.constant(null),
    utterances: fc.uniqueArray(
      fc
        .constantFrom(`${name} it`, `please ${name}`, `${name} the { first } one`)
        .map((text) => text.replace('{ first }', 'first')),
      { minLength: 1, maxLength: 3 },
    ),
    slots: fc
      .tuple(slot('first', 1, plain), slot('second', 2, plain))
      .chain((slots) => fc.constantFrom([], slots.slice(0, 1), slots)),
    confirmation: fc.option(confirmation(plain)),
    dialogHook: fc.constantFrom(null, hook),
    fulfilmentHook: fc.constantFrom(hook, hook, null),
    success: rarely(plain, statement(plain), null),
    failure: rarely(plain, statement(plain), null),
    followUp: rarely(plain, confirmation(plain), null),
    closing: rarely(plain, statement(plain), null),
    inputContexts: fc.constantFrom([], ['at_home']),
    outputContexts: fc.constantFrom(
      [],
      [{ name: 'ordered', turnsToLive: 3, timeToLiveSeconds: 60 }],
    ),
  })
}

function slot(name: string, priority: number, plain: boolean): fc.Arbitrary<SlotModel> {
  return fc.record({
    name: fc.constant(name),
    type: fc.constantFrom('Kind', 'AMAZON.Date', 'AMAZON.Number'),
    required: fc.constant(true),
    priority: fc.constant(priority),
    prompt: prompt(plain),
    utterances: fc.constantFrom([], [`the { ${name} }`.replaceAll(/[{} ]+/g, ' ').trim()]),
    defaults: fc.constantFrom([], ['x'], ['[attribute]', '#ordered.kind']),
    multiple: rarely(plain, fc.boolean(), false),
    obfuscated: fc.boolean(),
  })
}

function slotType(plain: boolean): fc.Arbitrary<SlotTypeModel> {
  return fc.record({
    name: fc.constant('Kind'),
    description: words,
    parent: fc.constantFrom(null, 'AMAZON.AlphaNumeric'),
    values: fc.constantFrom(
      [{ value: 'fiction', synonyms: [] }],
      [
        { value: 'fantasy', synonyms: ['magic', 'Märchen'] },
        { value: 'crime', synonyms: [] },
      ],
    ),
    strategy: fc.constantFrom('TopResolution' as const, 'OriginalValue' as const),
    pattern: rarely(plain, fc.constant('[A-Z]{3}'), null),
    vocabulary: rarely(plain, fc.constant('Book.title'), null),
  })
}

function confirmation(plain: boolean): fc.Arbitrary<ConfirmationModel> {
  return fc.record({ prompt: prompt(plain), rejection: statement(plain) })
}

function prompt(plain: boolean): fc.Arbitrary<PromptModel> {
  return fc
    .record({
      retries: plain ? fc.integer({ min: 1, max: 5 }) : fc.integer({ min: 0, max: 5 }),
      selection: rarely(
        plain,
        fc.constant('Ordered' as const),
        'Random' as PromptModel['selection'],
      ),
      statement: statement(plain),
      attempts: rarely(plain, fc.array(groups(plain), { maxLength: 2 }), []),
    })
    .map(({ statement: said, attempts, ...rest }) => ({
      ...rest,
      ...said,
      attempts: attempts.slice(0, rest.retries),
    }))
}

function statement(plain: boolean): fc.Arbitrary<StatementModel> {
  return fc.record({
    groups: groups(plain),
    card: rarely(
      plain,
      attachment.map((one) => ({ attachments: [one] })),
      null,
    ),
  })
}

function groups(plain: boolean): fc.Arbitrary<Message[][]> {
  return fc.array(fc.array(message(plain), { minLength: 1, maxLength: 3 }), {
    minLength: 1,
    maxLength: 3,
  })
}

const attachment: fc.Arbitrary<CardAttachment> = fc.constantFrom(
  { title: 'Card' },
  { title: 'Card', subTitle: 'sub', buttons: [{ text: 'a', value: 'b' }] },
  { title: 'Card', attachmentLinkUrl: 'https://example.com/' },
)

function message(plain: boolean): fc.Arbitrary<Message> {
  const texts = fc.record({
    contentType: fc.constantFrom('PlainText' as const, 'SSML' as const, 'CustomPayload' as const),
    content: someWords,
  })
  if (plain) return texts
  const card: fc.Arbitrary<Message> = attachment.map((one) => ({
    contentType: 'ImageResponseCard',
    content: one.title,
    card: one,
  }))
  return fc.oneof({ arbitrary: texts, weight: 5 }, card)
}
