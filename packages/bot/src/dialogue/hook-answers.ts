/**
 * What a hook has answered, done by Lex's rules. An answer that names what the bot does not have, or that is too large to keep, is a
 * failure with the reason; the session is then as before the turn.
 */
import type { HookAction, HookAnswer, HookSlots } from '../hooks/hook-contract.ts'
import { answerProblem } from './answer-limits.ts'
import { answer, fail } from './answer-turn.ts'
import type { StepResult } from './effect.ts'
import { close, confirm, elicitSlot, nextMove, proceed, understood } from './proceed.ts'
import { promptSaid, statementSaid } from './prompt-selection.ts'
import type { ActiveIntent, SlotValue, WaitingHook } from './session.ts'
import {
  activeIntent,
  emptySlots,
  intentIndexOf,
  note,
  placeholderValues,
  type TurnDraft,
  update,
} from './turn-draft.ts'

/** @param source null: the action was not a hook's but PutSession's */
export function applyAnswer(
  draft: TurnDraft,
  given: HookAnswer,
  source: WaitingHook['source'] | null,
): StepResult {
  const problem = answerProblem(given, draft.session)
  if (problem !== null) {
    if (source !== null) note(draft, 'hookFailed', problem)
    return fail(draft, source === null ? 'BAD_REQUEST' : 'BAD_HOOK_ANSWER', problem)
  }
  const { sessionAttributes, requestAttributes, contexts, recentIntents, remember, action } = given
  if (requestAttributes) draft.requestAttributes = requestAttributes
  if (remember && Object.keys(remember).length > 0) {
    draft.effects.push({ type: 'remember', entries: remember })
    const kept = Object.entries({ ...draft.session.memory, ...remember })
    update(draft, {
      memory: Object.fromEntries(
        kept.filter((entry): entry is [string, string] => entry[1] !== null),
      ),
    })
  }
  update(draft, {
    ...(sessionAttributes ? { attributes: sessionAttributes } : {}),
    ...(contexts ? { contexts } : {}),
    ...(recentIntents ? { recentIntents } : {}),
  })
  return applyAction(draft, action, source)
}

function applyAction(
  draft: TurnDraft,
  action: HookAction,
  source: WaitingHook['source'] | null,
): StepResult {
  const current = draft.session.intent
  const bad = (message: string) => {
    if (source !== null) note(draft, 'hookFailed', message)
    return fail(draft, source === null ? 'BAD_REQUEST' : 'BAD_HOOK_ANSWER', message)
  }
  switch (action.type) {
    case 'ElicitIntent':
      return elicitIntent(draft, action)
    case 'Close':
      if (!current) return bad('Close: there is no intent to close')
      return close(draft, current, action.state, action.said)
    case 'ElicitSlot':
    case 'ConfirmIntent': {
      const next = withSlots(draft, action.intent, action.slots)
      if (typeof next === 'string') return bad(`${action.type}: ${next}`)
      if (action.type === 'ConfirmIntent') return confirm(draft, next, source !== null, action.said)
      if (!intentIndexOf(draft, action.intent)?.slots.has(action.slot)) {
        return bad(
          `ElicitSlot: intent ${action.intent} has no slot ${shown(action.slot)} to elicit`,
        )
      }
      return elicitSlot(draft, { ...next, confirmation: 'None' }, action.slot, action.said)
    }
    case 'Delegate': {
      const name = action.intent ?? current?.name
      if (name === undefined) return bad('Delegate: there is no intent to go on with')
      const next = withSlots(draft, name, action.slots)
      if (typeof next === 'string') return bad(`Delegate: ${next}`)
      return delegated(draft, next, action, source)
    }
  }
}

function delegated(
  draft: TurnDraft,
  intent: ActiveIntent,
  { confirmation }: Extract<HookAction, { type: 'Delegate' }>,
  source: WaitingHook['source'] | null,
): StepResult {
  const current = draft.session.intent
  const next = confirmation === undefined ? intent : { ...intent, confirmation }
  if (current?.name !== intent.name) {
    // Begun by the hook: its own dialog hook has not seen it yet.
    if (source !== null) return understood(draft, next)
    return proceed(draft, next)
  }
  if (source === 'FulfillmentCodeHook' && nextMove(draft, next)?.type !== 'ElicitSlot') {
    const message = `the fulfilment hook of ${intent.name} delegated with all slots filled, which would call it again; close the intent, or clear a slot that is to be asked again`
    note(draft, 'hookFailed', message)
    return fail(draft, 'HOOK_FAILED', message)
  }
  if (source === 'FulfillmentCodeHook') return proceed(draft, { ...next, confirmation: 'None' })
  return proceed(draft, next)
}

function elicitIntent(
  draft: TurnDraft,
  { said }: Extract<HookAction, { type: 'ElicitIntent' }>,
): StepResult {
  const { clarification } = draft.index.model
  const words =
    said ??
    (clarification && promptSaid(clarification, 0, draft.seed, placeholderValues(draft, null)))
  if (words === null) {
    return fail(
      draft,
      'BAD_REQUEST',
      'ElicitIntent without a message, and the bot has no clarification prompt; give one of them',
    )
  }
  update(draft, { stack: [], misunderstood: 0 })
  return answer(draft, 'ElicitIntent', null, null, words)
}

/** The intent with the slots that a hook gave: a slot that it does not name is empty, unless it gave none at all. */
function withSlots(
  draft: TurnDraft,
  name: string,
  given: HookSlots | undefined,
): ActiveIntent | string {
  const index = intentIndexOf(draft, name)
  if (!index) return `the bot has no intent ${shown(name)}`
  // One that has ended begins anew.
  const current = activeIntent(draft)
  const base: ActiveIntent =
    current?.name === name
      ? current
      : {
          name,
          slots: emptySlots(index),
          confirmation: 'None',
          state: 'InProgress',
          eliciting: null,
          attempts: 0,
          confidence: null,
        }
  if (!given) return { ...base, state: 'InProgress' }
  const slots: Record<string, SlotValue | null> = emptySlots(index)
  for (const [slot, value] of Object.entries(given)) {
    if (!index.slots.has(slot)) return `intent ${name} has no slot ${shown(slot)}`
    slots[slot] = value === null || value.value === '' ? null : value
  }
  return { ...base, slots, state: 'InProgress' }
}

/** The hook threw, took too long or answered nonsense. */
export function hookFailed(
  draft: TurnDraft,
  { hook, source }: WaitingHook,
  error: { readonly code: string; readonly message: string },
): StepResult {
  note(draft, 'hookFailed', `${hook}: ${error.code}: ${error.message}`)
  const { intent } = draft.session
  const failure = intent && intentIndexOf(draft, intent.name)?.model.failure
  if (source === 'FulfillmentCodeHook' && intent && failure) {
    return close(
      draft,
      intent,
      'Failed',
      statementSaid(failure, draft.seed, placeholderValues(draft, intent)),
    )
  }
  const code = error.code === 'BAD_ANSWER' ? 'BAD_HOOK_ANSWER' : 'HOOK_FAILED'
  return fail(draft, code, `hook ${hook}: ${error.message}`)
}

function shown(name: string): string {
  return JSON.stringify(name.slice(0, 60))
}
