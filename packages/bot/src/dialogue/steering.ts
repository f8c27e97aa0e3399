/** Cancel, repeat, a person: what leads a dialogue from outside its way, by words or by Amazon's built-in intents. */
import { answerAsBefore } from './answer-turn.ts'
import { beginIntent, type Candidate, candidateIntent } from './begin-intent.ts'
import type { StepResult } from './effect.ts'
import { unknownInput } from './not-understood.ts'
import { close, phrase } from './proceed.ts'
import { textSaid } from './prompt-selection.ts'
import type { ActiveIntent } from './session.ts'
import { activeIntent, intentIndexOf, note, type TurnDraft, update } from './turn-draft.ts'

/** Cancel, repeat, a person: said in so many words. */
export function steered(draft: TurnDraft, intent: ActiveIntent | null): StepResult | null {
  const { phrases } = draft.index
  const { key } = draft
  const isPhrase = phrases.person.has(key) || phrases.repeat.has(key) || phrases.cancel.has(key)
  if (!isPhrase || isOwnUtterance(draft)) return null
  if (phrases.person.has(draft.key)) {
    draft.effects.push({ type: 'askForPerson' })
    update(draft, { personAsked: true })
    return answerAsBefore(draft, textSaid(phrase(draft, 'handedOff', intent)))
  }
  if (phrases.repeat.has(draft.key) && draft.session.lastSaid) return repeated(draft)
  if (intent && phrases.cancel.has(draft.key)) return cancelled(draft, intent)
  return null
}

/** "cancel my order" is the bot's own intent where its author says so. */
function isOwnUtterance(draft: TurnDraft): boolean {
  const candidate = candidateIntent(draft)
  return (
    candidate !== null && intentIndexOf(draft, candidate.name)?.utterances.has(draft.key) === true
  )
}

/** Built-in intents without a hook steer; all others begin. */
export function begun(draft: TurnDraft, candidate: Candidate): StepResult {
  const model = intentIndexOf(draft, candidate.name)?.model
  if (
    model &&
    model.fulfilmentHook === null &&
    model.dialogHook === null &&
    !model.closing &&
    !model.success
  ) {
    const active = activeIntent(draft)
    if (model.builtin === 'AMAZON.RepeatIntent') return repeated(draft)
    if (model.builtin === 'AMAZON.CancelIntent' || model.builtin === 'AMAZON.StopIntent') {
      if (active) return cancelled(draft, active)
      // Nothing is under way: silence would be no answer.
      return answerAsBefore(draft, textSaid(phrase(draft, 'cancelled', null)))
    }
  }
  return beginIntent(draft, candidate)
}

function repeated(draft: TurnDraft): StepResult {
  const { lastSaid } = draft.session
  return lastSaid ? answerAsBefore(draft, lastSaid) : unknownInput(draft)
}

function cancelled(draft: TurnDraft, intent: ActiveIntent): StepResult {
  note(draft, 'cancelled', intent.name)
  return close(draft, intent, 'Failed', textSaid(phrase(draft, 'cancelled', intent)))
}
