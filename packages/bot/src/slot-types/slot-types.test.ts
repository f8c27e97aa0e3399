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
    ['AMAZON.Date', 'last friday', '2017-04-14'],
    ['AMAZON.Date', 'day after tomorrow', '2017-04-22'],
    ['AMAZON.Date', 'a week from friday', '2017-04-28'],
    ['AMAZON.Date', 'this morning', '2017-04-20'],
    ['AMAZON.Date', 'the 5th', '2017-05-05'],
    ['AMAZON.Date', 'on the twenty fifth', null],
    ['AMAZON.Date', '12/24', '2017-12-24'],
    ['AMAZON.Date', 'in november', '2017-11'],
    ['AMAZON.Date', 'may', '2017-05'],
    ['AMAZON.Date', 'december 2018', '2018-12'],
    ['AMAZON.Date', 'weekend', '2017-W16-WE'],
    ['AMAZON.Date', '6 pm', null],
    ['AMAZON.Date', 'in the morning', null],
    ['AMAZON.Date', 'tomorrow at 6 pm', '2017-04-21'],
    ['AMAZON.Date', 'in 2 hours', '2017-04-20'],
    ['AMAZON.Date', 'tonight', '2017-04-20'],
    ['AMAZON.Date', 'spring 2018', '2018-SP'],
    ['AMAZON.Date', '32nd of december', null],
    ['AMAZON.Time', '15:30', '15:30'],
    ['AMAZON.TIME', 'at 2 pm', '14:00'],
    ['AMAZON.Time', 'in the morning', 'MO'],
    ['AMAZON.Time', 'this afternoon', 'AF'],
    ['AMAZON.Time', 'evening', 'EV'],
    ['AMAZON.Time', 'at night', 'NI'],
    ['AMAZON.Time', '99:99', null],
    ['AMAZON.Time', 'quarter past 5', '17:15'],
    ['AMAZON.Time', 'half past nine in the morning', '09:30'],
    ['AMAZON.Time', 'quarter to six pm', '17:45'],
    ['AMAZON.Time', 'ten to twelve', '11:50'],
    ['AMAZON.Time', 'five thirty pm', '17:30'],
    ['AMAZON.Time', "six o'clock", '18:00'],
    ['AMAZON.Time', '5 in the afternoon', '17:00'],
    ['AMAZON.Time', '1730', '17:30'],
    ['AMAZON.Time', 'around 8ish', '20:00'],
    ['AMAZON.Time', 'two of 5', null],
    ['AMAZON.Time', 'a table for 3 to 5 people', null],
    ['AMAZON.Time', 'come at 10 minutes to 12', '11:50'],
    ['AMAZON.Time', 'now', '09:00'],
    ['AMAZON.Duration', 'two hours', 'PT2H'],
    ['AMAZON.Duration', '2 hours and 30 minutes', 'PT2H30M'],
    ['AMAZON.Duration', 'half an hour', 'PT30M'],
    ['AMAZON.Duration', '3 days', 'P3D'],
    ['AMAZON.Duration', 'P2W', 'P2W'],
    ['AMAZON.Duration', 'soon', null],
    ['AMAZON.Duration', 'two and a half hours', 'PT2H30M'],
    ['AMAZON.Duration', '1h30', 'PT1H30M'],
    ['AMAZON.Duration', 'a couple of days', 'P2D'],
    ['AMAZON.Duration', 'a fortnight', 'P2W'],
    ['AMAZON.Duration', '-5 minutes', null],
    ['AMAZON.Number', 'twenty two', '22'],
    ['AMAZON.NUMBER', '1,234.5', '1234.5'],
    ['AMAZON.Number', 'minus 5', '-5'],
    ['AMAZON.Number', 'I want 3 of them', '3'],
    ['AMAZON.Number', 'many', null],
    ['AMAZON.Number', 'one', '1'],
    ['AMAZON.Number', 'just one please', '1'],
    ['AMAZON.Number', 'the blue one', null],
    ['AMAZON.Number', 'two dozen', '24'],
    ['AMAZON.Number', 'one point five', '1.5'],
    ['AMAZON.Number', 'two and a half', '2.5'],
    ['AMAZON.Number', 'fourty two', '42'],
    ['AMAZON.Number', 'two million three hundred thousand and one', '2300001'],
    ['AMAZON.Number', '99999999999999999999', '99999999999999999999'],
    ['AMAZON.Number', '1/2', null],
    ['AMAZON.Number', 'five or six', null],
    ['AMAZON.Ordinal', 'the third one', '3'],
    ['AMAZON.Ordinal', 'twenty first', '21'],
    ['AMAZON.PhoneNumber', 'five five five one two three four', '5551234'],
    ['AMAZON.PhoneNumber', '+49 (0)30 123456', '4930123456'],
    ['AMAZON.PhoneNumber', '2026-11-24', null],
    ['AMAZON.EmailAddress', 'mailto:ann@example.com', 'ann@example.com'],
    ['AMAZON.EmailAddress', 'a..b@example.com', null],
    ['AMAZON.YesNo', 'yeah sure', 'Yes'],
    ['AMAZON.YesNo', 'yes please do', 'Yes'],
    ['AMAZON.YesNo', 'of course not', 'No'],
    ['AMAZON.YesNo', '👍🏽', 'Yes'],
    ['AMAZON.YesNo', 'yes no', null],
    ['AMAZON.AlphaNumeric', 'my code is AB-12', 'AB12'],
    ['AMAZON.FOUR_DIGIT_NUMBER', 'one two three four', '1234'],
    ['AMAZON.FOUR_DIGIT_NUMBER', '12345', null],
    ['AMAZON.US_STATE', 'washington dc', 'District of Columbia'],
    ['AMAZON.US_STATE', 'hi', null],
    ['AMAZON.US_STATE', 'HI', 'Hawaii'],
    ['AMAZON.Country', "cote d'ivoire", 'Côte d’Ivoire'],
    ['AMAZON.DayOfWeek', 'on fridays', 'Friday'],
    ['AMAZON.DayOfWeek', 'fri', 'Friday'],
    ['AMAZON.DayOfWeek', 'in the sun', null],
    ['AMAZON.Month', 'sept', 'September'],
    ['AMAZON.WeightUnit', '5 kg', 'kilograms'],
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
    ['AMAZON.Color', 'a dark Red one', 'dark red'],
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

  it.each([
    ['de', 'AMAZON.Number', 'zweihundertfünfundzwanzig', '225'],
    ['de', 'AMAZON.Number', '1.000', '1000'],
    ['de', 'AMAZON.Number', 'eine', '1'],
    ['de', 'AMAZON.Duration', 'anderthalb stunden', 'PT1H30M'],
    ['de', 'AMAZON.Date', '24.12.', '2017-12-24'],
    ['de', 'AMAZON.Date', 'letzten freitag', '2017-04-14'],
    ['de', 'AMAZON.Date', 'in drei tagen', '2017-04-23'],
    ['de', 'AMAZON.Time', 'halb sechs abends', '17:30'],
    ['de', 'AMAZON.Time', 'viertel vor zehn', '09:45'],
    ['de', 'AMAZON.Time', 'mitternacht', '00:00'],
    ['fr', 'AMAZON.Number', 'quatre-vingt-dix-sept', '97'],
    ['fr', 'AMAZON.Number', '1 000', '1000'],
    ['fr', 'AMAZON.Date', 'après-demain', '2017-04-22'],
    ['fr', 'AMAZON.Date', 'vendredi dernier', '2017-04-14'],
    ['fr', 'AMAZON.Time', 'cinq heures moins le quart du soir', '16:45'],
    ['fr', 'AMAZON.Time', 'pendant 2 heures', null],
    ['es', 'AMAZON.Time', 'quiero las 3 entradas', null],
    ['es', 'AMAZON.Time', 'las 3', '15:00'],
    ['fr', 'AMAZON.Duration', 'une demi-heure', 'PT30M'],
    ['es', 'AMAZON.Number', 'treinta y uno', '31'],
    ['es', 'AMAZON.Date', 'pasado mañana', '2017-04-22'],
    ['es', 'AMAZON.Time', 'las seis y media de la tarde', '18:30'],
    ['es', 'AMAZON.Duration', 'media hora', 'PT30M'],
    ['ja', 'AMAZON.Number', '三千二百五', '3205'],
    ['ja', 'AMAZON.Date', '来週の金曜日', '2017-04-28'],
    ['ja', 'AMAZON.Date', '明後日', '2017-04-22'],
    ['hi', 'AMAZON.Number', 'दो सौ पच्चीस', '225'],
    ['hi', 'AMAZON.Date', 'शुक्रवार', '2017-04-21'],
    ['ar', 'AMAZON.Number', 'خمسة وعشرون', '25'],
  ])('%s, %s: %s', (language, type, text, expected) => {
    expect(value(type, text, language)).toBe(expected)
  })

  it('never take a part of a number that is spelled out for the whole', () => {
    for (let n = 0; n < 1000; n++) {
      expect(value('AMAZON.Number', germanWords(n), 'de')).toBe(String(n))
      expect(value('AMAZON.Number', englishWords(n))).toBe(String(n))
    }
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

function germanWords(n: number): string {
  const small =
    'null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn'
  const tens = 'zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig'.split(' ')
  const one = (at: number) => small.split(' ')[at] as string
  if (n >= 100) return `${one(Math.floor(n / 100))}hundert${n % 100 ? germanWords(n % 100) : ''}`
  if (n < 20) return n === 1 ? 'eins' : one(n)
  const ten = tens[Math.floor(n / 10) - 2] as string
  return n % 10 ? `${one(n % 10)}und${ten}` : ten
}

function englishWords(n: number): string {
  const small =
    'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'
  const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ')
  const one = (at: number) => small.split(' ')[at] as string
  if (n >= 100) {
    return `${one(Math.floor(n / 100))} hundred${n % 100 ? ` and ${englishWords(n % 100)}` : ''}`
  }
  if (n < 20) return one(n)
  const ten = tens[Math.floor(n / 10) - 2] as string
  return n % 10 ? `${ten}-${one(n % 10)}` : ten
}
