import { describe, expect, it } from 'vitest'
import { plain, Talk, type TestHook } from '../../test/talk.ts'
import { compileBot } from '../model/compile-bot.ts'
import type { BotDefinition, IntentDefinition } from '../model/define-bot.ts'

const close: TestHook = () => ({ type: 'Close', state: 'Fulfilled', said: null })
const talk = (
  intents: Record<string, IntentDefinition>,
  hooks: Record<string, TestHook> = {},
  more: Partial<BotDefinition> = {},
) => new Talk(compileBot({ name: 'Rules', intents, ...more }).model, { close, ...hooks })

describe('what is said', () => {
  it('takes one message of each group, composite when there are several', () => {
    const t = talk({ Hi: { utterances: ['hi'], closing: [['One.'], ['Two.', 'Too.']] } })
    expect(t.say('hi')).toMatch(/^One\. \| T(?:wo|oo)\.$/)
    expect(t.last?.reply?.messageFormat).toBe('Composite')
    const single = talk({
      Hi: { utterances: ['hi'], closing: { type: 'CustomPayload', content: '{"a":1}' } },
    })
    single.say('hi')
    expect(single.last?.reply?.messageFormat).toBe('CustomPayload')
  })

  it('takes ordered wordings by the attempt', () => {
    const t = talk({
      Book: {
        utterances: ['book'],
        slots: {
          day: {
            type: 'AMAZON.Date',
            prompt: ['When?', 'Which day?', 'A date?'],
            retries: 3,
            selection: 'ordered',
          },
        },
      },
    })
    expect([t.say('book'), t.say('hm'), t.say('hm'), t.say('hm')]).toEqual([
      'When?',
      'Which day?',
      'A date?',
      'A date?',
    ])
  })

  it('fills placeholders of slots, session and request, and takes the message that has its values', () => {
    const t = talk({
      Hi: {
        utterances: ['hi', 'hi {name}'],
        slots: { name: { type: 'AMAZON.FirstName', required: false } },
        closing: [['Hello {name}!', 'Hello [shop] ((channel)) \\{name\\} [nothing]!']],
      },
    })
    const given = { sessionAttributes: { shop: 'north' }, requestAttributes: { channel: 'web' } }
    expect(t.say('hi', given)).toBe('Hello north web {name} [nothing]!')
    const said = Array.from({ length: 20 }, () => t.say('hi Ann', given))
    expect(new Set(said)).toEqual(new Set(['Hello Ann!', 'Hello north web {name} [nothing]!']))
  })

  it('shows the card of a prompt', () => {
    const t = talk({
      Book: {
        utterances: ['book'],
        slots: {
          kind: {
            type: 'AMAZON.Color',
            prompt: { messages: 'Which?', card: { title: 'Colours', buttons: ['red', 'blue'] } },
          },
        },
      },
    })
    t.say('book')
    expect(t.last?.reply?.said?.card?.attachments[0]?.buttons).toEqual([
      { text: 'red', value: 'red' },
      { text: 'blue', value: 'blue' },
    ])
  })

  it('asks again for a slot that is to be changed without saying to what', () => {
    const order: IntentDefinition = {
      utterances: ['order'],
      slots: {
        bookType: { type: 'AMAZON.Color', prompt: 'Type?' },
        bookName: { type: 'AMAZON.Book', prompt: 'Which book?' },
        day: { type: 'AMAZON.Date', prompt: 'When?', required: false },
      },
      confirm: { prompt: '{bookName}?', rejection: 'Okay.' },
    }
    const t = talk({ Order: order })
    for (const words of ['order', 'red', 'Emma']) t.say(words)
    expect(t.say('yes, change the book')).toBe('Which book?')
    expect(t.notes).toContain('corrected')
    expect(t.say('Twilight')).toBe('Twilight?')
    expect(t.say('change the type')).toBe('Type?')
    expect(t.say('blue')).toBe('Twilight?')
    expect(t.say('change the weather')).toBe('Twilight?')
    expect(t.say('no, change the name')).toBe('Which book?')
    expect(t.say('change the type')).toBe('Type?')
    expect(t.slots).toEqual({ bookType: null, bookName: null, day: null })
  })

  it('takes no sentence for a title that says the intent again with another slot', () => {
    const t = talk(
      {
        Order: {
          utterances: ['order a {kind} book', 'order {title}'],
          slots: {
            kind: { type: 'Kind', prompt: 'Kind?' },
            title: { type: 'AMAZON.Book', prompt: 'Title?' },
          },
        },
      },
      {},
      { slotTypes: { Kind: { values: ['fantasy', 'romance'], resolve: 'top' } } },
    )
    expect(t.say('order a fantasy book')).toBe('Title?')
    expect(t.say('order a romance book')).toBe('Title?')
    expect(t.slots).toEqual({ kind: 'romance', title: null })
    t.say('order Emma')
    expect(t.slots).toEqual({ kind: 'romance', title: 'Emma' })
  })

  it('finds what stands between slot and value as a word of its own', () => {
    const t = talk(
      {
        Order: {
          utterances: ['order'],
          slots: { tops: { type: 'Top', multiple: true, prompt: 'Tops?' } },
          confirm: { prompt: '{tops}?', rejection: 'Okay.' },
        },
      },
      {},
      { slotTypes: { Top: { values: ['ham', 'cheese', 'olives'], resolve: 'top' } } },
    )
    for (const words of ['order', 'ham, cheese']) t.say(words)
    const entities = [{ entity: 'tops', value: 'ham', start: 23, end: 26, confidence: 1 }]
    expect(t.say('change tops to olives, ham', { intents: [], entities })).toBe('olives, ham?')
  })

  it('lets an intent of the bot have words that would steer', () => {
    const t = talk({
      Order: {
        utterances: ['order'],
        slots: { title: { type: 'AMAZON.Book', prompt: 'Title?' } },
        confirm: { prompt: '{title}?', rejection: 'Okay.' },
      },
      CancelOrder: { utterances: ['cancel my order'], closing: 'Your order is cancelled.' },
      Agent: { utterances: ['talk to an agent'], closing: 'Agents are there from nine to five.' },
    })
    t.say('order')
    expect(t.say('talk to an agent')).toMatch(/^Agents are there/)
    t.say('Emma')
    expect(t.say('cancel my order')).toMatch(/^Your order is cancelled\. \| .* \| Emma\?$/)
    expect(t.say('cancel the order')).toBe('Okay, cancelled.')
    expect(t.say('talk to a person')).toMatch(/handing you over/)
  })

  it('takes a yes in several words, and a time of day for the slot that has one', () => {
    const t = talk({
      Visit: {
        utterances: ['visit'],
        slots: {
          day: { type: 'AMAZON.Date', prompt: 'Day?' },
          hour: { type: 'AMAZON.Time', prompt: 'Hour?' },
          name: { type: 'AMAZON.FirstName', prompt: 'Name?' },
        },
        confirm: { prompt: '{day} at {hour}?', rejection: 'Okay.' },
        closing: 'Done.',
      },
    })
    for (const words of ['visit', 'tomorrow', '5 pm', 'Ann']) t.say(words)
    expect(t.say('I meant half past six in the evening')).toBe('2017-04-19 at 18:30?')
    expect(t.say('yes please do')).toBe('Done.')
    for (const words of ['visit', 'tomorrow', '5 pm', 'Ann']) t.say(words)
    expect(t.say('👎')).toBe('Okay.')
    for (const words of ['visit', 'tomorrow', '5 pm', 'Ann']) t.say(words)
    expect(t.say('👍🏽')).toBe('Done.')
  })

  it('lets the dialog hook see that a slot is to be changed', () => {
    const t = talk(
      {
        Order: {
          utterances: ['order'],
          slots: { bookName: { type: 'AMAZON.Book', prompt: 'Which book?' } },
          confirm: { prompt: '{bookName}?', rejection: 'Okay.' },
          dialogHook: 'look',
        },
      },
      { look: () => ({ type: 'Delegate' }) },
    )
    for (const words of ['order', 'Emma']) t.say(words)
    expect(t.say('yes, change the book')).toBe('Which book?')
    expect(t.calls.at(-1)?.intent).toMatchObject({
      confirmation: 'None',
      slots: { bookName: null },
    })
  })

  it('says success and asks the follow-up after fulfilment, or gives its rejection', () => {
    const intents = {
      Order: {
        utterances: ['order'],
        fulfil: 'close',
        success: 'Ordered.',
        followUp: { prompt: 'Anything else?', rejection: 'Bye then.', retries: 1 },
      },
      Hours: { utterances: ['hours'], closing: 'Nine.' },
    }
    const t = talk(intents)
    expect(t.say('order')).toBe('Ordered. | Anything else?')
    expect(t.last?.reply?.dialogState).toBe('Fulfilled')
    expect(t.say('hm')).toBe('Anything else?')
    expect(t.say('no thanks')).toBe('Bye then.')
    t.say('order')
    expect(t.say('yes')).toMatch(/^Sorry, I did not understand/)
    expect(t.last?.reply?.dialogState).toBe('ElicitIntent')
    t.say('order')
    expect(t.say('hours')).toBe('Nine.')
    t.say('order')
    t.say('hm')
    expect(t.say('hm')).toBe('Sorry, I could not understand. Goodbye.')
  })

  it('says the failure statement when fulfilment fails', () => {
    const t = talk({ Order: { utterances: ['order'], fulfil: 'missing', failure: 'Try later.' } })
    expect(t.say('order')).toBe('Try later.')
    expect(t.last?.reply).toMatchObject({ dialogState: 'Failed', intent: { state: 'Failed' } })
    expect(t.notes).toContain('hookFailed')
  })
})

