/** How a step ends: with an answer, with a hook to be called, or with a failure. */
import type { HookCall } from '../hooks/hook-contract.ts'
import type { Reply, StepResult, TurnFailure } from './effect.ts'
import { joinedSaid } from './prompt-selection.ts'
import type { ActiveIntent, DialogState, IntentSummary, Said } from './session.ts'
import { note, type TurnDraft, update } from './turn-draft.ts'

/** A turn that calls more hooks goes in a circle. */
const maxCalls = 10
const maxInterpretations = 5
const maxRecent = 3

export function answer(
  draft: TurnDraft,
  dialogState: DialogState,
  intent: ActiveIntent | null,
  slotToElicit: string | null,
  said: Said | null,
): StepResult {
  const all =
    draft.preface.length === 0 ? said : joinedSaid({ messages: draft.preface, card: null }, said)
  const { session } = draft
  const next = {
    ...session,
    dialogState,
    intent,
    waiting: null,
    lastSaid: all ?? session.lastSaid,
    recentIntents:
      intent === null
        ? session.recentIntents
        : summarized(session.recentIntents, intent, dialogState, slotToElicit),
  }
  draft.session = next
  const reply: Reply = {
    dialogState,
    intent,
    slotToElicit,
    said: all,
    messageFormat: formatOf(all),
    interpretations: draft.interpretations,
    sessionAttributes: next.attributes,
    ...(Object.keys(draft.requestAttributes).length === 0
      ? {}
      : { requestAttributes: draft.requestAttributes }),
  }
  return { session: next, effects: draft.effects, reply, failure: null }
}

/** The same state as before, with something said (or nothing). */
export function answerAsBefore(draft: TurnDraft, said: Said | null): StepResult {
  const { session } = draft
  const { intent, dialogState, lastSaid } = session
  const slot = intent?.eliciting?.type === 'slot' ? intent.eliciting.slot : null
  const result = answer(draft, dialogState, intent, slot, said)
  // What is repeated stays what was asked.
  return {
    ...result,
    session: { ...result.session, lastSaid: lastSaid ?? result.session.lastSaid },
  }
}

/** Nothing of the turn is kept but that it was: the same words can be said again. */
export function fail(draft: TurnDraft, code: TurnFailure['code'], message: string): StepResult {
  update(draft, { ...draft.before, waiting: null })
  return {
    session: draft.session,
    effects: draft.effects,
    reply: null,
    failure: { code, message: message.slice(0, 1000) },
  }
}

export function callHook(
  draft: TurnDraft,
  intent: ActiveIntent,
  hook: string,
  source: HookCall['source'],
  next: HookCall['next'],
): StepResult {
  const calls = draft.calls + 1
  if (calls > maxCalls) {
    note(draft, 'hookFailed', `more than ${maxCalls} hooks in one turn`)
    return fail(
      draft,
      'HOOK_FAILED',
      `the turn called more than ${maxCalls} hooks; they send each other in a circle`,
    )
  }
  const id = `${draft.turn}/${calls}`
  const { session, text, requestAttributes, interpretations, turn } = draft
  update(draft, {
    intent,
    waiting: {
      call: id,
      hook,
      source,
      text,
      turn,
      calls,
      requestAttributes,
      interpretations,
      before: draft.before,
    },
  })
  const call: HookCall = {
    id,
    hook,
    source,
    bot: {
      name: session.bot,
      alias: session.alias,
      version: session.version,
      locale: session.locale,
    },
    user: session.user,
    text,
    intent,
    sessionAttributes: session.attributes,
    requestAttributes,
    contexts: session.contexts,
    recentIntents: session.recentIntents,
    interpretations,
    memory: session.memory,
    now: draft.now,
    next,
  }
  draft.effects.push({ type: 'callHook', call })
  return { session: draft.session, effects: draft.effects, reply: null, failure: null }
}

/** What is kept of the understanding. */
export function interpretationsOf(
  intents: TurnDraft['interpretations'],
): TurnDraft['interpretations'] {
  return intents.length > maxInterpretations ? intents.slice(0, maxInterpretations) : intents
}

function formatOf(said: Said | null): Reply['messageFormat'] {
  if (said === null || said.messages.length === 0) return null
  if (said.messages.length > 1) return 'Composite'
  const type = said.messages[0]?.contentType
  return type === undefined || type === 'ImageResponseCard' ? 'PlainText' : type
}

/** The current intent stands first; one that has ended makes room for the next. */
function summarized(
  recent: readonly IntentSummary[],
  intent: ActiveIntent,
  dialogState: DialogState,
  slotToElicit: string | null,
): IntentSummary[] {
  const slots: Record<string, string | null> = {}
  for (const name of Object.keys(intent.slots)) slots[name] = intent.slots[name]?.value ?? null
  const ended =
    dialogState === 'Fulfilled' || dialogState === 'Failed' || dialogState === 'ReadyForFulfillment'
      ? dialogState
      : null
  const [first] = recent
  const same =
    first !== undefined && first.intentName === intent.name && first.fulfillmentState === null
  const summary: IntentSummary = {
    intentName: intent.name,
    slots,
    confirmationStatus: intent.confirmation,
    dialogActionType:
      ended !== null
        ? 'Close'
        : dialogState === 'ElicitIntent' || dialogState === 'ElicitSlot'
          ? dialogState
          : 'ConfirmIntent',
    fulfillmentState: ended,
    slotToElicit,
    checkpointLabel: same ? first.checkpointLabel : null,
  }
  return [summary, ...recent.slice(same ? 1 : 0, same ? maxRecent : maxRecent - 1)]
}
