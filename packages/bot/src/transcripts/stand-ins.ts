/** What stands in a transcript for what a user said of themselves: nobody's, of the same kind, so that a bot takes it as it took that. */
import type { LocaleModel } from '../model/bot-model.ts'

/** Slot types whose values are personal. */
const personal: Readonly<Record<string, string>> = {
  'AMAZON.EmailAddress': 'person@example.com',
  'AMAZON.FirstName': 'Alex',
  'AMAZON.LastName': 'Doe',
  'AMAZON.Person': 'Alex Doe',
  'AMAZON.PhoneNumber': '+5 555 555 5555',
  'AMAZON.PostalAddress': '1 Example Street',
  'AMAZON.StreetAddress': '1 Example Street',
  'AMAZON.StreetName': 'Example Street',
  'AMAZON.UKPostalCode': 'AA1 1AA',
}

/** For slots that are kept from view whatever their type. */
const others: Readonly<Record<string, string>> = {
  'AMAZON.AlphaNumeric': 'ABC123',
  'AMAZON.Date': '2030-01-01',
  'AMAZON.Duration': '1 hour',
  'AMAZON.FOUR_DIGIT_NUMBER': '1234',
  'AMAZON.Number': '5',
  'AMAZON.Percentage': '5 %',
  'AMAZON.Time': '12:00',
  'AMAZON.YesNo': 'yes',
}

export function isPersonal(type: string): boolean {
  return Object.hasOwn(personal, type) || /^AMAZON\.[A-Z]+_(?:FIRST|LAST)_NAME$/.test(type)
}

/** A value of the type; undefined where only its users know one. */
export function standIn(type: string, model: LocaleModel): string | undefined {
  if (/_FIRST_NAME$/.test(type)) return personal['AMAZON.FirstName']
  if (/_LAST_NAME$/.test(type)) return personal['AMAZON.LastName']
  for (const known of [personal, others]) if (Object.hasOwn(known, type)) return known[type]
  const own = model.slotTypes.find(({ name }) => name === type)
  return own ? own.values[0]?.value : 'something'
}

/** Mail addresses as nobody's, digits of telephones, cards and accounts as fives, dates without their day. */
export function anonymous(text: string): string {
  return text
    .replace(/[^\s@<>()]{1,64}@[^\s@<>()]{1,255}/g, 'person@example.com')
    .replace(/\+?\d(?:[\s()./-]{0,2}\d){6,30}/g, (digits) =>
      /^\d{4}-\d{2}-\d{2}$/.test(digits)
        ? `${digits.slice(0, 4)}-01-01`
        : digits.replace(/\d/g, '5'),
    )
}
