/** Lex's V2 event, made of a call: what a handler gets, as Amazon's "Lambda input event and response format" documents it. */
import type { ActiveIntent, SlotValue } from '../dialogue/session.ts'
import { composed, elicited } from './composite-slots.ts'
import type { HookCall } from './hook-contract.ts'
import { secondsLeft } from './lambda-contexts.ts'

/** A fresh event: a handler may change it as it likes. */
export function v2Event(call: HookCall): Record<string, unknown> {
  return {
    messageVersion: '1.0',
    invocationSource: call.source,
    inputMode: 'Text',
    responseContentType: 'text/plain; charset=utf-8',
    sessionId: call.user,
    inputTranscript: call.text,
    invocationLabel: null,
    bot: {
      id: call.bot.name,
      name: call.bot.name,
      aliasId: call.bot.alias,
      aliasName: call.bot.alias,
      localeId: call.bot.locale,
      version: call.bot.version,
    },
    interpretations: interpretationsOf(call),
    proposedNextState: proposedOf(call),
    requestAttributes: { ...call.requestAttributes },
    sessionState: {
      sessionAttributes: { ...call.sessionAttributes },
      activeContexts: call.contexts.map((context) => ({
        name: context.name,
        contextAttributes: { ...context.parameters },
        timeToLive: {
          timeToLiveInSeconds: secondsLeft(context, call.now),
          turnsToLive: context.turnsToLive,
        },
      })),
      runtimeHints: { slotHints: {} },
      intent: intentOf(call.intent),
      originatingRequestId: call.id,
    },
    transcriptions: [
      {
        transcription: call.text,
        transcriptionConfidence: 1,
        resolvedContext: { intent: call.intent.name },
        resolvedSlots: {},
      },
    ],
  }
}

function interpretationsOf(call: HookCall): unknown[] {
  const others = call.interpretations.filter(({ name }) => name !== call.intent.name).slice(0, 4)
  return [
    {
      intent: intentOf(call.intent),
      interpretationSource: 'Lex',
      ...(call.intent.confidence === null ? {} : { nluConfidence: call.intent.confidence }),
    },
    ...others.map(({ name, confidence }) => ({
      intent: { name, slots: {}, state: 'InProgress', confirmationState: 'None' },
      interpretationSource: 'Lex',
      nluConfidence: confidence,
    })),
  ]
}

function proposedOf({ next, intent }: HookCall): unknown {
  if (next === null) return null
  const dialogAction =
    next.type === 'ElicitSlot'
      ? { type: 'ElicitSlot', ...elicited(next.slot, intent.slots) }
      : { type: next.type === 'Fulfil' ? 'Close' : 'ConfirmIntent' }
  return {
    dialogAction,
    intent: intentOf(intent),
    prompt: { attempt: attemptName(intent.attempts) },
  }
}

/** V2's name of an asking: `Initial`, `Retry1` to `Retry5`. */
function attemptName(attempts: number): string {
  return attempts === 0 ? 'Initial' : `Retry${Math.min(5, attempts)}`
}

function intentOf(intent: ActiveIntent): unknown {
  return {
    name: intent.name,
    state: intent.state,
    confirmationState: intent.confirmation,
    slots: composed(intent.slots, slotOf),
  }
}

function slotOf(value: SlotValue): unknown {
  return value.values === undefined
    ? { shape: 'Scalar', value: wordsOf(value) }
    : { shape: 'List', value: wordsOf(value), values: value.values.map(slotOf) }
}

function wordsOf({ original, value, resolved }: SlotValue): unknown {
  return { originalValue: original, interpretedValue: value, resolvedValues: [...resolved] }
}
