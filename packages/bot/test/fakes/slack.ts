/** Slack's Web API as far as replies and installing need it, and Slack's way of telling an app what was said. */
import { signSlackRequest } from '../../src/adapters/slack/slack-signature.ts'
import { type FakeAnswer, FakeServer, type FarSideRequest } from './far-side.ts'

export interface SlackPosted {
  readonly ts: string
  readonly channel: string
  readonly thread_ts?: string
  readonly text: string
  readonly blocks?: unknown
  readonly metadata?: unknown
  readonly token: string
  readonly user: string
}

export const botUser = 'UBOT'
export const team = 'T1'

export class FakeSlack implements AsyncDisposable {
  readonly server: FakeServer
  readonly posted: SlackPosted[]
  /** Codes that `oauth.v2.access` takes, with the token each gives. */
  readonly codes: Map<string, string>
  /** Methods that answer with this error. */
  readonly errors: Map<string, string>

  private constructor(server: FakeServer, parts: Pick<FakeSlack, 'posted' | 'codes' | 'errors'>) {
    this.server = server
    this.posted = parts.posted
    this.codes = parts.codes
    this.errors = parts.errors
  }

  static async start(): Promise<FakeSlack> {
    const parts = {
      posted: [] as SlackPosted[],
      codes: new Map<string, string>(),
      errors: new Map<string, string>(),
    }
    const handle = (request: FarSideRequest) => methodOf(request, parts)
    const server = await FakeServer.start(handle, ({ path }) => path.endsWith('/chat.postMessage'))
    return new FakeSlack(server, parts)
  }

  get apiUrl(): string {
    return `${this.server.url}/api/`
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.server[Symbol.asyncDispose]()
  }
}

let posts = 0

function methodOf(
  { path, body, headers }: FarSideRequest,
  { posted, codes, errors }: Pick<FakeSlack, 'posted' | 'codes' | 'errors'>,
): FakeAnswer {
  const method = path.replace('/api/', '')
  const error = errors.get(method)
  if (error !== undefined) return { body: { ok: false, error } }
  const form = Object.fromEntries(new URLSearchParams(body))
  const token = headers.authorization?.replace('Bearer ', '') ?? ''
  const json = (name: string) => (form[name] === undefined ? undefined : JSON.parse(form[name]))
  switch (method) {
    case 'chat.postMessage': {
      const ts = `${Math.floor(Date.now() / 1_000)}.${String(++posts).padStart(6, '0')}`
      posted.push({
        ts,
        token,
        user: botUser,
        channel: form.channel ?? '',
        text: form.text ?? '',
        blocks: json('blocks'),
        metadata: json('metadata'),
        ...(form.thread_ts === undefined ? {} : { thread_ts: form.thread_ts }),
      })
      return { body: { ok: true, ts } }
    }
    case 'conversations.history':
    case 'conversations.replies': {
      const messages = posted
        .filter((one) => one.channel === form.channel && Number(one.ts) >= Number(form.oldest ?? 0))
        .filter((one) => one.thread_ts === form.ts)
        .map(({ token: _token, ...message }) => message)
      return { body: { ok: true, messages: messages.reverse() } }
    }
    case 'auth.test':
      return { body: { ok: true, team_id: team, team: 'Testers', user_id: botUser } }
    case 'oauth.v2.access': {
      const access_token = codes.get(form.code ?? '')
      codes.delete(form.code ?? '')
      if (access_token === undefined) return { body: { ok: false, error: 'invalid_code' } }
      return {
        body: {
          ok: true,
          access_token,
          bot_user_id: botUser,
          team: { id: 'T2', name: 'Two' },
          scope: 'chat:write',
        },
      }
    }
    default:
      return { body: { ok: false, error: 'unknown_method' } }
  }
}

export interface SlackSaid {
  readonly text: string
  readonly ts: string
  readonly eventId?: string
  readonly type?: 'message' | 'app_mention'
  readonly channel?: string
  readonly user?: string
  readonly thread?: string
  readonly more?: Record<string, unknown>
}

/** An `event_callback` as Slack writes it. */
export function slackEvent(said: SlackSaid): string {
  const { channel = 'D1', user = 'U1', type = 'message' } = said
  return JSON.stringify({
    type: 'event_callback',
    team_id: team,
    api_app_id: 'A1',
    event_id: said.eventId ?? `Ev${said.ts}`,
    event_time: Math.floor(Number(said.ts)),
    authorizations: [{ team_id: team, user_id: botUser, is_bot: true }],
    event: {
      type,
      channel,
      ...(type === 'message' ? { channel_type: channel.startsWith('D') ? 'im' : 'channel' } : {}),
      user,
      text: said.text,
      ts: said.ts,
      ...(said.thread === undefined ? {} : { thread_ts: said.thread }),
      ...said.more,
    },
  })
}

export function signedSlack(
  url: string,
  secret: string,
  body: string,
  { now = Date.now(), type = 'application/json', headers = {} as Record<string, string> } = {},
): Request {
  return new Request(url, {
    method: 'POST',
    headers: { 'content-type': type, ...signSlackRequest(secret, body, now), ...headers },
    body,
  })
}
