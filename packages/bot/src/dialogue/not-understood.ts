/** What happens to words that mean nothing here: asked again, each retry in its own words, until the attempts are used up. No hook sees them. */
import { answer, fail } from './answer-turn.ts'
import { beginFallback, fallbackOf } from './begin-intent.ts'
import type { StepResult } from './effect.ts'
import type { IntentIndex } from './locale-index.ts'
import { close, elicitSlot, proceed } from './proceed.ts'
import { joinedSaid, promptSaid, statementSaid } from './prompt-selection.ts'
import type { ActiveIntent } from './session.ts'
import { note, placeholderValues, type TurnDraft, update } from './turn-draft.ts'

const defaultRetries = 2

/** Asks again, each retry in its own words, until the attempts are used up. No hook is called. */
export function notUnderstood(
  draft: TurnDraft,
  intent: ActiveIntent,
  index: IntentIndex,
  again?: () => StepResult,
): StepResult {
  const { eliciting, attempts } = intent
  note(draft, 'notUnderstood', '')
  const prompt =
    eliciting?.type === 'slot'
      ? index.slots.get(eliciting.slot)?.model.prompt
      : index.model.confirmation?.prompt
  if (attempts >= (prompt?.retries ?? defaultRetries)) return usedUp(draft, intent)
  if (again) return again()
  if (eliciting?.type !== 'slot') return proceed(draft, intent)
  return elicitSlot(draft, intent, eliciting.slot, eliciting.custom, attempts + 1)
}

/** Nothing is under way, and no intent was meant: the fallback intent takes it, or it is asked what was meant. */
export function unknownInput(draft: TurnDraft): StepResult {
  const { index, session, seed } = draft
  note(draft, 'notUnderstood', '')
  const fallback = fallbackOf(index)
  if (fallback !== null) return beginFallback(draft, fallback)
  const { clarification } = index.model
  const attempts = session.misunderstood
  if (clarification && attempts <= clarification.retries) {
    update(draft, { misunderstood: attempts + 1 })
    const said = promptSaid(clarification, attempts, seed, placeholderValues(draft, null))
    return answer(draft, 'ElicitIntent', null, null, said)
  }
  if (!clarification && !index.model.abort) {
    return fail(
      draft,
      'BAD_REQUEST',
      'nothing was understood, and the bot has neither a fallback intent nor a clarification prompt; give it one of them',
    )
  }
  return usedUp(draft, null)
}

/** The fallback intent takes over, or the abort statement ends it. What was laid aside is given up with it. */
export function usedUp(draft: TurnDraft, intent: ActiveIntent | null): StepResult {
  note(draft, 'aborted', intent?.name ?? '')
  update(draft, { stack: [], misunderstood: 0 })
  const fallback = fallbackOf(draft.index)
  if (fallback !== null && fallback !== intent?.name) {
    update(draft, {
      intent: intent && { ...intent, state: 'Failed', eliciting: null, attempts: 0 },
    })
    return beginFallback(draft, fallback)
  }
  const { abort } = draft.index.model
  const said = abort && statementSaid(abort, draft.seed, placeholderValues(draft, intent))
  if (intent) return close(draft, intent, 'Failed', said)
  return answer(draft, 'Failed', null, null, joinedSaid(said))
}
