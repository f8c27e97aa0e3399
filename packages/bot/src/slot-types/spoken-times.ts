/**
 * Times of the day as people say them: "quarter past five", "halb sechs", "cinq heures moins le quart", "las seis y media". Text with
 * its numbers in digits (spelled-numbers.ts) in, hour and minute out.
 */

export interface SpokenTime {
  readonly hour: number
  readonly minute: number
  /** Before or after noon was said, or the hour is one that only a day of 24 has. */
  readonly certain: boolean
  readonly start: number
  readonly end: number
}

/** @returns null when the text names no time in one of these ways */
export function spokenTime(text: string, language: string): SpokenTime | null {
  const ways = Object.hasOwn(spoken, language) ? spoken[language] : undefined
  for (const { pattern, read } of ways ?? []) {
    const match = pattern.exec(text)
    const time = match && read(match.groups ?? {})
    if (!match || !time) continue
    const found = inHalf(time, match.groups?.half)
    if (found === null) continue
    return { ...found, start: match.index, end: match.index + match[0].length }
  }
  return null
}

interface Clock {
  readonly hour: number
  readonly minute: number
}

interface Way {
  readonly pattern: RegExp
  readonly read: (groups: Readonly<Record<string, string | undefined>>) => Clock | null
}

const halves: readonly (readonly [RegExp, 'am' | 'pm'])[] = [
  [/^a\.?m|morning|morgen|früh|vormittag|matin|mañana|madrugada/, 'am'],
  [/^p\.?m|afternoon|evening|night|mittag|abend|nacht|soir|après|tarde|noche/, 'pm'],
]

/** The hour in its half of the day; null where there is no such hour. */
function inHalf({ hour, minute }: Clock, half: string | undefined) {
  if (hour < 0 || hour > 24 || minute < 0 || minute > 59 || (hour === 24 && minute > 0)) return null
  const said = half && halves.find(([pattern]) => pattern.test(half.toLowerCase()))?.[1]
  if (!said) return { hour: hour % 24, minute, certain: hour > 12 || hour === 0 }
  if (hour > 12 || hour === 0) return { hour: hour % 24, minute, certain: true }
  return { hour: (hour % 12) + (said === 'pm' ? 12 : 0), minute, certain: true }
}

/** So many minutes after (or, negative, before) the hour. */
function beside(hour: string | undefined, minutes: number): Clock | null {
  const at = hour === undefined ? Number.NaN : Number(hour)
  if (!(at >= 0 && at <= 24) || minutes > 59 || minutes < -59) return null
  if (minutes >= 0) return { hour: at, minute: minutes }
  return { hour: at === 0 ? 23 : at === 1 ? 12 : at - 1, minute: 60 + minutes }
}

/** "quarter" and "half" are minutes too. */
function minutesOf(said: string | undefined): number {
  if (said === undefined) return 0
  if (/^(?:a )?quarter|^viertel|quart$|^cuarto/i.test(said)) return 15
  if (/^half|demi|^medi/i.test(said)) return 30
  return Number.parseInt(said, 10)
}

const on = (pattern: string) =>
  new RegExp(`(?<![\\p{L}\\p{N}.:])(?:${pattern})(?![\\p{L}\\p{N}])`, 'iu')
const all = (pattern: string) => new RegExp(`^\\s*(?:${pattern})\\s*[.!?]?\\s*$`, 'iu')

const english = {
  half: '(?:\\s*(?<half>a\\.?m|p\\.?m)\\.?|\\s+(?:in the |at )?(?<half>morning|afternoon|evening|night))?',
  lead: "(?:at |around |about |by |circa |approximately |maybe |say |it is |it's )*",
  tail: '(?: ?-?ish| or so| sharp| please)*',
}

const germanHalf = '(?: (?<half>morgens|früh|vormittags|nachmittags|abends|nachts))?'

/**
 * Minutes beside an hour. Bare numbers ("5 to 10") are a time as the whole of an answer only: in a sentence they are people, or copies.
 */
function beforeAndAfter(inSentence: string, alone: string, after: RegExp): Way[] {
  const read: Way['read'] = ({ minutes, way = '', hour }) => {
    const late = after.test(way)
    // "half of five" and "half to five" are too rare to be meant.
    if (!late && /half/i.test(minutes ?? '')) return null
    const value = minutesOf(minutes)
    return beside(hour, late ? value : -value)
  }
  return [
    { pattern: on(inSentence), read },
    { pattern: all(alone), read },
  ]
}

const spanishRest =
  '(?:(?<fraction>\\.5)| (?:y |(?<minus>menos ))(?<minutes>cuarto|media|\\d{1,2})|[:.](?<minutes>[0-5]\\d))'
const spanishHalf = '(?: (?:de|por|en) la (?<half>mañana|tarde|noche|madrugada))?'

