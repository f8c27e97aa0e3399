/** A turn as Lex V1 tells it: in JSON (PostText, GetSession) and in headers (PostContent, PutSession). */
import type { Reply } from '../dialogue/effect.ts'
import type { ActiveIntent, IntentSummary, Said, Session } from '../dialogue/session.ts'
import type { BotModel, CardAttachment, Message } from '../model/bot-model.ts'
import { secondsLeft, sessionIdOf } from './lex-context.ts'
import { base64Json, plainHeader } from './response-headers.ts'

export interface V1Turn {
  readonly session: Session
  readonly reply: Reply
  readonly model: BotModel
}

export function postTextAnswer({ session, reply, model }: V1Turn, now: number): unknown {
  const { message, format } = messageOf(reply.said, reply.messageFormat)
  const intent = reply.intent
  return {
    intentName: intent?.name,
    nluIntentConfidence: confidenceOf(intent),
    alternativeIntents: alternativesOf(reply, model.locales[session.locale]?.intents ?? []),
    slots: intent ? slotsOf(intent) : undefined,
    sessionAttributes: reply.sessionAttributes,
    message,
    messageFormat: format,
    dialogState: reply.dialogState,
    slotToElicit: reply.slotToElicit ?? undefined,
    responseCard: cardOf(reply.said),
    sessionId: sessionIdOf(session),
    botVersion: session.version,
    activeContexts: contextsOf(session, now),
  }
}

/** @param text what was understood as the input; absent for PutSession */
export function headersOf(
  { session, reply, model }: V1Turn,
  now: number,
  text?: string,
): Record<string, string> {
  const { message, format } = messageOf(reply.said, reply.messageFormat)
  const intent = reply.intent
  const confidence = confidenceOf(intent)
  const headers: Record<string, string | undefined> = {
    'content-type': 'text/plain;charset=utf-8',
    'x-amz-lex-intent-name': intent?.name,
    'x-amz-lex-slots': intent ? base64Json(slotsOf(intent)) : undefined,
    'x-amz-lex-session-attributes': base64Json(reply.sessionAttributes),
    'x-amz-lex-message': message === undefined ? undefined : plainHeader(message),
    'x-amz-lex-encoded-message':
      message === undefined ? undefined : Buffer.from(message).toString('base64'),
    'x-amz-lex-message-format': format,
    'x-amz-lex-dialog-state': reply.dialogState,
    'x-amz-lex-slot-to-elicit': reply.slotToElicit ?? undefined,
    'x-amz-lex-session-id': sessionIdOf(session),
    'x-amz-lex-active-contexts': base64Json(contextsOf(session, now)),
    ...(text !== undefined && {
      'x-amz-lex-nlu-intent-confidence': confidence && base64Json(confidence),
      'x-amz-lex-alternative-intents': base64Json(
        alternativesOf(reply, model.locales[session.locale]?.intents ?? []),
      ),
      'x-amz-lex-input-transcript': plainHeader(text),
      'x-amz-lex-encoded-input-transcript': Buffer.from(text).toString('base64'),
      'x-amz-lex-bot-version': session.version,
    }),
  }
  const given = Object.entries(headers).filter((entry): entry is [string, string] => {
    return entry[1] !== undefined
  })
  return Object.fromEntries(given)
}

export function getSessionAnswer(
  session: Session,
  label: string | undefined,
  now: number,
): unknown {
  const recent = session.recentIntents.filter(
    (summary) => label === undefined || summary.checkpointLabel === label,
  )
  return {
    recentIntentSummaryView: recent.map(summaryOf),
    sessionAttributes: session.attributes,
    sessionId: sessionIdOf(session),
    dialogAction: actionOf(session),
    activeContexts: contextsOf(session, now),
  }
}

function summaryOf(summary: IntentSummary): unknown {
  return {
    intentName: summary.intentName,
    checkpointLabel: summary.checkpointLabel ?? undefined,
    slots: summary.slots,
    confirmationStatus: summary.confirmationStatus,
    dialogActionType: summary.dialogActionType,
    fulfillmentState: summary.fulfillmentState ?? undefined,
    slotToElicit: summary.slotToElicit ?? undefined,
  }
}

function actionOf({ dialogState, intent, lastSaid }: Session): unknown {
  const { message, format } = messageOf(lastSaid, null)
  const closed =
    dialogState === 'Fulfilled' || dialogState === 'Failed' || dialogState === 'ReadyForFulfillment'
  return {
    type: closed ? 'Close' : dialogState,
    intentName: intent?.name,
    slots: intent ? slotsOf(intent) : undefined,
    slotToElicit: intent?.eliciting?.type === 'slot' ? intent.eliciting.slot : undefined,
    fulfillmentState: closed ? dialogState : undefined,
    message,
    messageFormat: format,
  }
}

function slotsOf(intent: ActiveIntent): Readonly<Record<string, string | null>> {
  return Object.fromEntries(
    Object.entries(intent.slots).map(([name, slot]) => [name, slot?.value ?? null]),
  )
}

function confidenceOf(intent: ActiveIntent | null): { readonly score: number } | undefined {
  return intent === null || intent.confidence === null ? undefined : { score: intent.confidence }
}

/** At most four besides the chosen one. */
function alternativesOf(
  reply: Reply,
  intents: readonly {
    readonly name: string
    readonly slots: readonly { readonly name: string }[]
  }[],
): unknown {
  return reply.interpretations
    .filter(({ name }) => name !== reply.intent?.name)
    .slice(0, 4)
    .map(({ name, confidence }) => ({
      intentName: name,
      nluIntentConfidence: { score: confidence },
      slots: Object.fromEntries(
        (intents.find((intent) => intent.name === name)?.slots ?? []).map((slot) => [
          slot.name,
          null,
        ]),
      ),
    }))
}

function messageOf(
  said: Said | null,
  format: Reply['messageFormat'],
): { readonly message?: string; readonly format?: string } {
  const texts = (said?.messages ?? []).filter((part) => part.contentType !== 'ImageResponseCard')
  const [only] = texts
  if (only === undefined) return {}
  if (texts.length === 1 && format !== 'Composite') {
    return { message: only.content, format: only.contentType }
  }
  const messages = texts.map(({ contentType, content }, group) => ({
    type: contentType,
    group,
    value: content,
  }))
  return { message: JSON.stringify({ messages }), format: 'Composite' }
}

function cardOf(said: Said | null): unknown {
  const attachments = [
    ...(said?.messages ?? []).flatMap((message: Message) => message.card ?? []),
    ...(said?.card?.attachments ?? []),
  ]
  if (attachments.length === 0) return undefined
  return {
    version: '1',
    contentType: 'application/vnd.amazonaws.card.generic',
    // Lex's list holds no more.
    genericAttachments: attachments.slice(0, 10).map(attachmentOf),
  }
}

function attachmentOf(card: CardAttachment): unknown {
  const { title, subTitle, imageUrl, attachmentLinkUrl, buttons } = card
  return { title, subTitle, attachmentLinkUrl, imageUrl, buttons }
}

function contextsOf(session: Session, now: number): unknown {
  return session.contexts.map((context) => ({
    name: context.name,
    timeToLive: {
      timeToLiveInSeconds: secondsLeft(context, now),
      turnsToLive: context.turnsToLive,
    },
    parameters: context.parameters,
  }))
}
