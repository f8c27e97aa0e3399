/** What Slack's events and interactions say, as values: pure, and total over whatever JSON is signed. */
import { type Fields, fields, list, text } from '../webhook-request.ts'

/** A message of a person to, or near, the bot. */
export interface SlackMessage {
  readonly team: string
  readonly channel: string
  /** Its id within the channel. */
  readonly ts: string
  /** The thread it stands in. */
  readonly thread: string | undefined
  /** The message that an answer goes below, where that is not this one. */
  readonly root?: string | undefined
  readonly user: string
  /** As people read it, without the bot's own mention at either end. */
  readonly text: string
  /** In a conversation of two. */
  readonly direct: boolean
  readonly mentioned: boolean
  /** By which a repeat is told: events of one message have ids of their own, so its place counts too. */
  readonly ids: readonly string[]
  /** The bot's own user, where Slack says so. */
  readonly bot: string | undefined
}

/** Kinds of messages that a person wrote; the others tell of edits, joins, or what bots said. */
const writtenSubtypes = new Set(['file_share', 'me_message', 'thread_broadcast'])

/** The message in an `event_callback`; null for all that is no message of a person. */
export function readMessage(envelope: Fields): SlackMessage | null {
  const event = fields(envelope.event)
  const type = text(event.type)
  if (type !== 'message' && type !== 'app_mention') return null
  const subtype = text(event.subtype)
  if (subtype !== '' && !writtenSubtypes.has(subtype)) return null
  const team = teamOf(envelope)
  const channel = text(event.channel)
  const ts = text(event.ts)
  const user = text(event.user)
  if (team === '' || channel === '' || ts === '' || user === '') return null
  const bot = botOf(envelope)
  if (text(event.bot_id) !== '' || user === bot) return null
  const written = text(event.text)
  const eventId = text(envelope.event_id)
  return {
    team,
    channel,
    ts,
    thread: text(event.thread_ts) || undefined,
    user,
    text: readableText(written, bot),
    direct: event.channel_type === 'im' || channel.startsWith('D'),
    mentioned: type === 'app_mention' || (bot !== undefined && mentions(written, bot)),
    ids: [...(eventId === '' ? [] : [eventId]), `${team}:${channel}:${ts}`],
    bot,
  }
}

/** A button that a person pressed on one of the bot's messages, as the words that it stands for. */
export function readInteraction(payload: Fields): SlackMessage | null {
  if (payload.type !== 'block_actions') return null
  const action = fields(list(payload.actions)[0])
  const message = fields(payload.message)
  // An app of a whole organisation is told of that one alone.
  const team = text(fields(payload.team).id) || text(fields(payload.enterprise).id)
  const channel = text(fields(payload.channel).id)
  const user = text(fields(payload.user).id)
  const ts = text(action.action_ts)
  const value = text(action.value) || text(fields(action.selected_option).value)
  if (team === '' || channel === '' || user === '' || ts === '' || value === '') return null
  const place = `${team}:${channel}:${text(message.ts)}`
  const trigger = text(payload.trigger_id)
  return {
    team,
    channel,
    ts,
    // What is answered to a button goes below the message that it stands on: no message has the action's own time.
    thread: text(message.thread_ts) || undefined,
    root: text(message.ts) || undefined,
    user,
    text: value,
    direct: channel.startsWith('D'),
    mentioned: true,
    ids: [...(trigger === '' ? [] : [trigger]), `${place}:${text(action.action_id)}:${ts}`],
    bot: undefined,
  }
}

/** The workspace, or the organisation of an app installed for all of its workspaces. */
export function teamOf(envelope: Fields): string {
  return text(envelope.team_id) || text(envelope.enterprise_id)
}

/** The user that the app is in this workspace. */
export function botOf(envelope: Fields): string | undefined {
  const authorizations = list(envelope.authorizations).map(fields)
  return text(authorizations.find(({ is_bot }) => is_bot === true)?.user_id) || undefined
}

function mentions(written: string, user: string): boolean {
  return written.includes(`<@${user}>`) || written.includes(`<@${user}|`)
}

/** Slack's own marks undone: links, people, channels, `&amp;`. The bot's mention goes where the sentence begins or ends with it. */
export function readableText(written: string, bot: string | undefined): string {
  let words = written
  if (bot !== undefined && /^[A-Z0-9]+$/.test(bot)) {
    const mention = `<@${bot}(?:\\|[^<>]*)?>`
    words = words
      .replace(new RegExp(`^\\s*${mention}[\\s:,]*`), '')
      .replace(new RegExp(`[\\s,]*${mention}([\\s.!?]*)$`), '$1')
  }
  return words
    .replaceAll(/<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>/g, (_all, kind: string, id: string, label) => {
      if (kind === '') return label ?? id.replace(/^(mailto|tel):/, '')
      const name: string = label ?? id
      return kind === '#' ? `#${name}` : name.startsWith('@') ? name : `@${name}`
    })
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')
    .trim()
}
