/**
 * Slack's Web API for replies: each post carries its outbox id in `metadata`, and a post that may have arrived is looked up in the
 * conversation before it is sent again. The client's own retries are off: they would send again without looking.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { WebClient } from '@slack/web-api'
import { PermanentError } from '@typestead/journal'
import { BotError } from '../../bot-error.ts'
import { type Fields, fields, list, text } from '../webhook-request.ts'
import type { SlackPost } from './slack-blocks.ts'

/** The `metadata.event_type` of our posts. */
export const metadataType = 'typestead_reply'

export interface SlackReply {
  readonly id: string
  readonly channel: string
  readonly thread: string | undefined
  readonly posts: readonly SlackPost[]
  /** Milliseconds since 1970 before which it can't have been sent. */
  readonly since: number
  /** An earlier attempt may have arrived. */
  readonly lookFirst: boolean
}

export interface SlackWeb {
  /** Makes sure that every post of the reply stands in the conversation once. */
  send(token: string, reply: SlackReply, signal: AbortSignal): Promise<void>
  /** One method. @throws {PermanentError} when the answer would be the same again @throws {BotError} UNAVAILABLE */
  call(
    token: string | undefined,
    method: string,
    args: Fields,
    signal: AbortSignal,
  ): Promise<Fields>
}

export interface SlackWebOptions {
  /** Where the Web API is; `SLACK_API_URL`, or Slack's own. */
  readonly apiUrl: string
  /** What can't be looked up for want of a permission, and the like. */
  readonly onError: (error: unknown) => void
}

/** Errors of Slack's that another attempt would meet again. */
const permanent = new Set([
  'cannot_reply_to_message',
  'channel_not_found',
  'channel_type_not_supported',
  'duplicate_channel_not_found',
  'invalid_arguments',
  'invalid_blocks',
  'invalid_blocks_format',
  'is_archived',
  'messages_tab_disabled',
  'msg_blocks_too_long',
  'msg_too_long',
  'no_text',
  'not_in_channel',
  'restricted_action',
  'restricted_action_read_only_channel',
  'restricted_action_thread_locked',
  'user_not_found',
])

export function slackWeb({ apiUrl, onError }: SlackWebOptions): SlackWeb {
  let loaded: Promise<WebClient> | undefined
  const client = () => {
    loaded ??= connect(apiUrl)
    return loaded
  }
  const web: SlackWeb = {
    async call(token, method, args, signal) {
      const slack = await client()
      for (let tries = 1; ; tries++) {
        signal.throwIfAborted()
        const withToken = token === undefined ? args : { ...args, token }
        try {
          return fields(await abortable(slack.apiCall(method, { ...withToken }), signal))
        } catch (error) {
          const wait = rateLimit(error)
          if (wait === undefined || tries > 3) throw translated(error, method)
          await pause(wait, method, signal)
        }
      }
    },
    async send(token, reply, signal) {
      const sent = reply.lookFirst
        ? await alreadySent(web, token, reply, signal, onError)
        : new Set()
      for (const [at, post] of reply.posts.entries()) {
        const id = partId(reply.id, at)
        if (sent.has(id)) continue
        const metadata = { event_type: metadataType, event_payload: { id } }
        const place = {
          channel: reply.channel,
          ...(reply.thread === undefined ? {} : { thread_ts: reply.thread }),
        }
        await web.call(token, 'chat.postMessage', { ...post, ...place, metadata }, signal)
      }
    },
  }
  return web
}

async function connect(apiUrl: string): Promise<WebClient> {
  // 60 ms of modules that only those who speak to Slack need.
  const { WebClient } = await import('@slack/web-api')
  return new WebClient(undefined, {
    slackApiUrl: apiUrl.endsWith('/') ? apiUrl : `${apiUrl}/`,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    allowAbsoluteUrls: false,
    timeout: 15_000,
    logger: silent,
  })
}

/** What the client has to say is in its errors; its log would hold what people wrote. */
const silent = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  setLevel() {},
  // The interface's type is an enum, whose values are these words.
  getLevel: () => 'error' as never,
  setName() {},
}

function partId(id: string, at: number): string {
  return at === 0 ? id : `${id}/${at}`
}

const mostPages = 10

/** The ids of this reply's posts that stand in the conversation. */
async function alreadySent(
  web: SlackWeb,
  token: string,
  { id, channel, thread, since }: SlackReply,
  signal: AbortSignal,
  onError: (error: unknown) => void,
): Promise<ReadonlySet<unknown>> {
  const method = thread === undefined ? 'conversations.history' : 'conversations.replies'
  const sent = new Set<unknown>()
  let cursor = ''
  try {
    for (let page = 0; page < mostPages; page++) {
      const found = await web.call(
        token,
        method,
        {
          channel,
          ...(thread === undefined ? {} : { ts: thread }),
          // Slack's clock and ours may differ.
          oldest: String(Math.floor(since / 1_000) - 60),
          include_all_metadata: true,
          limit: 200,
          ...(cursor === '' ? {} : { cursor }),
        },
        signal,
      )
      for (const message of list(found.messages)) {
        const metadata = fields(fields(message).metadata)
        const part = text(fields(metadata.event_payload).id)
        if (metadata.event_type !== metadataType) continue
        if (part === id || part.startsWith(`${id}/`)) sent.add(part)
      }
      cursor = text(fields(found.response_metadata).next_cursor)
      if (cursor === '') break
    }
  } catch (error) {
    // Without the permission to read nobody can tell: better twice than never.
    if (!(error instanceof BotError && error.code === 'FORBIDDEN')) throw error
    onError(error)
  }
  return sent
}

function rateLimit(error: unknown): number | undefined {
  const { code, retryAfter } = fields(error)
  if (code !== 'slack_webapi_rate_limited_error') return undefined
  return typeof retryAfter === 'number' ? Math.min(retryAfter, 30) * 1_000 : 1_000
}

async function pause(milliseconds: number, method: string, signal: AbortSignal): Promise<void> {
  try {
    await sleep(milliseconds, undefined, { signal })
  } catch (cause) {
    const message = `Slack's ${method} asks to wait longer than this delivery may take`
    throw new BotError('UNAVAILABLE', message, { cause })
  }
}

/** Neither the token nor what was said is in it; the client's errors hold the whole request. */
function translated(error: unknown, method: string): Error {
  const { code, data, statusCode } = fields(error)
  if (code === 'slack_webapi_platform_error') {
    const said = text(fields(data).error)
    if (permanent.has(said)) return new PermanentError(`Slack's ${method} answered ${said}`)
    if (/auth|token|account|scope|permission/.test(said)) {
      const advice = 'see that the token is valid and the app has the scopes it needs'
      return new BotError('FORBIDDEN', `Slack's ${method} answered ${said}; ${advice}`)
    }
    return new BotError(
      'UNAVAILABLE',
      `Slack's ${method} answered ${said}; it is asked again later`,
    )
  }
  const what = typeof statusCode === 'number' ? `answered ${statusCode}` : 'gave no answer'
  return new BotError('UNAVAILABLE', `Slack's ${method} ${what}; it is asked again later`)
}

async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>()
  const stop = () => reject(new BotError('UNAVAILABLE', 'the delivery was stopped'))
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([work, promise])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
