/**
 * A value that was mistyped by one letter. Only for types that take known values alone, for words of five letters and more, and
 * only when one value is that near: who asks shows the guess for confirmation before anything is done with it.
 */
import type { SlotTypeIndex } from '../dialogue/locale-index.ts'
import type { SlotValue } from '../dialogue/session.ts'
import { textKey } from '../dialogue/text-key.ts'

const shortest = 5
/** A type with more values is not searched: the step stays short. */
const mostValues = 2000

export function nearValue(type: SlotTypeIndex, answer: string): SlotValue | null {
  if (type.custom?.strategy !== 'TopResolution' || type.values.size > mostValues) return null
  const key = textKey(answer)
  if (key.length < shortest || key.length > 140) return null
  let near: string | undefined
  for (const [candidate, value] of type.values) {
    if (candidate.length < shortest || candidate[0] !== key[0] || !isOneEditAway(key, candidate))
      continue
    if (near !== undefined && near !== value) return null
    near = value
  }
  return near === undefined ? null : { original: answer, value: near, resolved: [near] }
}

/** One letter more, less, other, or two neighbours swapped. */
function isOneEditAway(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || a === b) return false
  let from = 0
  while (from < a.length && a[from] === b[from]) from++
  if (a.length === b.length) {
    const swapped = a[from] === b[from + 1] && a[from + 1] === b[from]
    return (
      a.slice(from + 1) === b.slice(from + 1) ||
      (swapped && a.slice(from + 2) === b.slice(from + 2))
    )
  }
  const [longer, shorter] = a.length > b.length ? [a, b] : [b, a]
  return longer.slice(from + 1) === shorter.slice(from)
}
