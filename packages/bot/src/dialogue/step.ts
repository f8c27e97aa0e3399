/**
 * The dialogue's step: a session and what happened give the next session, what the world is asked to do, and the answer. No I/O, no
 * clock, no chance: the same session and event give the same bytes. It never throws for anything a user, a hook or a caller says.
 */
import type { LocaleModel } from '../model/bot-model.ts'
import type { Understanding } from '../understanding/understanding.ts'
import { attributesProblem, contextsProblem, sessionLimits, slotProblem } from './answer-limits.ts'
import { answerAsBefore, fail, interpretationsOf } from './answer-turn.ts'
import type { DialogueEvent, HookReturned, SaidEvent, SessionPut } from './dialogue-event.ts'
import type { StepResult } from './effect.ts'
import { applyAnswer, hookFailed } from './hook-answers.ts'
import { localeIndex } from './locale-index.ts'
import { expiredSession } from './new-session.ts'
import { readInput } from './read-input.ts'
import type { ActiveContext, ActiveIntent, Said, Session } from './session.ts'
import { textKey } from './text-key.ts'
import { emptySlots, intentIndexOf, note, type TurnDraft, update } from './turn-draft.ts'

export function step(model: LocaleModel, session: Session, event: DialogueEvent): StepResult {
  switch (event.type) {
    case 'said':
      return said(model, session, event)
    case 'hookReturned':
      return hookReturned(model, session, event)
    case 'put':
      return put(model, session, event)
    case 'takenOver':
      return quiet(attended({ ...session, person: event.person.slice(0, 200) }))
    case 'handedBack':
      return quiet(attended({ ...session, person: null }))
    case 'personSaid':
      return answerAsBefore(draftOf(model, session, event, {}), bounded(event.said))
  }
}

function said(model: LocaleModel, opened: Session, event: SaidEvent): StepResult {
  const { now, understanding, requestAttributes, sessionAttributes, contexts, memory } = event
  const expired = now >= opened.expiresAt
  // A hook whose answer never came leaves the turn undone.
  const undone = opened.waiting ? { ...opened, ...opened.waiting.before } : opened
  const fresh = expired ? expiredSession(opened, now) : undone
  const session: Session = {
    ...fresh,
    turns: fresh.turns + 1,
    expiresAt: now + fresh.ttlSeconds * 1000,
    contexts:
      fresh.contexts.length === 0 && !contexts
        ? fresh.contexts
        : aged(contexts ?? fresh.contexts, now, contexts !== undefined),
    waiting: null,
    ...(sessionAttributes ? { attributes: sessionAttributes } : {}),
    ...(memory ? { memory } : {}),
  }
  const draft = draftOf(model, session, event, {
    turn: event.turn,
    text: event.text.slice(0, 1024),
    requestAttributes,
    understanding,
    timeZone: requestAttributes['x-amz-lex:time-zone'] ?? event.timeZone,
  })
  if (expired) note(draft, 'expired', opened.intent?.name ?? '')
  if (understanding.degraded !== null) note(draft, 'degraded', understanding.degraded)
  if (opened.waiting) note(draft, 'hookFailed', `${opened.waiting.hook}: its answer never came`)
  const problem =
    (sessionAttributes && attributesProblem(sessionAttributes)) ??
    (contexts && contextsProblem(contexts)) ??
    null
  if (problem !== null) {
    draft.session = { ...opened, waiting: null }
    return fail(draft, 'BAD_REQUEST', problem)
  }
  // A person speaks: the bot keeps silent, and knows what was said.
  if (session.person !== null) return answerAsBefore(draft, null)
  return readInput(draft, understanding.degraded !== null)
}

function hookReturned(model: LocaleModel, session: Session, event: HookReturned): StepResult {
  const { waiting } = session
  if (!waiting || waiting.call !== event.call) {
    const message = `hook call ${event.call.slice(0, 100)} is not waited for`
    return { ...quiet(session), failure: { code: 'BAD_REQUEST', message } }
  }
  const draft = draftOf(model, { ...session, waiting: null }, event, {
    turn: waiting.turn,
    text: waiting.text,
    requestAttributes: waiting.requestAttributes,
    calls: waiting.calls,
    before: waiting.before,
    interpretations: waiting.interpretations,
  })
  if (!event.result.ok) return hookFailed(draft, waiting, event.result.error)
  return applyAnswer(draft, event.result.answer, waiting.source)
}

