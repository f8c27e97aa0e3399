/** A conversation as lists show it: its row without the session. Values of obfuscated slots were masked when it was written. */
import type { Dialect } from '@typestead/journal'
import type { ConversationSummary } from '../service-contract.ts'
import type { ConversationRow } from './conversation-rows.ts'

/** Of the conversations as `c`. */
export function selectSummaries(dialect: Dialect): string {
  return `select c.id, c.bot, c.alias, c.who, c.channel, c.turns, c.last_text, c.last_reply, c.dialog_state, c.intent, c.person,
c.started, c.updated from ${dialect.table('bot_conversation')} c`
}

export function summaryOf(row: readonly unknown[]): ConversationSummary {
  const [
    id,
    bot,
    alias,
    user,
    channel,
    turns,
    text,
    reply,
    state,
    intent,
    person,
    started,
    updated,
  ] = row
  return {
    id: String(id),
    bot: String(bot),
    alias: String(alias),
    user: String(user),
    channel: String(channel),
    turns: Number(turns),
    lastText: String(text),
    lastReply: String(reply),
    dialogState: String(state),
    intent: textOf(intent),
    person: textOf(person) || null,
    asksForPerson: person === '',
    startedAt: Number(started),
    updatedAt: Number(updated),
  }
}

export function summaryOfRow(row: ConversationRow): ConversationSummary {
  const { id, bot, alias, channel, turns, lastText, lastReply, dialogState, intent, person } = row
  return {
    id,
    bot,
    alias,
    user: row.who,
    channel,
    turns,
    lastText,
    lastReply,
    dialogState,
    intent,
    person: person || null,
    asksForPerson: person === '',
    startedAt: row.started,
    updatedAt: row.updated,
  }
}

function textOf(cell: unknown): string | null {
  return cell === null ? null : String(cell)
}
