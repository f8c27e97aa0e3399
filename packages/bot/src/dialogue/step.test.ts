import { describe, expect, it } from 'vitest'
import { plain, Talk, type TestHook } from '../../test/talk.ts'
import { compileBot } from '../model/compile-bot.ts'
import { defineBot } from '../model/define-bot.ts'
import { step } from './step.ts'

const validate: TestHook = ({ intent }) => {
  const name = intent.slots.bookName?.value
  const known = ['harry potter', 'twilight', 'wings of fire']
  if (name && !known.includes(name.toLowerCase())) {
    return {
      type: 'ElicitSlot',
      intent: intent.name,
      slots: intent.slots,
      slot: 'bookName',
      said: plain(`We do not have book: ${name}. Another one?`),
    }
  }
  return { type: 'Delegate', slots: intent.slots }
}
const thank: TestHook = () => ({
  type: 'Close',
  state: 'Fulfilled',
  said: plain('Thanks for purchasing book.'),
})

const { model } = compileBot(
  defineBot({
    name: 'PurchaseBook',
    slotTypes: {
      BookType: { values: ['fiction', { value: 'fantasy', synonyms: ['magic'] }], resolve: 'top' },
    },
    intents: {
      OrderBook: {
        utterances: ['I want to order some books', 'order a {bookType} book', 'order {bookName}'],
        slots: {
          bookType: { type: 'BookType', prompt: 'What type?', retries: ['Pick one.', 'Last try.'] },
          bookName: { type: 'AMAZON.Book', prompt: 'Which book?' },
        },
        confirm: { prompt: 'Purchase {bookName}?', rejection: 'Okay.' },
        dialogHook: 'validate',
        fulfil: 'thank',
      },
      Hours: { utterances: ['when are you open'], closing: 'Nine to six.' },
      Gift: {
        utterances: ['wrap it'],
        slots: {
          paper: { type: 'AMAZON.Color', prompt: 'Which colour?' },
          card: { type: 'AMAZON.FreeFormInput', required: false, ask: true, prompt: 'Text?' },
        },
        fulfil: 'thank',
      },
    },
    clarification: { prompt: 'Sorry?', retries: ['Try: order a book', 'Once more?'] },
    abort: 'Goodbye.',
  }),
)
const talk = () => new Talk(model, { validate, thank })

