/** Japanese words of times, durations and small numbers. */
import type { LanguageWords } from '../language-words.ts'

export const japanese: LanguageWords = {
  dayparts: [
    ['今朝|朝', 6, 12],
    ['午後|昼', 12, 18],
    ['今夜|今晩|夕方|夜', 18, 24],
  ],
  since: 'から',
  until: 'まで',
  postposed: true,
  days: [
    ['今日', 0],
    ['明日', 1],
    ['明後日', 2],
    ['昨日', -1],
  ],
  units: [
    ['秒間?', 'second'],
    ['分間?', 'minute'],
    ['時間', 'hour'],
    ['日間', 'day'],
    ['週間', 'week'],
    ['[かヶ]月間?', 'month'],
    ['年間', 'year'],
  ],
  numbers: {
    一: 1,
    二: 2,
    三: 3,
    四: 4,
    五: 5,
    六: 6,
    七: 7,
    八: 8,
    九: 9,
    十: 10,
    百: 100,
    千: 1000,
    万: 10000,
  },
}
