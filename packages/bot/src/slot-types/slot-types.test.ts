import { describe, expect, it } from 'vitest'
import { localeIndex, type SlotIndex } from '../dialogue/locale-index.ts'
import { compileBot } from '../model/compile-bot.ts'
import type { SlotTypeDefinition } from '../model/define-bot.ts'
import { builtinSlotType, builtinSlotTypes, v1SlotTypeName } from './builtin-slot-types.ts'
import { type AnswerContext, resolveSlot } from './resolve-slot.ts'

// A Thursday.
const now = Date.UTC(2017, 3, 20, 9)

function slotOf(
  type: string,
  types: Record<string, SlotTypeDefinition> = {},
  more: object = {},
  confirm = false,
): { slot: SlotIndex; context: (language: string, timeZone?: string) => AnswerContext } {
  const { model } = compileBot({
    name: 'Slots',
    slotTypes: types,
    intents: {
      I: {
        utterances: ['x'],
        slots: { s: { type, prompt: '?', utterances: ['I like {s} best'], ...more } },
        ...(confirm ? { confirm: { prompt: 'Sure about {s}?', rejection: 'No.' } } : {}),
      },
    },
  })
  const index = localeIndex(model.locales.en_US as never)
  return {
    slot: index.intents.get('I')?.slots.get('s') as SlotIndex,
    context: (language, timeZone = 'UTC') => ({
      now,
      timeZone,
      language,
      yes: index.phrases.yes,
      no: index.phrases.no,
    }),
  }
}

function value(type: string, text: string, language = 'en', timeZone = 'UTC'): string | null {
  const { slot, context } = slotOf(type)
  return resolveSlot(slot, text, [], context(language, timeZone))?.value.value ?? null
}

describe('built-in slot types', () => {
  it.each([
    ['AMAZON.Date', '2017-04-20', '2017-04-20'],
    ['AMAZON.DATE', 'tomorrow', '2017-04-21'],
    ['AMAZON.Date', 'next monday please', '2017-04-24'],
    ['AMAZON.Date', 'on may 5th', '2017-05-05'],
    ['AMAZON.Date', 'this week', '2017-W16'],
    ['AMAZON.Date', 'next week', '2017-W17'],
    ['AMAZON.Date', 'this weekend', '2017-W16-WE'],
    ['AMAZON.Date', 'next month', '2017-05'],
    ['AMAZON.Date', 'next year', '2018'],
    ['AMAZON.Date', 'the 2010s', '201X'],
    ['AMAZON.Date', 'next winter', '2018-WI'],
    ['AMAZON.Date', 'now', 'PRESENT_REF'],
    ['AMAZON.Date', '2017-02-30', null],
    ['AMAZON.Date', 'purple', null],
    ['AMAZON.Time', '15:30', '15:30'],
    ['AMAZON.TIME', 'at 2 pm', '14:00'],
    ['AMAZON.Time', 'in the morning', 'MO'],
    ['AMAZON.Time', 'this afternoon', 'AF'],
    ['AMAZON.Time', 'evening', 'EV'],
    ['AMAZON.Time', 'at night', 'NI'],
    ['AMAZON.Time', '99:99', null],
    ['AMAZON.Duration', 'two hours', 'PT2H'],
    ['AMAZON.Duration', '2 hours and 30 minutes', 'PT2H30M'],
    ['AMAZON.Duration', 'half an hour', 'PT30M'],
    ['AMAZON.Duration', '3 days', 'P3D'],
    ['AMAZON.Duration', 'P2W', 'P2W'],
    ['AMAZON.Duration', 'soon', null],
    ['AMAZON.Number', 'twenty two', '22'],
    ['AMAZON.NUMBER', '1,234.5', '1234.5'],
    ['AMAZON.Number', 'minus 5', '-5'],
    ['AMAZON.Number', 'I want 3 of them', '3'],
    ['AMAZON.Number', 'many', null],
    ['AMAZON.Ordinal', 'the third one', '3'],
    ['AMAZON.Ordinal', '2nd', '2'],
    ['AMAZON.Percentage', '50%', '50'],
    ['AMAZON.Percentage', 'fifty percent', '50'],
    ['AMAZON.FOUR_DIGIT_NUMBER', '12 34', '1234'],
    ['AMAZON.PhoneNumber', 'call me at +1 (206) 555-0100', '12065550100'],
    ['AMAZON.PhoneNumber', '12', null],
    ['AMAZON.EmailAddress', 'it is ann.lee@example.co.uk.', 'ann.lee@example.co.uk'],
    ['AMAZON.EmailAddress', 'ann at example', null],
    ['AMAZON.AlphaNumeric', 'a b 1 2', 'ab12'],
    ['AMAZON.AlphaNumeric', 'my code is X9Y8', 'X9Y8'],
    ['AMAZON.YesNo', 'yeah', 'Yes'],
    ['AMAZON.Confirmation', 'no thanks', 'No'],
    ['AMAZON.YesNo', 'perhaps', null],
    ['AMAZON.UKPostalCode', 'sw1a1aa', 'SW1A 1AA'],
    ['AMAZON.Color', 'a dark Red one', 'red'],
    ['AMAZON.US_STATE', 'wa', 'Washington'],
    ['AMAZON.US_STATE', 'in new york', 'New York'],
    ['AMAZON.Country', 'germany', 'Germany'],
    ['AMAZON.Country', 'the uk', null],
    ['AMAZON.DayOfWeek', 'on friday', 'Friday'],
    ['AMAZON.Month', 'december', 'December'],
    ['AMAZON.FirstName', 'My name is Ann', 'Ann'],
    ['AMAZON.City', 'to Paris', 'Paris'],
    ['AMAZON.Book', "I'd like Twilight, please", 'Twilight'],
    ['AMAZON.FreeFormInput', 'my name is Ann.', 'my name is Ann.'],
    ['AMAZON.Book', '?!', null],
  ])('%s: %s', (type, text, expected) => {
    expect(value(type, text)).toBe(expected)
  })

  it('read other languages and the user’s zone', () => {
    expect(value('AMAZON.Date', 'nächste woche', 'de')).toBe('2017-W17')
    expect(value('AMAZON.Date', 'morgen', 'de')).toBe('2017-04-21')
    expect(value('AMAZON.Date', 'la semaine prochaine', 'fr')).toBe('2017-W17')
    expect(value('AMAZON.Date', 'el mes que viene', 'es')).toBe('2017-05')
    expect(value('AMAZON.Duration', 'zwei stunden', 'de')).toBe('PT2H')
    expect(value('AMAZON.Date', 'today', 'en', 'Pacific/Kiritimati')).toBe('2017-04-20')
    expect(value('AMAZON.Date', 'today', 'en', 'Pacific/Pago_Pago')).toBe('2017-04-19')
    expect(value('AMAZON.Country', 'Deutschland', 'de')).toBe('Deutschland')
    expect(value('AMAZON.Color', 'blau', 'de')).toBe('blau')
  })

  it('give both halves of the day where either is meant, the next one first', () => {
    const { slot, context } = slotOf('AMAZON.Time')
    expect(resolveSlot(slot, 'at 5', [], context('en'))?.value).toMatchObject({
      value: '17:00',
      resolved: ['17:00', '05:00'],
    })
  })

  it('are all listed, under the names of both versions', () => {
    expect(builtinSlotTypes.length).toBeGreaterThan(100)
    expect(builtinSlotType('amazon.date')?.name).toBe('AMAZON.Date')
    expect(v1SlotTypeName('AMAZON.Number')).toBe('AMAZON.NUMBER')
    expect(v1SlotTypeName('AMAZON.City')).toBe('AMAZON.City')
    expect(builtinSlotType('AMAZON.Anaphor')?.kind).toBe('unsupported')
    expect(builtinSlotType('AMAZON.Nothing')).toBeUndefined()
  })
})