describe('the dialogue', () => {
  it('holds the conversation of the article', () => {
    const t = talk()
    expect(t.say('I want to order some books')).toBe('What type?')
    expect(t.last?.reply).toMatchObject({ dialogState: 'ElicitSlot', slotToElicit: 'bookType' })
    expect(t.say('fiction')).toBe('Which book?')
    expect(t.say('the hobbit')).toBe('We do not have book: the hobbit. Another one?')
    expect(t.slots).toEqual({ bookType: 'fiction', bookName: 'the hobbit' })
    expect(t.say('twilight')).toBe('Purchase twilight?')
    expect(t.last?.reply?.dialogState).toBe('ConfirmIntent')
    expect(t.say('Yes!')).toBe('Thanks for purchasing book.')
    expect(t.last?.reply?.dialogState).toBe('Fulfilled')
    expect(t.calls.map(({ source }) => source[0])).toEqual(['D', 'D', 'D', 'D', 'F'])
    expect(t.calls.at(-1)?.intent.confirmation).toBe('Confirmed')
    expect(t.session.recentIntents).toHaveLength(1)
  })

  it('asks each retry in its own words, calls no hook for what it does not understand, then aborts', () => {
    const t = talk()
    t.say('I want to order some books')
    expect(t.say('xyz')).toBe('Pick one.')
    expect(t.say('xyz')).toBe('Last try.')
    expect(t.say('xyz')).toBe('Goodbye.')
    expect(t.last?.reply?.dialogState).toBe('Failed')
    expect(t.calls).toHaveLength(1)
    expect(t.say('hm')).toBe('Sorry?')
    expect(t.say('hm')).toBe('Try: order a book')
    expect(t.say('hm')).toBe('Once more?')
    expect(t.say('hm')).toBe('Goodbye.')
    expect(t.say('hm')).toBe('Sorry?')
  })

  it('takes "no" to the dialog hook, then says the rejection', () => {
    const t = talk()
    t.say('order twilight')
    expect(t.say('magic')).toBe('Purchase twilight?')
    expect(t.say('no thanks')).toBe('Okay.')
    expect(t.calls.at(-1)).toMatchObject({
      source: 'DialogCodeHook',
      intent: { confirmation: 'Denied' },
    })
    expect(t.last?.reply?.dialogState).toBe('Failed')
  })

  it('changes a slot at the confirmation: the hook sees it, and it is asked again', () => {
    for (const said of [
      'no, I meant harry potter',
      'yes, change the name to Harry Potter',
      'no, change the book name to harry potter.',
    ]) {
      const t = talk()
      t.say('order a fantasy book')
      t.say('twilight')
      expect(t.say(said)).toMatch(/^Purchase harry potter\?$/i)
      expect(t.calls.at(-1)?.intent.confirmation).toBe('None')
      expect(t.slots.bookType).toBe('fantasy')
    }
  })

  it('corrects a slot while another one is asked for', () => {
    const t = talk()
    t.say('order a fantasy book')
    expect(t.say('sorry, I meant fiction')).toBe('Which book?')
    expect(t.slots).toEqual({ bookType: 'fiction', bookName: null })
    expect(t.say('change the type to magic')).toBe('Which book?')
    expect(t.slots.bookType).toBe('fantasy')
    expect(t.notes).toContain('corrected')
  })

  it('counts a value that was turned down as empty', () => {
    const t = talk()
    t.say('order a fantasy book')
    t.say('the hobbit')
    expect(t.say('change the type to fiction')).toBe('Which book?')
    expect(t.slots).toEqual({ bookType: 'fiction', bookName: null })
  })

  it('digresses and resumes', () => {
    const t = talk()
    t.say('order a fantasy book')
    expect(t.say('when are you open')).toBe('Nine to six. | Back to where we were. | Which book?')
    expect(t.last?.reply).toMatchObject({
      dialogState: 'ReadyForFulfillment',
      intent: { name: 'Hours' },
    })
    expect(t.say('twilight')).toBe('Purchase twilight?')
    expect(t.slots.bookType).toBe('fantasy')
    expect(t.say('wrap it')).toBe('Which colour?')
    expect(t.session.stack.map(({ name }) => name)).toEqual(['OrderBook'])
    expect(t.say('a red one')).toBe('Text?')
    expect(t.say('skip')).toBe(
      'Thanks for purchasing book. | Back to where we were. | Purchase twilight?',
    )
    expect(t.last?.reply?.dialogState).toBe('ConfirmIntent')
    expect(t.say('yes')).toBe('Thanks for purchasing book.')
  })

  it('cancels, repeats and hands over', () => {
    const t = talk()
    t.say('order a fantasy book')
    expect(t.say('say that again')).toBe('Which book?')
    expect(t.say('talk to a person')).toMatch(/handing you over/)
    expect(t.effects).toContainEqual({ type: 'askForPerson' })
    expect(t.say('repeat')).toBe('Which book?')
    expect(t.session.personAsked).toBe(true)
    t.take({ type: 'takenOver', person: 'bob', now: t.now, seed: 0 })
    expect(t.session.personAsked).toBeUndefined()
    expect(t.say('twilight')).toBe('(ElicitSlot)')
    expect(t.slots.bookName).toBeNull()
    t.take({ type: 'handedBack', now: t.now, seed: 0 })
    expect(t.say('never mind')).toBe('Okay, cancelled.')
    expect(t.last?.reply?.dialogState).toBe('Failed')
  })

  it('forgets a session that expired, by the events’ clock', () => {
    const t = talk()
    t.say('order a fantasy book')
    t.now += 301_000
    expect(t.say('twilight')).toBe('Sorry?')
    expect(t.notes).toContain('expired')
  })

  it('fills several slots from one sentence', () => {
    const t = talk()
    const text = 'order twilight which is fiction'
    expect(
      t.say(text, {
        intents: [{ name: 'OrderBook', confidence: 0.8 }],
        entities: [
          { entity: 'bookName', value: 'twilight', start: 6, end: 14, confidence: 1 },
          { entity: 'bookType', value: 'fiction', start: 24, end: 31, confidence: 1 },
        ],
      }),
    ).toBe('Purchase twilight?')
  })

  it('apologizes when understanding is away, and still reads what needs none', () => {
    const t = talk()
    const away = { intents: [], entities: [], degraded: 'connection refused' }
    expect(t.say('I would like a book', away)).toMatch(/^Sorry, something went wrong/)
    expect(t.session.misunderstood).toBe(0)
    t.say('I want to order some books')
    expect(t.say('fiction', away)).toBe('Which book?')
    expect(t.notes).toEqual(['degraded'])
  })
})