describe('the fallback intent', () => {
  const intents = {
    Book: {
      utterances: ['book'],
      slots: { day: { type: 'AMAZON.Date', prompt: 'When?', retries: 1 } },
    },
    Other: { fallback: true, fulfil: 'other' },
  }
  const other: TestHook = ({ intent }) => ({
    type: 'Close',
    state: 'Fulfilled',
    said: plain(intent.name),
  })

  it('takes what nothing else does, and what used its attempts up', () => {
    const t = talk(intents, { other })
    expect(t.say('hm')).toBe('Other')
    expect([t.say('book'), t.say('hm'), t.say('hm')]).toEqual(['When?', 'When?', 'Other'])
    expect(t.last?.reply?.intent?.name).toBe('Other')
    expect(t.notes).toContain('aborted')
  })
})

describe('slots', () => {
  it('take defaults: an attribute, a context’s parameter, a literal', () => {
    const t = talk({
      Book: {
        utterances: ['book'],
        slots: {
          city: { type: 'AMAZON.City', prompt: '?', defaults: ['[home]', '#visit.city', 'Bern'] },
        },
      },
    })
    t.say('book')
    expect(t.slots.city).toBe('Bern')
    t.say('book', {
      contexts: [{ name: 'visit', turnsToLive: 2, expiresAt: 9e12, parameters: { city: 'Oslo' } }],
    })
    expect(t.slots.city).toBe('Oslo')
    t.say('book', { sessionAttributes: { home: 'Rome' } })
    expect(t.slots.city).toBe('Rome')
  })

  it('take several values where they may', () => {
    const t = talk(
      {
        Order: {
          utterances: ['order'],
          slots: { tags: { type: 'Tag', multiple: true, prompt: 'Tags?' } },
        },
      },
      {},
      { slotTypes: { Tag: { values: ['big', 'red', 'new'], resolve: 'top' } } },
    )
    t.say('order')
    t.say('big, red and new')
    expect(t.session.intent?.slots.tags?.values?.map(({ value }) => value)).toEqual([
      'big',
      'red',
      'new',
    ])
  })

  it('that are optional are not asked for, unless the bot says so', () => {
    const t = talk({
      Order: {
        utterances: ['order'],
        slots: {
          never: { type: 'AMAZON.Date', required: false, prompt: 'Never?' },
          maybe: { type: 'AMAZON.Date', required: false, ask: true, prompt: 'Maybe?' },
        },
        closing: 'Done.',
      },
    })
    expect(t.say('order')).toBe('Maybe?')
    expect(t.say("I don't care")).toBe('Done.')
    expect(t.slots).toEqual({ never: null, maybe: null })
  })

  it('read dates in the zone of the request', () => {
    const t = talk({
      Book: { utterances: ['book'], slots: { day: { type: 'AMAZON.Date', prompt: '?' } } },
    })
    t.now = Date.UTC(2017, 3, 20, 23)
    t.say('book')
    t.say('today', { requestAttributes: { 'x-amz-lex:time-zone': 'Asia/Tokyo' } })
    expect(t.slots.day).toBe('2017-04-21')
    t.say('book')
    t.say('today', { requestAttributes: { 'x-amz-lex:time-zone': 'No/Where' } })
    expect(t.slots.day).toBe('2017-04-20')
  })
})