describe('a bot’s own slot types', () => {
  const types = {
    Kind: {
      values: ['fiction', { value: 'fantasy', synonyms: ['magic', 'sword and sorcery'] }],
      resolve: 'top',
    },
    Loose: { values: [{ value: 'fantasy', synonyms: ['magic'] }] },
    Code: { pattern: '[a-z]{2}\\d{2,4}' },
    Title: { vocabulary: 'bookName' },
    Name: { extends: 'AMAZON.FirstName' },
  } as const
  const read = (type: string, text: string, confirm = false, more = {}) => {
    const { slot, context } = slotOf(type, types, more, confirm)
    return resolveSlot(slot, text, [], context('en'))
  }

  it('take values and synonyms, alone and in a sentence', () => {
    for (const text of [
      'magic',
      'MAGIC!',
      'some magic, please',
      'Sword and Sorcery',
      'I like magic best',
    ]) {
      expect(read('Kind', text)).toMatchObject({ value: { value: 'fantasy' }, strength: 'known' })
    }
    expect(read('Kind', 'magical')).toBeNull()
    expect(read('Kind', 'cooking')).toBeNull()
  })

  it('keep the words as typed where the original value is asked for', () => {
    expect(read('Loose', 'Magic')?.value).toEqual({
      original: 'Magic',
      value: 'Magic',
      resolved: ['fantasy'],
    })
    expect(read('Loose', 'cook books')).toMatchObject({
      value: { value: 'cook books' },
      strength: 'open',
    })
  })

  it('guess a mistyped value only where a confirmation shows the guess', () => {
    expect(read('Kind', 'ficton', true)).toMatchObject({
      value: { value: 'fiction', original: 'ficton' },
      strength: 'guess',
    })
    expect(read('Kind', 'fanatsy', true)).toMatchObject({ strength: 'guess' })
    expect(read('Kind', 'ficton')).toBeNull()
    expect(read('Kind', 'fict', true)).toBeNull()
  })

  it('match patterns, extend built-in types, and believe their vocabulary', () => {
    expect(read('Code', 'AB123')?.value.value).toBe('AB123')
    expect(read('Code', 'it is ab12.')?.value.value).toBe('ab12')
    expect(read('Code', 'ab1234567')).toBeNull()
    expect(read('Name', 'call me Ann')?.value.value).toBe('Ann')
    expect(read('Title', 'twilight')).toBeNull()
    const { slot, context } = slotOf('Title', types)
    const entity = { entity: 'bookName', value: 'Twilight', start: 7, end: 15, confidence: 1 }
    expect(resolveSlot(slot, 'I want twilight', [entity], context('en'))).toMatchObject({
      value: { value: 'Twilight', original: 'twilight' },
      strength: 'known',
    })
  })

  it('take several values in one answer', () => {
    const found = read('Kind', 'magic, fiction and magic', false, { multiple: true })
    expect(found?.value).toMatchObject({
      original: 'magic, fiction and magic',
      value: 'fantasy, fiction',
      values: [{ value: 'fantasy' }, { value: 'fiction' }],
    })
  })
})
