/**
 * Slack: Events API, interactivity and OAuth installation in; Web API out. A message is acknowledged once it is durable, whatever its
 * retry header says; a message that Slack tells in several events is one. A reply stands in the conversation once: its outbox id is
 * in the post's metadata and looked up before it is sent again (without the `…:history` scopes it may stand there twice).
 */
import { BotError } from '../../bot-error.ts'
import type { Adapter, OutgoingMessage, Receiver } from '../adapter.ts'
import {
  answer,
  attached,
  decodeText,
  type Fields,
  fields,
  parseObject,
  Refusal,
  readBody,
  requireSecret,
  text,
  warn,
} from '../webhook-request.ts'
import { type InstallationStore, memoryInstallations } from './installations.ts'
import { slackPosts } from './slack-blocks.ts'
import { readInteraction, readMessage, type SlackMessage, teamOf } from './slack-event.ts'
import { type SlackOAuthOptions, slackOAuth } from './slack-oauth.ts'
import { slackVerifier } from './slack-signature.ts'
import { SlackThreads } from './slack-threads.ts'
import { slackWeb } from './slack-web.ts'

export interface SlackOptions {
  readonly signingSecret: string
  /** The bot's token, for an app of one workspace. */
  readonly token?: string
  /** Tokens by workspace, for an app that is installed by OAuth. */
  readonly installations?: InstallationStore
  readonly oauth?: SlackOAuthOptions
  /** `SLACK_API_URL`, else Slack's own. */
  readonly apiUrl?: string
  /** The channel's name, `slack` by default: for a second app beside the first. */
  readonly name?: string
  /** Where Slack posts events and what people press: `/slack/receive` by default. */
  readonly path?: string
  /** Hears every message of the channels it is in, not only mentions, its threads and conversations of two. */
  readonly ambient?: boolean
  readonly now?: () => number
  /** What nobody who asks is told; a warning of the process by default. */
  readonly onError?: (error: unknown) => void
}

/** Slack's events have at most some tens of thousands of characters. */
const longestBody = 1024 * 1024

export function slack(options: SlackOptions): Adapter {
  const verify = slackVerifier(requireSecret(options.signingSecret, 'signingSecret'))
  const { name = 'slack', path = '/slack/receive', ambient = false } = options
  const { now = Date.now, onError = warn } = options
  const installations = options.installations ?? memoryInstallations()
  const apiUrl = options.apiUrl ?? process.env.SLACK_API_URL ?? 'https://slack.com/api/'
  const web = slackWeb({ apiUrl, onError })
  const threads = new SlackThreads(web)
  let receiver: Receiver | undefined

  async function tokenOf(team: string): Promise<string> {
    const installed = await installations.get(team)
    if (installed !== null) return installed.token
    if (options.token !== undefined) return options.token
    const advice = 'set a token, or let it install the app (`oauth`, `installations`)'
    throw new BotError('FORBIDDEN', `there is no token of the Slack workspace ${team}; ${advice}`)
  }

  async function isMeant(message: SlackMessage): Promise<boolean> {
    if (message.direct || message.mentioned || ambient) return true
    const { thread, team, channel, bot } = message
    if (thread === undefined || bot === undefined) return false
    const conversation = conversationOf(message, ambient)
    return threads.takesPart(await tokenOf(team), conversation, bot, { channel, thread })
  }

  async function take(message: SlackMessage | null): Promise<void> {
    if (message === null || message.text === '' || !(await isMeant(message))) return
    const conversation = conversationOf(message, ambient)
    if (!message.direct) threads.joined(conversation)
    await attached(receiver, name).receive({
      channel: name,
      conversation,
      user: `${message.team}/${message.user}`,
      text: message.text,
      ids: message.ids,
      sentAt: Math.floor(Number(message.ts) * 1_000) || now(),
      attributes: { team: message.team, channel: message.channel, ts: message.ts },
    })
  }

  async function event(envelope: Fields): Promise<Response> {
    if (envelope.type === 'url_verification') {
      return Response.json({ challenge: text(envelope.challenge) })
    }
    if (envelope.type === 'app_rate_limited') {
      onError(new BotError('LIMIT', 'Slack holds back events: more than 30,000 came in an hour'))
    }
    if (envelope.type !== 'event_callback') return new Response()
    const { type } = fields(envelope.event)
    if (type === 'app_uninstalled' || type === 'tokens_revoked') {
      await installations.delete(teamOf(envelope))
    }
    await take(readMessage(envelope))
    return new Response()
  }

  async function receive(request: Request): Promise<Response> {
    const bytes = await readBody(request, longestBody)
    verify(request.headers, bytes, now())
    const body = decodeText(bytes)
    if (!request.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded')) {
      return event(parseObject(body))
    }
    const payload = new URLSearchParams(body).get('payload')
    if (payload === null) throw new Refusal(400, 'there is no payload')
    await take(readInteraction(parseObject(payload)))
    return new Response()
  }

  return {
    name,
    attach(to) {
      receiver = to
    },
    routes: {
      [path]: (request) => answer(request, ['POST'], () => receive(request), onError),
      ...oauthRoutes(),
    },
    async deliver(message, attempt, signal) {
      const { team, channel, thread } = placeOf(message)
      const reply = {
        id: message.id,
        channel,
        thread,
        posts: slackPosts(message.messages, message.card),
        since: message.committedAt,
        lookFirst: attempt > 0,
      }
      await web.send(await tokenOf(team), reply, signal)
    },
  }

  function oauthRoutes(): Adapter['routes'] {
    if (options.oauth === undefined) return {}
    const { installPath = '/slack/install', redirectPath = '/slack/oauth_redirect' } = options.oauth
    const oauth = slackOAuth(options.oauth, { web, installations, now, redirectPath })
    const get = (handle: (request: Request) => Promise<Response>) => (request: Request) =>
      answer(request, ['GET'], () => handle(request), onError)
    return { [installPath]: get(oauth.install), [redirectPath]: get(oauth.redirect) }
  }
}

/** In channels the bot answers in a thread, so that conversations of several people stay apart. */
function conversationOf(
  { team, channel, thread, root, ts, direct }: SlackMessage,
  ambient: boolean,
): string {
  const below = thread ?? (direct || ambient ? undefined : (root ?? ts))
  return [team, channel, ...(below === undefined ? [] : [below])].join('/')
}

function placeOf({ conversation }: OutgoingMessage) {
  const [team, channel, thread] = conversation.split('/')
  if (!team || !channel) {
    throw new BotError('BAD_INPUT', `"${conversation}" is no conversation of Slack's`)
  }
  return { team, channel, thread }
}
