/**
 * Utterances as Lex takes them: letters, digits, spaces, periods, underscores, apostrophes and hyphens, with `{slot}`
 * placeholders that have a space (or an end of the utterance) on both sides.
 */

export type UtterancePart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'slot'; readonly slot: string }

/** The words and placeholders of an utterance; anything odd stays text. */
export function utteranceParts(utterance: string): readonly UtterancePart[] {
  const parts: UtterancePart[] = []
  let at = 0
  for (const match of utterance.matchAll(/\{([^{}]*)\}/g)) {
    const text = utterance.slice(at, match.index).trim()
    if (text !== '') parts.push({ type: 'text', text })
    parts.push({ type: 'slot', slot: (match[1] as string).trim() })
    at = match.index + match[0].length
  }
  const text = utterance.slice(at).trim()
  if (text !== '') parts.push({ type: 'text', text })
  return parts
}

export interface UtteranceProblem {
  readonly severity: 'error' | 'mark'
  readonly message: string
}

/** What is wrong with an utterance. A `mark` is a character, or one beside a placeholder, that V1 refuses and V2 takes. */
export function utteranceProblems(
  utterance: string,
  slots: ReadonlySet<string>,
): readonly UtteranceProblem[] {
  const problems: UtteranceProblem[] = []
  const error = (message: string) => problems.push({ severity: 'error', message })
  if (utterance.trim() === '') error('is empty; write what a user says')
  let rest = utterance
  for (const match of utterance.matchAll(/\{([^{}]*)\}/g)) {
    const [whole, inner = ''] = match
    const before = utterance[match.index - 1]
    const after = utterance[match.index + whole.length]
    if (!slots.has(inner)) error(`${whole} names no slot of this intent; ${known(slots)}`)
    const beside = [before, after].filter((one) => one !== undefined && one !== ' ')
    if (beside.length > 0) {
      // A mark beside a placeholder, V2 takes; a letter makes another word of it.
      const severity = beside.some((one) => /[\p{L}\p{M}\p{N}{}]/u.test(one ?? ''))
        ? 'error'
        : 'mark'
      problems.push({ severity, message: `${whole} needs a space on both sides` })
    }
    rest = rest.replace(whole, ' ')
  }
  if (/[{}]/.test(rest)) {
    error('has a brace that belongs to no placeholder; write placeholders as {slotName}')
  }
  const odd = new Set(rest.match(/[^\p{L}\p{M}\p{N}\s._'’{}-]/gu))
  if (odd.size > 0) {
    problems.push({
      severity: 'mark',
      message: `has ${[...odd].join(' ')}; an utterance may have letters, digits, spaces, periods, underscores, apostrophes and hyphens`,
    })
  }
  return problems
}

function known(slots: ReadonlySet<string>): string {
  return slots.size === 0 ? 'it has no slots' : `it has ${[...slots].slice(0, 10).join(', ')}`
}