function spanish({
  hour,
  fraction,
  minus,
  minutes,
}: Readonly<Record<string, string | undefined>>): Clock | null {
  const value = fraction === undefined ? minutesOf(minutes) : 30
  return beside(hour, minus === undefined ? value : -value)
}

const spoken: Readonly<Record<string, readonly Way[]>> = {
  en: [
    ...beforeAndAfter(
      `(?<minutes>(?:a )?quarter|half|\\d{1,2} min(?:ute)?s?) (?<way>past|after|to|before|of|til|till) (?<hour>\\d{1,2})(?: o.?clock)?${english.half}`,
      `${english.lead}(?<minutes>\\d{1,2}) (?<way>past|after|to|before|til|till) (?<hour>\\d{1,2})(?: o.?clock)?${english.half}${english.tail}`,
      /past|after/i,
    ),
    {
      pattern: on(`(?<hour>\\d{1,2}) ?o.?clock${english.half}`),
      read: ({ hour }) => beside(hour, 0),
    },
    {
      pattern: all(
        `${english.lead}(?<hour>\\d{1,2})(?:[.: ](?<minutes>[0-5]\\d))?${english.half}${english.tail}`,
      ),
      read: ({ hour, minutes }) => beside(hour, minutesOf(minutes)),
    },
    {
      // Three or four digits as clocks show them.
      pattern: all(
        `${english.lead}(?<hour>[01]?\\d|2[0-4])(?<minutes>[0-5]\\d)(?: ?h(?:ou)?rs)?${english.half}`,
      ),
      read: ({ hour, minutes }) => beside(hour, minutesOf(minutes)),
    },
    { pattern: on('midday'), read: () => ({ hour: 12, minute: 0 }) },
  ],
  de: [
    ...beforeAndAfter(
      `(?<minutes>viertel|\\d{1,2} minuten) (?<way>nach|vor) (?<hour>\\d{1,2})(?: uhr)?${germanHalf}`,
      `(?:um )?(?<minutes>\\d{1,2}) (?<way>nach|vor) (?<hour>\\d{1,2})(?: uhr)?${germanHalf}`,
      /nach/i,
    ),
    {
      pattern: on(`(?<part>halb|dreiviertel|viertel) (?<hour>\\d{1,2})(?: uhr)?${germanHalf}`),
      read: ({ part, hour }) => {
        const before = { halb: 30, dreiviertel: 15, viertel: 45 }[part?.toLowerCase() ?? '']
        return before === undefined ? null : beside(hour, -before)
      },
    },
    {
      pattern: on(`(?<hour>\\d{1,2}) uhr(?: (?<minutes>[0-5]?\\d))?${germanHalf}`),
      read: ({ hour, minutes }) => beside(hour, minutesOf(minutes)),
    },
    { pattern: all('(?:um |am |zu |zum )?mittags?'), read: () => ({ hour: 12, minute: 0 }) },
    { pattern: all('(?:um |zu )?mitternacht'), read: () => ({ hour: 24, minute: 0 }) },
    {
      pattern: all(
        '(?:um |gegen |ca\\.? |so )*(?<hour>\\d{1,2})(?:[.: ](?<minutes>[0-5]\\d))?(?: bitte)?',
      ),
      read: ({ hour, minutes }) => beside(hour, minutesOf(minutes)),
    },
  ],
  fr: [
    {
      pattern: on(
        '(?<!(?:pendant|durant|pour|dans|toutes les) )(?<hour>\\d{1,2}) ?(?:h|heures?)(?: (?<minus>moins)(?: le)?| et)?(?: ?(?<minutes>quart|demie?|[0-5]?\\d))?(?:(?: du| de l.| dans l.)? ?(?<half>matin|après-midi|soir))?',
      ),
      read: ({ hour, minus, minutes }) => {
        const value = minutesOf(minutes)
        return beside(hour, minus === undefined ? value : -value)
      },
    },
    {
      pattern: on('midi(?: et (?<minutes>quart|demie?))?'),
      read: ({ minutes }) => ({ hour: 12, minute: minutesOf(minutes) }),
    },
    {
      pattern: on('minuit(?: et (?<minutes>quart|demie?))?'),
      read: ({ minutes }) => ({ hour: 0, minute: minutesOf(minutes) }),
    },
  ],
  es: [
    // "las 3 entradas" are three tickets.
    {
      pattern: on(
        `(?:a las? (?<hour>\\d{1,2})${spanishRest}?|las? (?<hour>\\d{1,2})${spanishRest})${spanishHalf}`,
      ),
      read: spanish,
    },
    { pattern: all(`las? (?<hour>\\d{1,2})${spanishHalf}`), read: spanish },
    { pattern: on('(?:al )?mediod[íi]a'), read: () => ({ hour: 12, minute: 0 }) },
    { pattern: on('(?:a )?medianoche'), read: () => ({ hour: 24, minute: 0 }) },
  ],
  ja: [{ pattern: on('正午'), read: () => ({ hour: 12, minute: 0 }) }],
}