function put(model: LocaleModel, session: Session, event: SessionPut): StepResult {
  const { now, attributes, contexts, recentIntents, intent, action, requestAttributes } = event
  const draft = draftOf(
    model,
    now >= session.expiresAt ? expiredSession(session, now) : session,
    event,
    {
      turn: event.turn ?? `put-${now}`,
      requestAttributes,
    },
  )
  const next = intent && completeIntent(draft, intent)
  const problem =
    (attributes && attributesProblem(attributes)) ??
    (contexts && contextsProblem(contexts)) ??
    (typeof next === 'string' ? next : null) ??
    (recentIntents && recentIntents.length > 3 ? 'at most 3 recent intents are kept' : null)
  if (problem !== null || typeof next === 'string') return fail(draft, 'BAD_REQUEST', problem ?? '')
  update(draft, {
    waiting: null,
    expiresAt: now + session.ttlSeconds * 1000,
    ...(attributes ? { attributes } : {}),
    ...(contexts ? { contexts } : {}),
    ...(recentIntents ? { recentIntents } : {}),
    ...(next === undefined ? {} : { intent: next }),
  })
  if (action) return applyAnswer(draft, { action }, null)
  return answerAsBefore(draft, null)
}

/** An intent that was put, with every slot of its model; the reason when it does not fit. */
function completeIntent(draft: TurnDraft, intent: ActiveIntent): ActiveIntent | string {
  const index = intentIndexOf(draft, intent.name)
  if (!index) return `the bot has no intent ${JSON.stringify(intent.name.slice(0, 60))}`
  const slots = emptySlots(index)
  for (const [name, value] of Object.entries(intent.slots)) {
    if (!index.slots.has(name))
      return `intent ${intent.name} has no slot ${JSON.stringify(name.slice(0, 60))}`
    const problem = value && slotProblem(value)
    if (problem) return `slot ${name}: ${problem}`
    slots[name] = value
  }
  const { eliciting } = intent
  if (eliciting?.type === 'slot' && !index.slots.has(eliciting.slot)) {
    return `intent ${intent.name} has no slot ${JSON.stringify(eliciting.slot.slice(0, 60))} to elicit`
  }
  return { ...intent, slots }
}

interface Brought {
  readonly turn?: string
  readonly text?: string
  readonly requestAttributes?: Readonly<Record<string, string>>
  readonly understanding?: Understanding
  readonly interpretations?: Understanding['intents']
  readonly timeZone?: string | undefined
  readonly calls?: number
  readonly before?: TurnDraft['before']
}

const none = {}

function draftOf(
  model: LocaleModel,
  session: Session,
  { now, seed }: { readonly now: number; readonly seed: number },
  brought: Brought,
): TurnDraft {
  const index = localeIndex(model)
  const { text = '', understanding, requestAttributes = none, calls = 0 } = brought
  const { dialogState, intent, stack, misunderstood } = session
  return {
    index,
    session,
    effects: [],
    now,
    seed,
    turn: brought.turn ?? '',
    calls,
    text,
    key: textKey(text),
    requestAttributes,
    interpretations:
      brought.interpretations ?? (understanding ? interpretationsOf(understanding.intents) : []),
    entities: understanding?.entities ?? [],
    answering: {
      now,
      timeZone: knownZone(brought.timeZone),
      language: index.language,
      yes: index.phrases.yes,
      no: index.phrases.no,
    },
    before: brought.before ?? { dialogState, intent, stack, misunderstood },
    preface: [],
  }
}

const zones = new Map<string, boolean>()

/** A zone that the runtime knows; UTC for any other. */
function knownZone(zone: string | undefined): string {
  if (zone === undefined || zone === 'UTC') return 'UTC'
  let known = zones.get(zone)
  if (known === undefined) {
    try {
      new Intl.DateTimeFormat('en', { timeZone: zone })
      known = true
    } catch {
      known = false
    }
    if (zones.size < 1000) zones.set(zone, known)
  }
  return known ? zone : 'UTC'
}

/** A turn later: contexts that have had their turns or their time are gone. */
function aged(contexts: readonly ActiveContext[], now: number, given: boolean): ActiveContext[] {
  return contexts.flatMap((context) => {
    const turnsToLive = given ? context.turnsToLive : context.turnsToLive - 1
    if (turnsToLive < (given ? 1 : 0) || context.expiresAt <= now) return []
    return [turnsToLive === context.turnsToLive ? context : { ...context, turnsToLive }]
  })
}

/** A person's words, as far as a session keeps them. */
function bounded({ messages, card }: Said): Said {
  const { messages: most, messageLength } = sessionLimits
  return {
    messages: messages
      .slice(0, most)
      .map((message) => ({ ...message, content: message.content.slice(0, messageLength) })),
    card,
  }
}

/** Nobody waits for a person any more. */
function attended({ personAsked: _, ...session }: Session): Session {
  return session
}

function quiet(session: Session): StepResult {
  return { session, effects: [], reply: null, failure: null }
}
