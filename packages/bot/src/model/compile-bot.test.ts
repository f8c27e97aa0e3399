import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { BotError } from '../bot-error.ts'
import { lambda } from '../hooks/lambda-ref.ts'
import type { BotModel } from './bot-model.ts'
import { checkModel } from './check-model.ts'
import { canonicalJson, compileBot, sealModel } from './compile-bot.ts'
import type { BotDefinition, IntentDefinition } from './define-bot.ts'

const small: BotDefinition = { name: 'Small', intents: { Hi: { utterances: ['hello'] } } }
const withIntent = (intent: IntentDefinition): BotDefinition => ({
  ...small,
  intents: { Hi: intent },
})

/** Every issue as `path: message`. */
function issues(definition: unknown): string[] {
  try {
    // What JSON may bring is of no type.
    compileBot(definition as BotDefinition)
    return []
  } catch (error) {
    if (!(error instanceof BotError)) throw error
    expect(error.code).toBe('BAD_INPUT')
    return error.issues.map(({ path, message }) => `${path}: ${message}`)
  }
}

describe('compileBot', () => {
  it('fills in defaults, orders slots and parses words', () => {
    const { model, hooks, warnings } = compileBot({
      name: 'PurchaseBook',
      slotTypes: {
        Kind: { values: ['a', { value: 'b', synonyms: ['bee'] }], resolve: 'top' },
        Title: { entity: { name: 'Book' }, field: 'title' },
      },
      intents: {
        Order: {
          utterances: ['order a {kind} book'],
          slots: {
            last: { type: 'AMAZON.DATE', priority: 9, prompt: 'When?' },
            kind: {
              type: 'Kind',
              priority: 1,
              prompt: ['Kind?', 'What kind?'],
              retries: ['Again?', ['Once more?', 'Please?']],
              selection: 'ordered',
            },
            title: { type: 'Title', priority: 2, prompt: [['One.'], ['Two.', 'Too.']], retries: 0 },
          },
          dialogHook: lambda('./check.cjs'),
          fulfil: (turn) => turn.close('Done'),
        },
        Help: { builtin: 'AMAZON.HelpIntent', closing: 'I help.' },
        Other: {
          fallback: true,
          closing: {
            messages: 'Hm.',
            card: { title: 'T', buttons: ['Yes', { text: 'No', value: 'no' }] },
          },
        },
      },
    })
    const [order, help] = model.locales.en_US?.intents ?? []
    expect(order?.slots.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'kind Kind',
      'title Title',
      'last AMAZON.Date',
    ])
    expect(order?.slots[0]?.prompt).toMatchObject({
      retries: 2,
      selection: 'Ordered',
      groups: [[{ content: 'Kind?' }, { content: 'What kind?' }]],
      attempts: [[[{ content: 'Again?' }]], [[{ content: 'Once more?' }, { content: 'Please?' }]]],
    })
    expect(order?.slots[1]?.prompt?.groups).toHaveLength(2)
    expect(order).toMatchObject({
      dialogHook: './check.cjs',
      fulfilmentHook: 'PurchaseBook.Order.fulfil',
    })
    expect([...hooks.keys()]).toEqual(['./check.cjs', 'PurchaseBook.Order.fulfil'])
    expect(help?.utterances).toContain('help')
    expect(model.locales.en_US).toMatchObject({
      fallbackIntent: 'Other',
      threshold: 0.4,
      slotTypes: [
        { strategy: 'TopResolution' },
        { vocabulary: 'Book.title', strategy: 'TopResolution' },
      ],
      clarification: { retries: 1 },
    })
    expect(model).toMatchObject({ sessionTtlSeconds: 300, defaultLocale: 'en_US' })
    expect(warnings).toEqual([])
  })

  it('gives the same hash for the same bot, and another for another word', () => {
    const { model } = compileBot(small)
    expect(model.hash).toMatch(/^[0-9a-f]{64}$/)
    expect(compileBot(structuredClone(small)).model).toEqual(model)
    expect(compileBot(withIntent({ utterances: ['hallo'] })).model.hash).not.toBe(model.hash)
    expect(sealModel(model)).toEqual(model)
    expect(() => sealModel({ ...model, format: 2 } as unknown as BotModel)).toThrow(
      /newer @typestead\/bot/,
    )
    expect(canonicalJson({ b: 1, a: [{ d: 1, c: undefined }] })).toBe('{"a":[{"d":1}],"b":1}')
  })

  it('tells everything that is wrong at once, each with its path', () => {
    const wrong = issues({
      name: '',
      sessionTtlSeconds: 59,
      slotTypes: { T: { pattern: '(a)\\1' }, Empty: {} },
      intents: {
        Order: {
          utterances: ['order {nope}', 'buy{s}', 'what?', 'a {s b'],
          slots: {
            s: { type: 'Missing', prompt: 'About {other}?', retries: 6 },
            u: { type: 'AMAZON.Anaphor', prompt: '?' },
            p: { type: 'T' },
          },
          builtin: 'AMAZON.KendraSearchIntent',
        },
      },
    })
    for (const part of [
      'name: must be 1 to 100',
      'sessionTtlSeconds: must be a whole number from 60 to 86400, got 59',
      'slotTypes.T.pattern:',
      'slotTypes.Empty: has no values',
      'intents.Order.utterances[0]: {nope} names no slot',
      'intents.Order.utterances[1]: {s} needs a space on both sides',
      'intents.Order.utterances[2]: has ?;',
      'intents.Order.utterances[3]: has a brace',
      'intents.Order.slots.s.type: there is no slot type Missing',
      'intents.Order.slots.s.prompt: {other} names no slot',
      'intents.Order.slots.s.retries: must be a whole number from 0 to 5, got 6',
      'intents.Order.slots.u.type: AMAZON.Anaphor is not supported',
      'intents.Order.slots.p.prompt: is missing',
      'intents.Order.builtin: AMAZON.KendraSearchIntent is not supported',
    ]) {
      expect(
        wrong.some((issue) => issue.startsWith(part)),
        part,
      ).toBe(true)
    }
  })

  it('names the path of what has the wrong shape', () => {
    expect(issues({ ...small, intents: { Hi: { utterance: ['x'] } } })[0]).toMatch(
      /^intents\.Hi\.utterance: is not known here; did you mean utterances\?$/,
    )
    expect(issues({ ...small, intents: { Hi: { utterances: [5] } } })[0]).toMatch(
      /^intents\.Hi\.utterances\[0\]: /,
    )
    expect(issues(withIntent({ utterances: ['x'], closing: 5 } as never))[0]).toMatch(
      /^intents\.Hi\.closing: must be a text/,
    )
    expect(issues(null)[0]).toMatch(/^definition: /)
  })

  it('checks the rest of a definition in which something has the wrong shape', () => {
    const wrong = issues({
      sessionTtlSeconds: 1,
      colour: 'red',
      slotTypes: { T: { values: ['a', 5], resolve: 'best' }, U: null },
      intents: {
        'In tent': {
          utterances: ['go {x}', 'go{y}', 7],
          slots: { x: { type: 'Nope' }, y: null, z: { type: 'U', promt: 'what?', priority: 101 } },
          confirm: { prompt: 'sure about {q}?' },
          fulfil: 5,
        },
        B: null,
      },
    })
    expect(wrong.map((issue) => issue.split(': ')[0]).sort()).toEqual(
      [
        'colour',
        'intents.B',
        'intents.In tent',
        'intents.In tent.confirm.prompt',
        'intents.In tent.confirm.rejection',
        'intents.In tent.fulfil',
        'intents.In tent.slots.x.prompt',
        'intents.In tent.slots.x.type',
        'intents.In tent.slots.y',
        'intents.In tent.slots.z.priority',
        'intents.In tent.slots.z.promt',
        'intents.In tent.slots.z.prompt',
        'intents.In tent.utterances[1]',
        'intents.In tent.utterances[2]',
        'name',
        'sessionTtlSeconds',
        'slotTypes.T.resolve',
        'slotTypes.T.values[1]',
        'slotTypes.U',
      ].sort(),
    )
    expect(wrong).toContain('intents.In tent.confirm.rejection: is missing')
    expect(wrong).toContain(
      'intents.In tent.slots.z.promt: is not known here; did you mean prompt?',
    )
  })

  it('warns of utterances that two intents share, and of intents that nothing begins', () => {
    const { warnings } = compileBot({
      name: 'Two',
      intents: { A: { utterances: ['Order  it'] }, B: { utterances: ['order it'] }, C: {} },
    })
    expect(warnings).toEqual([
      expect.stringMatching(/^intents\.C\.utterances: has none/),
      expect.stringMatching(
        /^intents\.B\.utterances\[0\]: "order it" is an utterance of the intent A/,
      ),
    ])
  })

  it('lets marks that only V1 refuses through in a model that was imported', () => {
    const { model } = compileBot(small)
    const locale = model.locales.en_US
    const intents = locale?.intents.map((intent) => ({ ...intent, utterances: ['hello?'] })) ?? []
    const imported = { ...model, locales: { en_US: { ...locale, intents } } } as BotModel
    expect(checkModel(imported)).toMatchObject({
      issues: [],
      warnings: [expect.stringContaining('has ?')],
    })
  })

  it('speaks other languages with their own words, and tells what is missing', () => {
    const { model, warnings } = compileBot({
      name: 'Zwei',
      slotTypes: { Kind: { values: ['fantasy'], resolve: 'top' } },
      intents: {
        Order: {
          utterances: ['order'],
          slots: { kind: { type: 'Kind', prompt: 'Kind?' } },
          fulfil: 'do',
          confirm: { prompt: 'Sure?', rejection: 'Okay.' },
        },
        Help: { builtin: 'AMAZON.HelpIntent', fulfil: 'help' },
        Extra: { utterances: ['extra'] },
      },
      locales: {
        de_DE: {
          slotTypes: { Kind: { values: ['fantasie'] } },
          intents: {
            Order: { utterances: ['bestellen'], slots: { kind: { prompt: 'Welche Art?' } } },
          },
        },
      },
    })
    const german = model.locales.de_DE
    expect(german?.intents.map(({ name }) => name)).toEqual(['Order', 'Help'])
    expect(german?.intents[0]).toMatchObject({
      utterances: ['bestellen'],
      fulfilmentHook: 'do',
      slots: [{ prompt: { groups: [[{ content: 'Welche Art?' }]] } }],
    })
    expect(german?.intents[1]?.utterances).toContain('hilfe')
    expect(german?.slotTypes[0]).toMatchObject({
      values: [{ value: 'fantasie' }],
      strategy: 'TopResolution',
    })
    expect(german?.phrases.yes).toContain('ja')
    expect(warnings).toEqual([
      expect.stringMatching(/^locales\.de_DE\.intents\.Order\.confirm: is not given/),
      expect.stringMatching(/^locales\.de_DE\.intents\.Extra: has no words/),
    ])
  })

  it('never throws anything but BotError, whatever it is given', () => {
    const intent = fc.record(
      {
        utterances: fc.anything(),
        slots: fc.dictionary(fc.string(), fc.anything()),
        confirm: fc.anything(),
        closing: fc.anything(),
        fulfil: fc.anything(),
        contexts: fc.anything(),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(
        fc.oneof(
          fc.anything(),
          fc.record({
            name: fc.constant('Any'),
            intents: fc.dictionary(fc.string(), intent),
            abort: fc.anything(),
            clarification: fc.anything(),
          }),
        ),
        (definition) => {
          issues(definition)
        },
      ),
      { numRuns: 500, seed: 7 },
    )
  })
})
