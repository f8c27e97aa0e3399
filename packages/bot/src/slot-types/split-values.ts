/** Parts an answer with several values: at commas, semicolons and the language's "and". */

const joiners: Readonly<Record<string, string>> = {
  en: 'and|as well as|plus',
  de: 'und|sowie',
  fr: 'et|ainsi que',
  es: 'y|e',
  hi: 'और|तथा',
  ja: 'と|や',
  ar: 'و',
}

export function splitValues(answer: string, language: string): string[] {
  const joiner = joiners[language] ?? joiners.en
  const spaced = language === 'ja' ? `\\s*(?:${joiner})\\s*` : `\\s+(?:${joiner})\\s+`
  return answer
    .split(new RegExp(`\\s*[,;、،]\\s*(?:(?:${joiner})\\s+)?|${spaced}`, 'iu'))
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .slice(0, 20)
}
