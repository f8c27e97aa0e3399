/** What a played turn changes in the database: the session, the log, the user's memory, and the answer in the outbox. */
import type { Message, OwnMessage } from '@typestead/journal'
import type { OutgoingMessage } from '../../adapters/adapter.ts'
import type { Said } from '../../dialogue/session.ts'
import type { ConversationRow, MemoryRow, TurnCommit } from '../kept/conversation-rows.ts'
import { mask, maskText, secretsOf } from '../kept/masking.ts'
import { apiChannel, memoryOwner, type PlayedTurn } from './played-turn.ts'
import { textOf, wordsOf } from './turn-input.ts'

/** Characters of the last words in a list. */
const summaryLength = 200

export function outgoingQueue(channel: string): string {
  return `bot.out/${channel}`
}

/** `ends`: the message whose turn it is, where this process holds it. */
export function commitOf(
  turn: PlayedTurn,
  now: number,
  ends: OwnMessage | null = null,
): TurnCommit {
  const { input, play, model, target, revision, forgettings, token } = turn
  const { session, reply, failure } = play
  const words = plain(wordsOf(input.happened))
  const said = answerOf(turn)
  const after = JSON.stringify(session)
  const secrets = secretsOf(model, [turn.before, session], { before: turn.before, text: words })
  const short = (text: string) => plain(maskText(text, secrets)).slice(0, summaryLength)
  const conversation: ConversationRow = {
    id: input.id,
    bot: input.key.bot,
    alias: input.key.alias,
    who: input.key.user,
    channel: target?.channel ?? apiChannel,
    target: target === null ? null : JSON.stringify(target),
    sessionN: turn.turns + 1,
    turns: turn.turns + 1,
    lastText: input.happened.type === 'said' ? short(words) : turn.lastText,
    lastReply: said === null ? turn.lastReply : short(textOf(said)),
    dialogState: session.dialogState,
    intent: session.intent?.name ?? null,
    person: session.person === null ? (session.personAsked ? '' : null) : plain(session.person),
    started: turn.startedAt,
    updated: now,
  }
  return {
    conversation,
    revision,
    forgettings,
    token,
    turn: {
      n: turn.turns + 1,
      turn: input.turn,
      request: input.request,
      at: now,
      version: session.version,
      hash: turn.hash,
      speaker: input.happened.type === 'personSaid' ? 'person' : 'user',
      said: words,
      opened: turn.opened === null ? null : JSON.stringify(turn.opened),
      events: JSON.stringify(play.events),
      effects: JSON.stringify(play.effects),
      reply: reply === null ? null : JSON.stringify(reply),
      failure: failure === null ? null : JSON.stringify(failure),
      after,
      took: JSON.stringify(turn.took),
    },
    memory: memoryOf(turn),
    outbox: said === null ? [] : outboxOf(turn, said, now),
    ends,
  }
}

/** What the user is told; null: nothing. A turn that failed is answered with an apology where its caller gets no failure. */
function answerOf({ play, input, target, model }: PlayedTurn): Said | null {
  if (input.happened.type === 'personSaid') return input.happened.said
  if (play.failure === null) return play.reply?.said ?? null
  if (target === null) return null
  const apology = model.locales[play.session.locale]?.phrases.apology ?? mask
  return { messages: [{ contentType: 'PlainText', content: apology }], card: null }
}

function outboxOf({ input, target }: PlayedTurn, said: Said, now: number): Message[] {
  if (target === null || (said.messages.length === 0 && said.card === null)) return []
  const { channel, conversation, user, attributes } = target
  const isPerson = input.happened.type === 'personSaid'
  const payload: OutgoingMessage = {
    id: `${input.turn}/out`,
    channel,
    conversation,
    user,
    messages: said.messages,
    card: said.card,
    turn: isPerson ? null : input.turn,
    attributes,
    from: isPerson ? 'person' : 'bot',
    committedAt: now,
  }
  return [
    {
      queue: outgoingQueue(channel),
      id: payload.id,
      key: outgoingKey(conversation),
      payload,
    },
  ]
}

/** Answers of one place go out one after the other. */
export function outgoingKey(conversation: string): string {
  return conversation.slice(0, 400)
}

function memoryOf({ input, play, target }: PlayedTurn): MemoryRow[] {
  const who = plain(memoryOwner(input.key.user, target))
  const entries = new Map<string, string | null>()
  for (const effect of play.effects) {
    if (effect.type !== 'remember') continue
    for (const [name, value] of Object.entries(effect.entries)) entries.set(name, value)
  }
  return [...entries].map(([name, value]) => ({
    bot: input.key.bot,
    who,
    name: plain(name),
    value: value === null ? null : plain(value),
  }))
}

/** As PostgreSQL's text takes it: no U+0000, no half of a pair. */
export function plain(text: string): string {
  return text.toWellFormed().replaceAll('\0', '')
}
