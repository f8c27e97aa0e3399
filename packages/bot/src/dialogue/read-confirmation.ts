/** An answer to yes or no: a plain one, one with a change in it, or something else. Nothing but a plain yes confirms. */
import { candidateIntent, isClear } from './begin-intent.ts'
import { corrected, readChange } from './change-slots.ts'
import type { StepResult } from './effect.ts'
import type { IntentIndex } from './locale-index.ts'
import { isMadeOf } from './made-of.ts'
import { notUnderstood } from './not-understood.ts'
import { confirm, proceed, rejected, understood } from './proceed.ts'
import { afterPhrase, correction } from './repair.ts'
import type { ActiveIntent, Eliciting } from './session.ts'
import { signOf } from './signs.ts'
import { begun, steered } from './steering.ts'
import type { TurnDraft } from './turn-draft.ts'

export function readConfirmation(
  draft: TurnDraft,
  intent: ActiveIntent,
  index: IntentIndex,
  { byHook, custom }: Extract<Eliciting, { type: 'confirm' }>,
): StepResult {
  const { phrases } = draft.index
  // A picture has no key.
  const sign = draft.key === '' ? signOf(draft.text) : null
  const saidYes = sign === 'yes' ? '' : leading(draft, phrases.yes, phrases.yesList)
  if (saidYes === '') return confirmed(draft, intent, index, byHook)
  const saidNo = sign === 'no' ? '' : leading(draft, phrases.no, phrases.noList)
  if (saidNo === '') return denied(draft, intent, index)
  const steering = steered(draft, intent)
  if (steering) return steering
  const correcting =
    correction(draft, intent, index) ??
    (saidYes || saidNo ? correction(draft, intent, index, saidYes || saidNo || '') : null)
  const candidate = candidateIntent(draft)
  const other = candidate && candidate.name !== intent.name ? candidate : null
  if (correcting && !(correcting.open && other && isClear(draft, other))) {
    return corrected(draft, intent, index, correcting)
  }
  const change = readChange(draft, intent, index)
  if (change) return change
  if (other) return begun(draft, other)
  // "no" and more words is a no; "yes" and more words may be a "yes, but", and is asked again.
  if (saidNo !== null) return denied(draft, intent, index)
  return notUnderstood(draft, intent, index, () =>
    confirm(draft, intent, byHook, custom, intent.attempts + 1),
  )
}

/** What follows a yes (or a no): '' when it is all, null when the text does not begin so. */
export function leading(
  { key, text }: TurnDraft,
  phrases: ReadonlySet<string>,
  list: readonly string[],
): string | null {
  if (isMadeOf(key, phrases)) return ''
  let rest = afterPhrase(text, list)
  // "yes, sure, but …": more of the same.
  for (let i = 0; rest !== null && rest !== '' && i < 4; i++) {
    const more = afterPhrase(rest, list)
    if (more === null) break
    rest = more
  }
  return rest
}

function confirmed(
  draft: TurnDraft,
  intent: ActiveIntent,
  index: IntentIndex,
  byHook: boolean,
): StepResult {
  const next: ActiveIntent = { ...intent, confirmation: 'Confirmed', eliciting: null, attempts: 0 }
  const missing = index.model.slots.some(({ name, required }) => required && !intent.slots[name])
  // A hook that asked before all was known decides what its "yes" means.
  if (byHook && missing) return understood(draft, next)
  return proceed(draft, next)
}

function denied(draft: TurnDraft, intent: ActiveIntent, index: IntentIndex): StepResult {
  const next: ActiveIntent = { ...intent, confirmation: 'Denied', eliciting: null, attempts: 0 }
  return index.model.dialogHook === null ? rejected(draft, next) : understood(draft, next)
}
