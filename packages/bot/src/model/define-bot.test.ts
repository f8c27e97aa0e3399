import { describe, expect, expectTypeOf, it } from 'vitest'
import { defineBot } from './define-bot.ts'

describe('defineBot', () => {
  it('knows the slots of an intent in its hooks', () => {
    const bot = defineBot({
      name: 'PurchaseBook',
      slotTypes: {
        BookType: {
          values: ['fiction', { value: 'fantasy', synonyms: ['magic'] }],
          resolve: 'top',
        },
        Loose: { values: ['a'] },
      },
      intents: {
        OrderBook: {
          utterances: ['order a {bookType} book'],
          slots: {
            bookType: { type: 'BookType', prompt: 'What type?' },
            bookName: { type: 'AMAZON.Book', prompt: 'Which?', retries: ['Pick one', 'Last try'] },
            extras: { type: 'Loose', multiple: true, required: false },
          },
          dialogHook: (turn) => {
            // @ts-expect-error no such slot
            expectTypeOf(turn.slots.nothing)
            // @ts-expect-error no such slot
            return turn.elicitSlot('nothing', 'What?')
          },
          fulfil: async (turn) => {
            expectTypeOf(turn.slots.bookName).toEqualTypeOf<string | null>()
            expectTypeOf(turn.slots.bookType).toEqualTypeOf<'fiction' | 'fantasy' | null>()
            expectTypeOf(turn.slots.extras).toEqualTypeOf<readonly string[] | null>()
            expectTypeOf(turn.intent).toEqualTypeOf<'OrderBook' | 'Help'>()
            return turn.close('Thanks')
          },
        },
        Help: { utterances: ['help'], fulfil: (turn) => turn.close(`Hello ${turn.user}`) },
      },
    })
    expect(bot.name).toBe('PurchaseBook')
    expect(Object.keys(bot.intents)).toEqual(['OrderBook', 'Help'])
  })

  it('refuses a slot type that is neither the bot’s nor built in', () => {
    const bot = defineBot({
      name: 'B',
      slotTypes: { Known: { values: ['a'] } },
      intents: {
        // @ts-expect-error no such slot type
        I: { utterances: ['x'], slots: { s: { type: 'Nope', prompt: 'Which?' } } },
      },
    })
    expect(bot.name).toBe('B')
    const withoutTypes = defineBot({
      name: 'B',
      intents: {
        // @ts-expect-error no slot types at all
        I: { utterances: ['x'], slots: { s: { type: 'Nope', prompt: 'Which?' } } },
      },
    })
    expect(withoutTypes.name).toBe('B')
  })

  it('refuses a field that no slot has', () => {
    const bot = defineBot({
      name: 'B',
      intents: {
        // @ts-expect-error a mistyped prompt
        I: { utterances: ['x'], slots: { s: { type: 'AMAZON.City', promt: 'Which?' } } },
      },
    })
    expect(bot.name).toBe('B')
  })
})
