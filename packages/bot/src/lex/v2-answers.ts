/** A turn as Lex V2 tells it: messages, session state, interpretations. */
import type { Reply } from '../dialogue/effect.ts'
import type { ActiveIntent, DialogState, Said, Session, SlotValue } from '../dialogue/session.ts'
import { composed, elicited } from '../hooks/composite-slots.ts'
import type { BotModel, CardAttachment } from '../model/bot-model.ts'
import { secondsLeft } from './lex-context.ts'

export interface V2Turn {
  readonly session: Session
  readonly reply: Reply
  readonly model: BotModel
}

/** Messages that are told. */
const maxMessages = 10
/** Interpretations that are told, the chosen one included. */
const maxInterpretations = 5

export function messagesOf(said: Said | null): readonly unknown[] {
  if (said === null) return []
  const texts = said.messages.map((message) =>
    message.card
      ? cardMessage(message.card)
      : { contentType: message.contentType, content: message.content },
  )
  return [...texts, ...(said.card?.attachments ?? []).map(cardMessage)].slice(0, maxMessages)
}

function cardMessage(card: CardAttachment): unknown {
  const { title, subTitle, imageUrl, buttons } = card
  return {
    contentType: 'ImageResponseCard',
    imageResponseCard: { title, subtitle: subTitle, imageUrl, buttons },
  }
}

export function sessionStateOf(
  { session, reply }: Pick<V2Turn, 'session' | 'reply'>,
  now: number,
  requestId: string,
): unknown {
  return {
    dialogAction: {
      type: actionTypes[reply.dialogState],
      ...(reply.slotToElicit === null
        ? {}
        : elicited(reply.slotToElicit, reply.intent?.slots ?? {})),
    },
    intent: reply.intent ? intentOf(reply.intent) : undefined,
    activeContexts: session.contexts.map((context) => ({
      name: context.name,
      timeToLive: {
        timeToLiveInSeconds: secondsLeft(context, now),
        turnsToLive: context.turnsToLive,
      },
      contextAttributes: context.parameters,
    })),
    sessionAttributes: reply.sessionAttributes,
    originatingRequestId: requestId,
  }
}

const actionTypes: Readonly<Record<DialogState, string>> = {
  ElicitIntent: 'ElicitIntent',
  ConfirmIntent: 'ConfirmIntent',
  ElicitSlot: 'ElicitSlot',
  Fulfilled: 'Close',
  ReadyForFulfillment: 'Close',
  Failed: 'Close',
}

/** The chosen intent with what is known of it; then what else it might have been. */
export function interpretationsOf({ session, reply, model }: V2Turn): readonly unknown[] {
  const intents = model.locales[session.locale]?.intents ?? []
  const chosen = reply.intent
  const score = (confidence: number | null | undefined) =>
    confidence === null || confidence === undefined ? undefined : { score: confidence }
  const first = chosen && {
    nluConfidence: score(
      chosen.confidence ??
        reply.interpretations.find(({ name }) => name === chosen.name)?.confidence,
    ),
    intent: intentOf(chosen),
    interpretationSource: 'Lex',
  }
  const others = reply.interpretations
    .filter(({ name }) => name !== chosen?.name)
    .map(({ name, confidence }) => {
      const slots = intents.find((intent) => intent.name === name)?.slots ?? []
      return {
        nluConfidence: score(confidence),
        intent: {
          name,
          slots: composed(Object.fromEntries(slots.map((slot) => [slot.name, null])), slotOf),
          state: 'InProgress',
          confirmationState: 'None',
        },
        interpretationSource: 'Lex',
      }
    })
  return [...(first ? [first] : []), ...others].slice(0, maxInterpretations)
}

function intentOf(intent: ActiveIntent): unknown {
  return {
    name: intent.name,
    slots: composed(intent.slots, slotOf),
    state: intent.state,
    confirmationState: intent.confirmation,
  }
}

function slotOf(slot: SlotValue): unknown {
  const value = {
    originalValue: slot.original,
    interpretedValue: slot.value,
    resolvedValues: slot.resolved,
  }
  if (slot.values === undefined) return { shape: 'Scalar', value }
  return { shape: 'List', value, values: slot.values.map((one) => slotOf(one)) }
}

/** A session as GetSession tells it: what was said last, and where it stands. */
export function standingReply(session: Session): Reply {
  const eliciting = session.intent?.eliciting
  return {
    dialogState: session.dialogState,
    intent: session.intent,
    slotToElicit: eliciting?.type === 'slot' ? eliciting.slot : null,
    said: session.lastSaid,
    messageFormat: null,
    interpretations: [],
    sessionAttributes: session.attributes,
  }
}