describe('contexts', () => {
  const intents = {
    Order: {
      utterances: ['order {city}'],
      slots: { city: { type: 'AMAZON.City', prompt: '?' } },
      fulfil: 'close',
      contexts: { output: [{ name: 'ordered', turns: 2, seconds: 60 }] },
    },
    Track: { utterances: ['track'], closing: 'On its way.', contexts: { input: ['ordered'] } },
  }

  it('let an intent be understood for their turns', () => {
    const t = talk(intents)
    expect(t.say('track')).toMatch(/^Sorry/)
    t.say('order Rome')
    expect(t.session.contexts).toMatchObject([
      { name: 'ordered', turnsToLive: 2, parameters: { city: 'Rome' } },
    ])
    expect(t.say('track')).toBe('On its way.')
    expect(t.say('track')).toBe('On its way.')
    expect(t.say('track')).toMatch(/^Sorry/)
  })

  it('and for their seconds', () => {
    const t = talk(intents)
    t.say('order Rome')
    t.now += 60_000
    expect(t.say('track')).toMatch(/^Sorry/)
  })
})

describe('sessions set from outside', () => {
  const intents = {
    Book: {
      utterances: ['book'],
      slots: { day: { type: 'AMAZON.Date', prompt: 'When?' } },
      confirm: { prompt: 'On {day}?', rejection: 'No.' },
      fulfil: 'close',
      closing: 'Booked {day}.',
    },
  }
  const put = (t: Talk, rest: object) =>
    t.take({ type: 'put', now: t.now, seed: 0, requestAttributes: {}, ...rest })

  it('go on from there', () => {
    const t = talk(intents)
    const day = { original: 'x', value: '2017-05-01', resolved: [] }
    expect(
      put(t, {
        action: { type: 'ElicitSlot', intent: 'Book', slots: {}, slot: 'day', said: null },
      }),
    ).toBe('When?')
    expect(
      put(t, { action: { type: 'ConfirmIntent', intent: 'Book', slots: { day }, said: null } }),
    ).toBe('On 2017-05-01?')
    expect(t.say('yes')).toBe('Booked 2017-05-01.')
    expect(put(t, { action: { type: 'Delegate', intent: 'Book' } })).toBe('When?')
    expect(
      put(t, {
        action: { type: 'Close', state: 'Failed', said: plain('Over.') },
        attributes: { a: 'b' },
      }),
    ).toBe('Over.')
    expect(t.session.attributes).toEqual({ a: 'b' })
    expect(put(t, {})).toBe('(Failed)')
  })

  it('refuse what the bot does not have', () => {
    const t = talk(intents)
    expect(put(t, { action: { type: 'Delegate', intent: 'Nope' } })).toBe('!BAD_REQUEST')
    expect(put(t, { attributes: { a: 'x'.repeat(30_000) } })).toBe('!BAD_REQUEST')
    const intent = {
      name: 'Book',
      slots: { nope: null },
      confirmation: 'None',
      state: 'InProgress',
      eliciting: null,
      attempts: 0,
      confidence: null,
    }
    expect(put(t, { intent })).toBe('!BAD_REQUEST')
  })
})

describe('other languages', () => {
  it('are steered and corrected in their own words', () => {
    const german: BotDefinition = {
      name: 'Buch',
      locale: 'de_DE',
      slotTypes: { Art: { values: ['Roman', 'Krimi'], resolve: 'top' } },
      intents: {
        Bestellen: {
          utterances: ['ein buch bestellen'],
          slots: {
            art: { type: 'Art', prompt: 'Welche Art?' },
            titel: { type: 'AMAZON.Book', prompt: 'Welcher Titel?' },
          },
          confirm: { prompt: '{titel} ({art}) bestellen?', rejection: 'Gut.' },
          closing: 'Danke.',
        },
      },
    }
    const t = new Talk(compileBot(german).model)
    t.say('Ein Buch bestellen')
    t.say('ein Krimi bitte')
    expect(t.say('ich möchte Emil, bitte')).toBe('Emil (Krimi) bestellen?')
    expect(t.say('nein, ich meinte Roman')).toBe('Emil (Roman) bestellen?')
    expect(t.say('ändere die Art auf Krimi')).toBe('Emil (Krimi) bestellen?')
    expect(t.say('Ja, bitte!')).toBe('Danke.')
  })
})
