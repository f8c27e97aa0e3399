/** The words of each language that are numbers, by their values, and how they are put together. */

export interface NumberWords {
  /** Cardinal words to their values; those of 100 and of 1,000 and more multiply what stands before them. */
  readonly words: ReadonlyMap<string, number>
  /** Stands between the parts of one number: "and", "y". */
  readonly joiners: ReadonlySet<string>
  /** Words for one that are articles too: a number only alone or before a larger part. */
  readonly articles: ReadonlySet<string>
  /** Tens after which ten to nineteen may stand: "soixante-dix". */
  readonly longTens: ReadonlySet<number>
  /** Before digits of a fraction, "point"; and what adds a half, "and a half". */
  readonly point: RegExp | null
  readonly half: RegExp | null
  /** Values of words that are whole numbers in themselves, for languages that write them as one. */
  readonly compound: ((word: string) => number | null) | null
}

/** `zero one two …`: each word is one more than the one before it; `/` parts spellings. */
function counted(from: number, words: string, by = 1): [string, number][] {
  return words
    .split(' ')
    .flatMap((spellings, i) =>
      spellings.split('/').map((word): [string, number] => [word, from + i * by]),
    )
}

const none = new Set<never>()

const english: NumberWords = {
  words: new Map([
    ...counted(
      0,
      'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen',
    ),
    ...counted(20, 'twenty thirty forty/fourty fifty sixty seventy eighty ninety/ninty', 10),
    ['dozen', 12],
    ['hundred', 100],
    ['thousand', 1000],
    ['million', 1e6],
    ['billion', 1e9],
  ]),
  joiners: new Set(['and']),
  articles: new Set(['a', 'an']),
  longTens: none,
  point: /^(?:point|dot)$/,
  half: /^\s+and a half\b/i,
  compound: null,
}

const germanSmall = new Map([
  ...counted(
    0,
    'null ein/eins/eine/einen zwei/zwo drei vier fünf/fuenf sechs sieben acht neun zehn elf zwölf/zwoelf dreizehn vierzehn fünfzehn/fuenfzehn sechzehn siebzehn achtzehn neunzehn',
  ),
  ...counted(
    20,
    'zwanzig dreißig/dreissig vierzig fünfzig/fuenfzig sechzig siebzig achtzig neunzig',
    10,
  ),
])

const german: NumberWords = {
  words: new Map([
    ...[...germanSmall].filter(([word]) => word !== 'ein' && !word.startsWith('eine')),
    ['dutzend', 12],
    ['hundert', 100],
    ['tausend', 1000],
    ['million', 1e6],
    ['millionen', 1e6],
  ]),
  joiners: none,
  articles: new Set(['ein', 'eine', 'einen']),
  longTens: none,
  point: /^komma$/,
  half: null,
  compound: germanNumber,
}

/** "zweihundertfünfundzwanzig". */
function germanNumber(word: string): number | null {
  const small = germanSmall.get(word)
  if (small !== undefined) return small
  if (word === 'anderthalb') return 1.5
  if (word.endsWith('einhalb')) {
    const whole = germanNumber(word.slice(0, -'einhalb'.length))
    return whole === null ? null : whole + 0.5
  }
  for (const [name, value] of [
    ['tausend', 1000],
    ['hundert', 100],
  ] as const) {
    const at = word.indexOf(name)
    if (at < 0) continue
    const before = at === 0 ? 1 : germanNumber(word.slice(0, at))
    const rest = word.slice(at + name.length).replace(/^und(?=.)/, '')
    const after = rest === '' ? 0 : germanNumber(rest)
    return before === null || after === null || before >= value || after >= value
      ? null
      : before * value + after
  }
  const [, unit = '', ten = ''] = /^(.+)und(.+zig|.+ßig|.+ssig)$/.exec(word) ?? []
  const [units, tens] = [germanSmall.get(unit), germanSmall.get(ten)]
  return units === undefined || tens === undefined || units > 9 || units === 0 ? null : units + tens
}

