/** Slack's events in Botkit's words: which kind of message it is, or what else happened, and by which ids a repeat is told. */
import { readMessage, type SlackMessage } from '../adapters/slack/slack-event.ts'
import { type Fields, fields, text } from '../adapters/webhook-request.ts'
import type { BotkitMessage } from './botkit-message.ts'

export interface TakenEvent {
  readonly said: BotkitMessage
  readonly ids: readonly string[]
}

/** Null for what nobody is to hear: the bot's own words, edits. */
export function takenEvent(envelope: Fields): TakenEvent | null {
  const event = fields(envelope.event)
  const message = readMessage(envelope)
  const team = text(envelope.team_id) || text(envelope.enterprise_id)
  if (message === null) {
    const type = text(event.subtype) || text(event.type)
    const isOther = type !== '' && text(event.bot_id) === '' && type !== 'message'
    if (!isOther || type === 'app_mention' || type === 'bot_message' || team === '') return null
    const item = fields(event.item)
    const said = {
      type,
      team,
      channel: text(event.channel) || text(item.channel),
      user: text(event.user),
      ts: text(event.ts) || text(event.event_ts),
      text: text(event.text),
      event,
      raw_message: envelope,
    }
    return { said, ids: [text(envelope.event_id) || `${team}:${type}:${said.ts}`] }
  }
  const said: BotkitMessage = {
    type: categoryOf(message, text(event.text)),
    team: message.team,
    channel: message.channel,
    user: message.user,
    ts: message.ts,
    ...(message.thread === undefined ? {} : { thread_ts: message.thread }),
    text: message.text,
    event,
    raw_message: envelope,
  }
  return { said, ids: message.ids }
}

/** As Botkit names what it heard. */
function categoryOf({ direct, mentioned, bot }: SlackMessage, written: string): string {
  if (direct) return 'direct_message'
  if (!mentioned) return 'ambient'
  const isFirst =
    bot === undefined ? /^\s*<@/.test(written) : written.trimStart().startsWith(`<@${bot}`)
  return isFirst ? 'direct_mention' : 'mention'
}
