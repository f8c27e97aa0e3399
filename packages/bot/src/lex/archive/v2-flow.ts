/**
 * What Lex V2's conversation flows say and do between the steps of an intent, as warnings: messages, branches, jumps and values that
 * are set there have no counterpart here. The defaults that AWS writes into every archive (which slot is next, where it ends) are
 * what happens here anyway.
 */
import type { ArchiveWarnings } from './archive-warnings.ts'

/** @param fallback the fallback intent, to which AWS sends a slot that nobody filled */
export function warnOfFlow(
  path: string,
  value: unknown,
  fallback: string | null,
  warnings: ArchiveWarnings,
  depth = 0,
): void {
  if (!isObject(value) || depth > 20) return
  for (const [key, part] of Object.entries(value)) {
    if (part === null || part === undefined) continue
    const here = `${path}.${key}`
    if (/Response$/.test(key)) {
      warnings.add(here, 'is said between the steps, which has no counterpart here; left out')
    } else if (/conditional$/i.test(key)) {
      if (!isObject(part) || (part.active ?? part.isActive) !== false) {
        warnings.add(here, 'branches, which has no counterpart here; a hook can do it; left out')
      }
    } else if (/nextStep$/i.test(key)) warnOfStep(here, part, fallback, warnings)
    else warnOfFlow(here, part, fallback, warnings, depth + 1)
  }
}

function warnOfStep(
  path: string,
  step: unknown,
  fallback: string | null,
  warnings: ArchiveWarnings,
): void {
  if (!isObject(step)) return
  const action = isObject(step.dialogAction) ? step.dialogAction.type : undefined
  const intent = isObject(step.intent) ? step.intent : {}
  if (action === 'StartIntent' && intent.name !== fallback) {
    warnings.add(path, `goes on with the intent ${shown(intent.name)}; a hook can do it; left out`)
  }
  if (filled(step.sessionAttributes) || filled(intent.slots)) {
    warnings.add(path, 'sets attributes or slots; a hook can do it; left out')
  }
}

function filled(value: unknown): boolean {
  return isObject(value) && Object.keys(value).length > 0
}

function shown(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 100) : 'of no name'
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
