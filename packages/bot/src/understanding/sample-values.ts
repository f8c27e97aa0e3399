/** A few values that a slot type may have, to make training sentences of utterances with placeholders. */
import type { SlotTypeModel } from '../model/bot-model.ts'
import { type BuiltinKind, builtinSlotType } from '../slot-types/builtin-slot-types.ts'

const most = 24

/** Never empty. */
export function sampleValues(
  type: string,
  custom: SlotTypeModel | undefined,
  live: (vocabulary: string) => readonly string[],
): readonly string[] {
  const own = custom?.values.flatMap(({ value, synonyms }) => [value, ...synonyms]) ?? []
  const fromLive = custom?.vocabulary ? live(custom.vocabulary).slice(0, most) : []
  const values = [...own, ...fromLive].filter((value) => value.trim() !== '').slice(0, most)
  if (values.length > 0) return values
  const kind = builtinSlotType(custom?.parent ?? type)?.kind
  return (kind && samples[kind]) ?? open
}

/** Of no meaning together: what stays is where such words stand. */
const open = [
  'Moby Dick',
  'the blue one',
  'Anna',
  'Lisbon',
  'a song of ice',
  'Nightfall',
  'green tea',
  'Peter and the wolf',
  'Orion',
  'two towers',
  'something new',
  'Maple Street',
]

const samples: Partial<Record<BuiltinKind, readonly string[]>> = {
  date: ['tomorrow', 'next friday', 'May 3', 'the 12th of June', '2027-01-05'],
  time: ['at 5 pm', '10:30', 'noon', 'half past six', '7 am'],
  duration: ['two hours', '30 minutes', 'a week', '3 days'],
  number: ['3', 'twelve', '40', 'two', '7'],
  ordinal: ['first', 'second', 'third', '4th'],
  percentage: ['20 percent', '5%', 'ten percent'],
  fourDigits: ['1234', '4821', '7730'],
  phone: ['555 0142', '+44 20 7946 0018', '(212) 555-0171'],
  email: ['ada@example.com', 'j.doe@example.org'],
  alphanumeric: ['A17B', 'X9 44', 'QR202'],
  yesNo: ['yes', 'no'],
  postcode: ['SW1A 1AA', 'M1 1AE'],
  speed: ['60 miles per hour', '90 km/h'],
  weight: ['two kilos', '5 pounds'],
  list: ['blue', 'red', 'Monday', 'March', 'Texas'],
}
