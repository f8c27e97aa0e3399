/** Built-in slot types that are lists of words: colours, states, countries, days, months and the like, in the bot's language and English. */
import { textKey } from '../dialogue/text-key.ts'
import type { BuiltinValue } from './resolve-builtin.ts'

/** The longest known word or phrase of the type in an answer. */
export function knownWord(answer: string, type: string, language: string): BuiltinValue | null {
  const words = wordsOf(type, language)
  const key = textKey(answer)
  const whole = words.get(key) ?? words.get(`=${key}`)
  if (whole !== undefined && !isOrdinaryWord(answer, type)) return { value: whole }
  const parts = key.split(' ').slice(0, 100)
  for (let length = Math.min(5, parts.length); length > 0; length--) {
    for (let from = 0; from + length <= parts.length; from++) {
      const said = parts.slice(from, from + length).join(' ')
      const value = said.length > 2 || isAfterNumber(parts[from - 1]) ? words.get(said) : undefined
      if (value !== undefined) return shaded(value, said, parts[from - 1], type)
    }
  }
  return null
}

/** "ok", "hi", "in" are Oklahoma, Hawaii and Indiana only where they are written as such. */
function isOrdinaryWord(answer: string, type: string): boolean {
  return type === 'AMAZON.US_STATE' && /^(?:in|or|me|hi|ok|oh)[.!]?$/.test(answer.trim())
}

/** "5 kg". */
function isAfterNumber(word: string | undefined): boolean {
  return word !== undefined && /^\p{N}+$/u.test(word)
}

/** A dark red is no plain one. */
function shaded(
  value: string,
  said: string,
  before: string | undefined,
  type: string,
): BuiltinValue {
  const shade =
    type === 'AMAZON.Color' && /^(?:light|dark|bright|deep|pale|hot|sky|royal)$/.test(before ?? '')
  return shade
    ? { value: `${before} ${value}`, original: `${before} ${said}` }
    : { value, original: said }
}

const lists = new Map<string, ReadonlyMap<string, string>>()

function wordsOf(type: string, language: string): ReadonlyMap<string, string> {
  const key = `${type} ${language}`
  let words = lists.get(key)
  if (!words) {
    words = makers[type]?.(language) ?? new Map<string, string>()
    lists.set(key, words)
  }
  return words
}

const makers: Readonly<Record<string, (language: string) => Map<string, string>>> = {
  'AMAZON.Color': (language) =>
    new Map([
      ...listed(colors.en),
      ...listed(Object.hasOwn(colors, language) ? colors[language] : ''),
    ]),
  'AMAZON.US_STATE': () => {
    const words = new Map<string, string>()
    for (const pair of states.split(',')) {
      const [code = '', name = ''] = pair.split('=')
      words.set(textKey(name), name)
      words.set(code.toLowerCase(), name)
    }
    for (const capital of ['washington dc', 'washington d c', 'd c'])
      words.set(capital, 'District of Columbia')
    return words
  },
  'AMAZON.Season': () => listed('spring summer autumn fall winter'),
  'AMAZON.SpeedUnit': () =>
    synonyms(
      'kilometers per hour=kph|kmh|km h|kilometres per hour;miles per hour=mph;meters per second=m s|metres per second;knots=knot|kn',
    ),
  'AMAZON.WeightUnit': () =>
    synonyms(
      'kilograms=kg|kilo|kilos|kilogram|kilogramm;grams=g|gram|gramm;pounds=lb|lbs|pound;ounces=oz|ounce;tons=ton|tonne|tonnes;milligrams=mg|milligram',
    ),
  'AMAZON.DayOfWeek': (language) =>
    byFormat(
      language,
      7,
      (format, i) => format.format(new Date(Date.UTC(2024, 0, 1 + i))),
      'weekday',
    ),
  'AMAZON.Month': (language) =>
    byFormat(language, 12, (format, i) => format.format(new Date(Date.UTC(2024, i, 1))), 'month'),
  'AMAZON.Country': (language) => displayNames(language, 'region', countryCodes()),
  'AMAZON.Language': (language) => displayNames(language, 'language', languageCodes.split(' ')),
}

const colors: Readonly<Record<string, string>> = {
  en: 'red orange yellow green blue purple violet pink brown black white grey gray silver gold beige turquoise teal cyan magenta maroon navy olive lime indigo crimson coral salmon khaki lavender ivory tan bronze aqua amber scarlet burgundy cream charcoal mint peach plum',
  de: 'rot orange gelb grün blau lila violett rosa braun schwarz weiß weiss grau silber gold beige türkis hellblau dunkelblau hellgrün dunkelgrün',
  fr: 'rouge orange jaune vert bleu violet rose marron brun noir blanc gris argent or beige turquoise',
  es: 'rojo naranja amarillo verde azul morado violeta rosa marrón negro blanco gris plata oro beige turquesa',
}

