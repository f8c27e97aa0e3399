/** Lex's V1 event, made of a call: what a handler gets, as Amazon's "Lambda Function Input Event and Response Format" (V1) documents it. */
import type { HookCall } from './hook-contract.ts'
import { slotText } from './hook-slots.ts'
import { secondsLeft } from './lambda-contexts.ts'

/** A fresh event: a handler may change it as it likes. */
export function v1Event(call: HookCall): Record<string, unknown> {
  const slots = Object.entries(call.intent.slots)
  return {
    messageVersion: '1.0',
    invocationSource: call.source,
    userId: call.user,
    sessionAttributes: { ...call.sessionAttributes },
    requestAttributes: { ...call.requestAttributes },
    bot: { name: call.bot.name, alias: call.bot.alias, version: call.bot.version },
    outputDialogMode: 'Text',
    currentIntent: {
      name: call.intent.name,
      nluIntentConfidenceScore: call.intent.confidence,
      slots: Object.fromEntries(slots.map(([name, value]) => [name, slotText(value)])),
      slotDetails: Object.fromEntries(
        slots.map(([name, value]) => [
          name,
          value && {
            resolutions: value.resolved.map((one) => ({ value: one })),
            originalValue: value.original,
          },
        ]),
      ),
      confirmationStatus: call.intent.confirmation,
    },
    alternativeIntents: call.interpretations
      .filter(({ name }) => name !== call.intent.name)
      .slice(0, 4)
      .map(({ name, confidence }) => ({
        name,
        nluIntentConfidenceScore: confidence,
        slots: {},
        slotDetails: {},
        confirmationStatus: 'None',
      })),
    inputTranscript: call.text,
    recentIntentSummaryView: call.recentIntents.map((one) => ({
      ...one,
      slots: { ...one.slots },
    })),
    activeContexts: call.contexts.map((context) => ({
      name: context.name,
      timeToLive: {
        timeToLiveInSeconds: secondsLeft(context, call.now),
        turnsToLive: context.turnsToLive,
      },
      parameters: { ...context.parameters },
    })),
    sentimentResponse: null,
    kendraResponse: null,
  }
}
