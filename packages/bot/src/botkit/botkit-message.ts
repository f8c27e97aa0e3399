/** Messages as handlers of a controller get and give them, in the shape that Botkit's users know. */
import { BotError } from '../bot-error.ts'

export interface BotkitMessage {
  /** `direct_message`, `direct_mention`, `mention`, `ambient`, or the name of what happened. */
  type: string
  team: string
  channel: string
  user: string
  ts: string
  thread_ts?: string
  /** Without the bot's mention in front. */
  text: string
  /** What a regular expression of `hears` found. */
  match?: RegExpMatchArray
  /** Set by an understanding middleware such as `rasa`. */
  intent?: { name: string; confidence: number } | null
  entities?: readonly unknown[]
  confidence?: number
  /** Why understanding was not to be had; the controller then says `apology` if nobody answers. */
  degraded?: { readonly reason: string; readonly apology: string }
  /** What is said to those who were not understood; set by `rasa`. */
  unclear?: string
  /** The event as Slack sent it. */
  event: Readonly<Record<string, unknown>>
  raw_message: Readonly<Record<string, unknown>>
  /** Middlewares add fields of their own. */
  [field: string]: unknown
}

/** What is said: a text, or arguments of `chat.postMessage`. */
export type BotkitReply = string | BotkitReplyFields

export interface BotkitReplyFields {
  text?: string
  blocks?: readonly object[]
  attachments?: readonly object[]
  channel?: string
  thread_ts?: string
  [field: string]: unknown
}

/** Where a message is from, as far as an answer needs it. */
export type BotkitSource = Pick<BotkitMessage, 'team' | 'channel' | 'user'> & {
  readonly ts?: string
  readonly thread_ts?: string
}

export type Ears = (patterns: readonly (string | RegExp)[], message: BotkitMessage) => boolean

/** Patterns as regular expressions, without regard to case; what they found is in `message.match`. */
export const regexEars: Ears = (patterns, message) => {
  for (const pattern of patterns) {
    const expression = typeof pattern === 'string' ? new RegExp(pattern, 'i') : pattern
    const match = message.text.match(expression)
    if (match === null) continue
    message.match = match
    return true
  }
  return false
}

/** Told when the program starts, not with the first message. */
export function requireExpression(pattern: string | RegExp): void {
  if (typeof pattern !== 'string') return
  try {
    new RegExp(pattern, 'i')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new BotError('BAD_INPUT', `hears(): ${reason}`, { cause })
  }
}
