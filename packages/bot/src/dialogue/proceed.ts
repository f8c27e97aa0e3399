/**
 * The way of an intent by Lex's rules: required slots by priority, then the confirmation, then fulfilment, then what is said at the
 * end, and back to what a digression laid aside.
 */
import type { HookCall } from '../hooks/hook-contract.ts'
import type { PromptModel } from '../model/bot-model.ts'
import { answer, callHook, fail } from './answer-turn.ts'
import type { StepResult } from './effect.ts'
import { joinedSaid, promptSaid, statementSaid, textSaid } from './prompt-selection.ts'
import type { ActiveContext, ActiveIntent, Said } from './session.ts'
import { intentIndexOf, note, placeholderValues, type TurnDraft, update } from './turn-draft.ts'

const maxContexts = 20

/** An input was understood: the dialog hook sees it first, where there is one. */
export function understood(draft: TurnDraft, intent: ActiveIntent): StepResult {
  const hook = intentIndexOf(draft, intent.name)?.model.dialogHook ?? null
  const next = { ...intent, eliciting: null, attempts: 0, state: 'InProgress' as const }
  if (hook === null) return proceed(draft, next)
  return callHook(draft, next, hook, 'DialogCodeHook', nextMove(draft, next))
}

/** Goes on by the bot's own rules. */
export function proceed(draft: TurnDraft, intent: ActiveIntent): StepResult {
  const move = nextMove(draft, intent)
  if (move === null) return rejected(draft, intent)
  switch (move.type) {
    case 'ElicitSlot':
      return elicitSlot(draft, intent, move.slot, null)
    case 'ConfirmIntent':
      return confirm(draft, intent, false, null)
    case 'Fulfil':
      return fulfil(draft, intent)
  }
}

/** What comes next if nobody else decides; null after a "no". */
export function nextMove(draft: TurnDraft, intent: ActiveIntent): HookCall['next'] {
  const model = intentIndexOf(draft, intent.name)?.model
  if (intent.confirmation === 'Denied') return null
  for (const { name, required, asked } of model?.slots ?? []) {
    if (intent.slots[name]) continue
    if (required || (asked && !intent.skipped?.includes(name)))
      return { type: 'ElicitSlot', slot: name }
  }
  if (model?.confirmation && intent.confirmation === 'None') return { type: 'ConfirmIntent' }
  return { type: 'Fulfil' }
}

/** @param attempt 0 at the first asking */
export function elicitSlot(
  draft: TurnDraft,
  intent: ActiveIntent,
  slot: string,
  custom: Said | null,
  attempt = 0,
): StepResult {
  const prompt = intentIndexOf(draft, intent.name)?.slots.get(slot)?.model.prompt ?? null
  const said = asking(draft, intent, prompt, custom, attempt)
  if (said === null) {
    return fail(
      draft,
      'BAD_REQUEST',
      `slot ${slot} of intent ${intent.name} has no prompt; give it one, or let its dialog hook say what is asked`,
    )
  }
  const next: ActiveIntent = {
    ...intent,
    state: 'InProgress',
    eliciting: { type: 'slot', slot, custom },
    attempts: attempt,
  }
  return answer(draft, 'ElicitSlot', next, slot, said)
}

export function confirm(
  draft: TurnDraft,
  intent: ActiveIntent,
  byHook: boolean,
  custom: Said | null,
  attempt = 0,
): StepResult {
  const prompt = intentIndexOf(draft, intent.name)?.model.confirmation?.prompt ?? null
  const said = asking(draft, intent, prompt, custom, attempt)
  if (said === null) {
    return fail(
      draft,
      'BAD_REQUEST',
      `intent ${intent.name} has no confirmation prompt; give it one, or let the hook say what is asked`,
    )
  }
  const next: ActiveIntent = {
    ...intent,
    state: 'InProgress',
    confirmation: 'None',
    eliciting: { type: 'confirm', byHook, custom },
    attempts: attempt,
  }
  return answer(draft, 'ConfirmIntent', next, null, said)
}

/** A hook's own words are asked again as they were, unless retries have words of their own. */
function asking(
  draft: TurnDraft,
  intent: ActiveIntent,
  prompt: PromptModel | null,
  custom: Said | null,
  attempt: number,
): Said | null {
  if (custom !== null && (attempt === 0 || !prompt || prompt.attempts.length === 0)) return custom
  return prompt && promptSaid(prompt, attempt, draft.seed, placeholderValues(draft, intent))
}

