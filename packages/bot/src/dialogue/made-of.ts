/** Whether a key is nothing but phrases of a set, one after the other: "yes please do" is "yes" and "please do". */

/** Longer answers say something else too. */
const mostWords = 12

export function isMadeOf(key: string, phrases: ReadonlySet<string>): boolean {
  if (phrases.has(key)) return true
  if (!key.includes(' ')) return false
  const words = key.split(' ')
  if (words.length > mostWords) return false
  /** Whether the words before this place are phrases. */
  const reached = [true]
  for (let to = 1; to <= words.length; to++) {
    reached[to] = reached.some((is, from) => is && phrases.has(words.slice(from, to).join(' ')))
  }
  return reached[words.length] === true
}
