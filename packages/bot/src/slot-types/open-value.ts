/** The words that a person wraps around a name or a title, taken off: "my name is Ann", "I'd like Twilight, please". */

interface Wrapping {
  /** Before any open value. */
  readonly wish: string
  readonly name: string
  readonly place: string
  readonly please: string
}

const english: Wrapping = {
  wish: "(?:i want|i would like|i'd like|i’d like|i'll take|give me)(?: to (?:buy|order|read|have|get))?",
  name: "(?:my (?:first |last |full |family )?name(?: is|'s)|i am|i'm|call me|it is|it's|this is)",
  place: "(?:i live in|i am in|i'm in|in|to|from|near|at)",
  please: '(?:,?\\s*please)',
}
const wrappings: Readonly<Record<string, Wrapping>> = {
  en: english,
  de: {
    wish: '(?:ich möchte|ich will|ich hätte gern|ich hätte gerne|ich nehme)',
    name: '(?:mein (?:vor|nach)?name ist|ich heiße|ich heisse|ich bin)',
    place: '(?:ich wohne in|in|nach|aus|von|bei)',
    please: '(?:,?\\s*bitte)',
  },
  fr: {
    wish: "(?:je veux|je voudrais|j'aimerais|je prends)",
    name: "(?:je m'appelle|mon (?:pré)?nom est|mon nom est|c'est|je suis)",
    place: "(?:j'habite à|à|vers|de|en)",
    please: "(?:,?\\s*s(?:'|’)il (?:vous|te) pla[iî]t)",
  },
  es: {
    wish: '(?:quiero|quisiera|me gustaría|deseo)',
    name: '(?:me llamo|mi nombre es|soy)',
    place: '(?:vivo en|en|a|de|desde|para)',
    please: '(?:,?\\s*por favor)',
  },
}

const names = /FirstName|LastName|_NAME$|Person|Author|Actor|Artist|Musician/i
const places = /City|_CITY|Region|_REGION|AdministrativeArea|State|Street|Address|Airport|Landform/i

export function openValue(answer: string, type: string, language: string): string {
  if (type === 'AMAZON.FreeFormInput' || type === 'AMAZON.SearchQuery') return answer
  const kind = names.test(type) ? 'name' : places.test(type) ? 'place' : 'wish'
  const { lead, tail } = patternsOf(language, kind)
  const bare = answer
    .replace(lead, '')
    .replace(tail, '')
    .replace(/\s*[.!?。]$/u, '')
    .trim()
  return bare === '' ? answer : bare
}

const compiled = new Map<string, { lead: RegExp; tail: RegExp }>()

/** There are few languages and three kinds, so the map stays small. */
function patternsOf(language: string, kind: 'name' | 'place' | 'wish') {
  const known = Object.hasOwn(wrappings, language) ? language : 'en'
  const key = `${known} ${kind}`
  let patterns = compiled.get(key)
  if (!patterns) {
    const wrapping = wrappings[known] ?? english
    patterns = {
      lead: new RegExp(`^${wrapping[kind]}\\s+(?=\\S)`, 'iu'),
      tail: new RegExp(`${wrapping.please}[.!]?$`, 'iu'),
    }
    compiled.set(key, patterns)
  }
  return patterns
}