function fulfil(draft: TurnDraft, intent: ActiveIntent): StepResult {
  const hook = intentIndexOf(draft, intent.name)?.model.fulfilmentHook ?? null
  const next: ActiveIntent = { ...intent, eliciting: null, attempts: 0 }
  if (hook === null) return close(draft, next, 'ReadyForFulfillment', null)
  return callHook(draft, next, hook, 'FulfillmentCodeHook', null)
}

/** After "no": the rejection is said and the intent has failed. */
export function rejected(draft: TurnDraft, intent: ActiveIntent): StepResult {
  const rejection = intentIndexOf(draft, intent.name)?.model.confirmation?.rejection
  const said = rejection
    ? statementSaid(rejection, draft.seed, placeholderValues(draft, intent))
    : textSaid(phrase(draft, 'cancelled', intent))
  return close(draft, intent, 'Failed', said)
}

/** Ends the intent, says what belongs to that, and goes back to what was laid aside. */
export function close(
  draft: TurnDraft,
  intent: ActiveIntent,
  state: 'Fulfilled' | 'Failed' | 'ReadyForFulfillment',
  said: Said | null,
): StepResult {
  const model = intentIndexOf(draft, intent.name)?.model
  const ended: ActiveIntent = { ...intent, state, eliciting: null, attempts: 0 }
  const values = placeholderValues(draft, ended)
  if (state === 'Failed' || !model) return end(draft, ended, state, said)
  if (model.outputContexts.length > 0) activateContexts(draft, ended)
  if (said !== null) return end(draft, ended, state, said)
  const success = model.success && statementSaid(model.success, draft.seed, values)
  if (model.followUp) {
    const prompt = promptSaid(model.followUp.prompt, 0, draft.seed, values)
    const asked: ActiveIntent = { ...ended, eliciting: { type: 'followUp' } }
    return answer(draft, state, asked, null, joinedSaid(success, prompt))
  }
  const closing = model.closing && statementSaid(model.closing, draft.seed, values)
  return end(draft, ended, state, joinedSaid(success, closing))
}

/** Says the last of an intent, and takes up the one below it. */
export function end(
  draft: TurnDraft,
  intent: ActiveIntent,
  state: 'Fulfilled' | 'Failed' | 'ReadyForFulfillment',
  said: Said | null,
): StepResult {
  const aside = draft.session.stack.at(-1)
  const result = answer(draft, state, intent, null, said)
  if (!aside?.eliciting || !result.reply) return result
  draft.preface = said === null ? draft.preface : [...draft.preface, ...said.messages]
  const resumed = resume(draft)
  if (!resumed.reply || state !== 'ReadyForFulfillment') return resumed
  // The caller has something to do, and is told so; the conversation is a step further already.
  return { ...resumed, reply: { ...resumed.reply, dialogState: state, intent, slotToElicit: null } }
}

/** Takes up what was laid aside last, asking again what was being asked. */
function resume(draft: TurnDraft): StepResult {
  const { stack } = draft.session
  const intent = stack.at(-1) as ActiveIntent
  update(draft, { stack: stack.slice(0, -1), intent })
  note(draft, 'resumed', intent.name)
  draft.preface = [
    ...draft.preface,
    { contentType: 'PlainText', content: phrase(draft, 'resumed', intent) },
  ]
  const { eliciting } = intent
  if (eliciting?.type === 'slot') return elicitSlot(draft, intent, eliciting.slot, eliciting.custom)
  if (eliciting?.type === 'confirm')
    return confirm(draft, intent, eliciting.byHook, eliciting.custom)
  return proceed(draft, intent)
}

export function phrase(
  { index }: TurnDraft,
  name: 'cancelled' | 'handedOff' | 'resumed' | 'apology',
  intent: ActiveIntent | null,
): string {
  const slot = intent?.eliciting?.type === 'slot' ? intent.eliciting.slot : ''
  return index.model.phrases[name]
    .replaceAll('{intent}', () => intent?.name ?? '')
    .replaceAll('{slot}', () => slot)
}

function activateContexts(draft: TurnDraft, intent: ActiveIntent): void {
  const { now, session } = draft
  const outputs = intentIndexOf(draft, intent.name)?.model.outputContexts ?? []
  const parameters: Record<string, string> = {}
  for (const [slot, value] of Object.entries(intent.slots)) {
    if (value && Object.keys(parameters).length < 10) parameters[slot] = value.value
  }
  const added: ActiveContext[] = outputs.map(({ name, turnsToLive, timeToLiveSeconds }) => ({
    name,
    turnsToLive,
    expiresAt: now + timeToLiveSeconds * 1000,
    parameters,
  }))
  const names = new Set(added.map(({ name }) => name))
  const kept = session.contexts.filter(({ name }) => !names.has(name))
  update(draft, { contexts: [...added, ...kept].slice(0, maxContexts) })
}