const french: NumberWords = {
  words: new Map([
    ...counted(
      0,
      'zéro un/une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize',
    ),
    ...counted(
      20,
      'vingt trente quarante cinquante soixante septante quatrevingt/quatrevingts/huitante/octante nonante',
      10,
    ),
    ['douzaine', 12],
    ['cent', 100],
    ['cents', 100],
    ['mille', 1000],
    ['million', 1e6],
    ['millions', 1e6],
  ]),
  joiners: new Set(['et']),
  articles: new Set(['un', 'une']),
  longTens: new Set([60, 80]),
  point: /^virgule$/,
  half: /^\s+et demie?\b/i,
  compound: null,
}

const spanish: NumberWords = {
  words: new Map([
    ...counted(
      0,
      'cero uno/un/una dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis/dieciseis diecisiete dieciocho diecinueve veinte veintiuno/veintiún/veintiuna veintidós/veintidos veintitrés/veintitres veinticuatro veinticinco veintiséis/veintiseis veintisiete veintiocho veintinueve',
    ),
    ...counted(30, 'treinta cuarenta cincuenta sesenta setenta ochenta noventa', 10),
    ['docena', 12],
    ['cien', 100],
    ['ciento', 100],
    ...counted(
      200,
      'doscientos/doscientas trescientos/trescientas cuatrocientos/cuatrocientas quinientos/quinientas seiscientos/seiscientas setecientos/setecientas ochocientos/ochocientas novecientos/novecientas',
      100,
    ),
    ['mil', 1000],
    ['millón', 1e6],
    ['millones', 1e6],
  ]),
  joiners: new Set(['y']),
  articles: new Set(['un', 'una']),
  longTens: none,
  point: /^(?:coma|punto)$/,
  half: /^\s+y medi[ao]\b/i,
  compound: null,
}

const hindi: NumberWords = {
  words: new Map([
    ...counted(
      0,
      'शून्य एक दो तीन चार पाँच/पांच छह/छः/छे/छ सात आठ नौ दस ग्यारह बारह तेरह चौदह पंद्रह/पन्द्रह सोलह सत्रह अठारह उन्नीस बीस इक्कीस बाईस तेईस चौबीस पच्चीस छब्बीस सत्ताईस अट्ठाईस उनतीस तीस इकतीस बत्तीस तैंतीस चौंतीस पैंतीस छत्तीस सैंतीस अड़तीस उनतालीस चालीस इकतालीस बयालीस तैंतालीस चौवालीस पैंतालीस छियालीस सैंतालीस अड़तालीस उनचास पचास इक्यावन बावन तिरपन चौवन पचपन छप्पन सत्तावन अट्ठावन उनसठ साठ इकसठ बासठ तिरसठ चौंसठ पैंसठ छियासठ सड़सठ अड़सठ उनहत्तर सत्तर इकहत्तर बहत्तर तिहत्तर चौहत्तर पचहत्तर छिहत्तर सतहत्तर अठहत्तर उन्यासी अस्सी इक्यासी बयासी तिरासी चौरासी पचासी छियासी सत्तासी अट्ठासी नवासी नब्बे इक्यानवे बानवे तिरानवे चौरानवे पचानवे छियानवे सत्तानवे अट्ठानवे निन्यानवे',
    ),
    ['सौ', 100],
    ['हज़ार', 1000],
    ['हजार', 1000],
    ['लाख', 1e5],
    ['करोड़', 1e7],
  ]),
  joiners: none,
  articles: new Set(['एक']),
  longTens: none,
  point: null,
  half: null,
  compound: null,
}

export const numberWords: Readonly<Record<string, NumberWords>> = {
  en: english,
  de: german,
  fr: french,
  es: spanish,
  hi: hindi,
}

/** "二十五", "三千二百": values of ten and more multiply what stands before them. */
export function kanjiNumber(text: string): number | null {
  let [total, section, digit] = [0, 0, 0]
  for (const sign of text) {
    const small = '〇一二三四五六七八九'.indexOf(sign)
    const unit = { 十: 10, 百: 100, 千: 1000 }[sign]
    const large = { 万: 1e4, 億: 1e8 }[sign]
    if (small >= 0) digit = digit * 10 + small
    else if (unit !== undefined) {
      section += (digit || 1) * unit
      digit = 0
    } else if (large !== undefined) {
      total += (section + digit || 1) * large
      section = 0
      digit = 0
    } else return null
  }
  return total + section + digit
}