const states =
  'AL=Alabama,AK=Alaska,AZ=Arizona,AR=Arkansas,CA=California,CO=Colorado,CT=Connecticut,DE=Delaware,DC=District of Columbia,FL=Florida,GA=Georgia,HI=Hawaii,ID=Idaho,IL=Illinois,IN=Indiana,IA=Iowa,KS=Kansas,KY=Kentucky,LA=Louisiana,ME=Maine,MD=Maryland,MA=Massachusetts,MI=Michigan,MN=Minnesota,MS=Mississippi,MO=Missouri,MT=Montana,NE=Nebraska,NV=Nevada,NH=New Hampshire,NJ=New Jersey,NM=New Mexico,NY=New York,NC=North Carolina,ND=North Dakota,OH=Ohio,OK=Oklahoma,OR=Oregon,PA=Pennsylvania,RI=Rhode Island,SC=South Carolina,SD=South Dakota,TN=Tennessee,TX=Texas,UT=Utah,VT=Vermont,VA=Virginia,WA=Washington,WV=West Virginia,WI=Wisconsin,WY=Wyoming'

const languageCodes =
  'ar bn bg ca cs da de el en es et eu fa fi fr ga gl gu he hi hr hu hy id is it ja ka kk km kn ko lt lv mk ml mn mr ms my ne nl no pa pl ps pt ro ru sk sl sq sr sv sw ta te th tl tr uk ur uz vi zh'

function listed(words: string | undefined): Map<string, string> {
  const list = (words ?? '').split(' ').filter((word) => word !== '')
  return new Map(list.map((word) => [textKey(word), word]))
}

/** `value=synonym|synonym;value=…` */
function synonyms(text: string): Map<string, string> {
  const words = new Map<string, string>()
  for (const entry of text.split(';')) {
    const [value = '', others = ''] = entry.split('=')
    for (const word of [value, ...others.split('|')]) words.set(textKey(word), value)
  }
  return words
}

/** Long names, and short ones (marked by `=`) that are known as a whole answer only: "sun" is more often the sun. */
function byFormat(
  language: string,
  count: number,
  write: (format: Intl.DateTimeFormat, i: number) => string,
  part: 'weekday' | 'month',
): Map<string, string> {
  const words = new Map<string, string>()
  for (const code of ['en', language]) {
    const formats = (['long', 'short'] as const).map(
      (width) =>
        new Intl.DateTimeFormat(`${code}-u-ca-gregory`, { [part]: width, timeZone: 'UTC' }),
    )
    for (let i = 0; i < count; i++) {
      const [name = '', short = ''] = formats.map((format) => write(format, i))
      words.set(textKey(name), name)
      words.set(`=${textKey(short)}`, name)
      if (code !== 'en') continue
      if (part === 'weekday') words.set(textKey(`${name}s`), name)
      else if (short.length > 2) words.set(`=${textKey(name.slice(0, 4))}`, name)
    }
  }
  return words
}

function displayNames(
  language: string,
  type: 'region' | 'language',
  codes: readonly string[],
): Map<string, string> {
  const words = new Map<string, string>()
  for (const code of ['en', language]) {
    const names = new Intl.DisplayNames(code, { type, fallback: 'none' })
    for (const one of codes) {
      const name = names.of(one)
      if (name === undefined) continue
      words.set(textKey(name), name)
      const plain = textKey(name.normalize('NFD').replace(/\p{Mn}/gu, ''))
      if (!words.has(plain)) words.set(plain, name)
    }
  }
  if (type === 'region') {
    for (const [word, name] of Object.entries(otherCountryNames)) words.set(word, name)
  }
  return words
}

const otherCountryNames: Readonly<Record<string, string>> = {
  usa: 'United States',
  us: 'United States',
  'united states of america': 'United States',
  america: 'United States',
  uk: 'United Kingdom',
  'great britain': 'United Kingdom',
  england: 'United Kingdom',
  holland: 'Netherlands',
  turkey: 'Türkiye',
  'ivory coast': 'Côte d’Ivoire',
  korea: 'South Korea',
  scotland: 'United Kingdom',
  wales: 'United Kingdom',
  'czech republic': 'Czechia',
}

function countryCodes(): string[] {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
  return letters
    .flatMap((a) => letters.map((b) => a + b))
    .filter((code) => !/^(?:[QX].|ZZ|EU|EZ|UN)$/.test(code))
}