describe('hooks', () => {
  const hooked = (hooks: Record<string, TestHook>) => new Talk(model, { validate, thank, ...hooks })

  it('that ask for confirmation themselves get the "yes" while slots are missing', () => {
    const t = hooked({
      validate: ({ intent }) =>
        intent.confirmation === 'None' && !intent.slots.bookName
          ? {
              type: 'ConfirmIntent',
              intent: intent.name,
              slots: intent.slots,
              said: plain('Really?'),
            }
          : { type: 'Delegate' },
    })
    expect(t.say('I want to order some books')).toBe('Really?')
    expect(t.say('yes')).toBe('What type?')
    expect(t.calls.at(-1)).toMatchObject({
      source: 'DialogCodeHook',
      intent: { confirmation: 'Confirmed' },
    })
  })

  it('that delegate from fulfilment without clearing a slot fail; with one cleared it is asked again', () => {
    const t = hooked({ thank: () => ({ type: 'Delegate' }) })
    t.say('order twilight')
    t.say('magic')
    expect(t.say('yes')).toBe('!HOOK_FAILED')
    expect(t.session.dialogState).toBe('ConfirmIntent')
    const again = hooked({
      thank: ({ intent }) => ({ type: 'Delegate', slots: { ...intent.slots, bookName: null } }),
    })
    again.say('order twilight')
    again.say('magic')
    expect(again.say('yes')).toBe('Which book?')
  })

  it('that throw leave the session as it was before the turn', () => {
    const t = hooked({
      thank: () => {
        throw new Error('no')
      },
    })
    t.say('order twilight')
    t.say('magic')
    const before = t.session
    expect(t.say('yes')).toBe('!HOOK_FAILED')
    expect(t.session).toMatchObject({
      intent: before.intent,
      dialogState: 'ConfirmIntent',
      waiting: null,
    })
  })

  it('that name what the bot does not have are told so', () => {
    for (const action of [
      { type: 'ElicitSlot', intent: 'Nope', slots: {}, slot: 'x', said: null },
      { type: 'ElicitSlot', intent: 'OrderBook', slots: {}, slot: 'x', said: null },
      { type: 'Delegate', slots: { x: null } },
      { type: 'Delegate', intent: '__proto__' },
    ] as const) {
      const t = hooked({ validate: () => action })
      expect(t.say('I want to order some books')).toBe('!BAD_HOOK_ANSWER')
      expect(t.last?.failure?.message).toMatch(/no (?:intent|slot) "/)
    }
  })

  it('may begin another intent, change attributes and remember', () => {
    const t = hooked({
      validate: () => ({
        sessionAttributes: { shop: 'north' },
        remember: { last: 'twilight' },
        action: { type: 'Delegate', intent: 'Gift' },
      }),
    })
    expect(t.say('I want to order some books')).toBe('Which colour?')
    expect(t.session.attributes).toEqual({ shop: 'north' })
    expect(t.session.memory).toEqual({ last: 'twilight' })
    expect(t.effects).toContainEqual({ type: 'remember', entries: { last: 'twilight' } })
  })

  it('whose answer is not waited for changes nothing', () => {
    const t = talk()
    const result = step(t.locale, t.session, {
      type: 'hookReturned',
      call: 'x/1',
      now: 0,
      seed: 0,
      result: { ok: true, answer: { action: { type: 'Close', state: 'Fulfilled', said: null } } },
    })
    expect(result.session).toEqual(t.session)
    expect(result.failure?.code).toBe('BAD_REQUEST')
  })
})
