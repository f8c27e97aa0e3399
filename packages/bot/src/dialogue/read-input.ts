/**
 * What the user said, read in order: as an answer to what is asked, as a way to steer (cancel, repeat, skip, a person), as a
 * correction, as another intent; at last as something that was not understood, which no hook gets to see.
 */
import { answer, answerAsBefore } from './answer-turn.ts'
import { candidateIntent, takeUpAside } from './begin-intent.ts'
import { readChange } from './change-slots.ts'
import type { StepResult } from './effect.ts'
import { unknownInput, usedUp } from './not-understood.ts'
import { end, phrase, proceed } from './proceed.ts'
import { promptSaid, statementSaid, textSaid } from './prompt-selection.ts'
import { leading, readConfirmation } from './read-confirmation.ts'
import { readSlot } from './read-slot.ts'
import type { ActiveIntent } from './session.ts'
import { begun, steered } from './steering.ts'
import {
  activeIntent,
  intentIndexOf,
  note,
  placeholderValues,
  type TurnDraft,
  update,
} from './turn-draft.ts'

export function readInput(draft: TurnDraft, degraded: boolean): StepResult {
  takeUpAside(draft)
  const { session } = draft
  const intent = activeIntent(draft)
  const index = intent ? intentIndexOf(draft, intent.name) : undefined
  const read = (): StepResult => {
    const { intent: last } = session
    if (last?.eliciting?.type === 'followUp') return readFollowUp(draft, last)
    // An intent that a newer version no longer has can't go on.
    if (!intent || !index) return steered(draft, null) ?? readIntent(draft)
    const { eliciting } = intent
    if (eliciting?.type === 'slot') return readSlot(draft, intent, index, eliciting)
    if (eliciting?.type === 'confirm') return readConfirmation(draft, intent, index, eliciting)
    return (
      steered(draft, intent) ??
      readChange(draft, intent, index) ??
      readOther(draft, intent) ??
      proceed(draft, intent)
    )
  }
  if (!degraded) return read()
  const before = draft.session
  const noted = draft.effects.length
  const result = read()
  const onlyWords = draft.entities.length === 0 && draft.interpretations.length === 0
  const understoodNothing = result.effects.some(
    (effect) => effect.type === 'note' && effect.name === 'notUnderstood',
  )
  if (!onlyWords || !understoodNothing) return result
  // Nobody knows what it meant: that is not the user's failed attempt.
  draft.session = before
  draft.effects.length = noted
  draft.preface = []
  return answerAsBefore(draft, textSaid(phrase(draft, 'apology', intent)))
}

function readFollowUp(draft: TurnDraft, last: ActiveIntent): StepResult {
  const { phrases, model } = draft.index
  const followUp = intentIndexOf(draft, last.name)?.model.followUp
  const done: ActiveIntent = { ...last, eliciting: null }
  if (!followUp) {
    update(draft, { intent: done })
    return readIntent(draft)
  }
  const saidYes = leading(draft, phrases.yes, phrases.yesList)
  const values = placeholderValues(draft, last)
  if (saidYes === '') {
    update(draft, { intent: done })
    const asked = model.clarification && promptSaid(model.clarification, 0, draft.seed, values)
    return answer(draft, 'ElicitIntent', null, null, asked)
  }
  const state = last.state === 'ReadyForFulfillment' ? 'ReadyForFulfillment' : 'Fulfilled'
  if (leading(draft, phrases.no, phrases.noList) === '') {
    return end(draft, done, state, statementSaid(followUp.rejection, draft.seed, values))
  }
  const steering = steered(draft, null)
  if (steering) return steering
  const candidate = candidateIntent(draft)
  if (candidate) {
    update(draft, { intent: done })
    return begun(draft, candidate)
  }
  note(draft, 'notUnderstood', '')
  const attempts = last.attempts + 1
  if (attempts > followUp.prompt.retries) return usedUp(draft, done)
  const again = { ...last, attempts }
  return answer(
    draft,
    state,
    again,
    null,
    promptSaid(followUp.prompt, attempts, draft.seed, values),
  )
}

/** Nothing is asked: it is an intent, or it is asked what was meant. */
function readIntent(draft: TurnDraft): StepResult {
  const candidate = candidateIntent(draft)
  return candidate ? begun(draft, candidate) : unknownInput(draft)
}

function readOther(draft: TurnDraft, intent: ActiveIntent): StepResult | null {
  const candidate = candidateIntent(draft)
  return candidate && candidate.name !== intent.name ? begun(draft, candidate) : null
}
