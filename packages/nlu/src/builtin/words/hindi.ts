/** Hindi words of times, durations and small numbers. */
import type { LanguageWords } from '../language-words.ts'

export const hindi: LanguageWords = {
  dayparts: [
    ['सुबह', 6, 12],
    ['दोपहर', 12, 16],
    ['शाम', 16, 20],
    ['रात', 20, 24],
  ],
  since: 'से',
  until: 'तक',
  postposed: true,
  days: [
    ['आज', 0],
    ['कल', 1],
    ['परसों', 2],
  ],
  units: [
    ['सेकंड', 'second'],
    ['मिनट', 'minute'],
    ['घंटे|घंटा|घंटों', 'hour'],
    ['दिनों|दिन', 'day'],
    ['हफ़्ते|हफ्ते|सप्ताह', 'week'],
    ['महीने|महीना|महीनों', 'month'],
    ['साल|वर्ष', 'year'],
  ],
  numbers: {
    शून्य: 0,
    एक: 1,
    दो: 2,
    तीन: 3,
    चार: 4,
    पांच: 5,
    पाँच: 5,
    छह: 6,
    छः: 6,
    सात: 7,
    आठ: 8,
    नौ: 9,
    दस: 10,
    बीस: 20,
    पचास: 50,
    सौ: 100,
    हज़ार: 1000,
    हजार: 1000,
    लाख: 1e5,
  },
}
