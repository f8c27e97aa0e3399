/**
 * Installing the app in a workspace: `/slack/install` sends the browser to Slack, `/slack/oauth_redirect` takes it back and keeps
 * the token. The state that travels with it is good once, for ten minutes, and only in the browser that began.
 */
import { createHash, randomBytes } from 'node:crypto'
import { BotError } from '../../bot-error.ts'
import { fields, Refusal, requireSecret, sameText, text } from '../webhook-request.ts'
import type { InstallationStore, SlackInstallation } from './installations.ts'
import type { SlackWeb } from './slack-web.ts'

export interface SlackOAuthOptions {
  readonly clientId: string
  readonly clientSecret: string
  /** The permissions of the bot; `chat:write`, the events it hears, and the histories in which replies are looked up by default. */
  readonly scopes?: readonly string[]
  /** As it is registered with Slack; needed behind a proxy. */
  readonly redirectUri?: string
  /** `/slack/install` by default. */
  readonly installPath?: string
  /** `/slack/oauth_redirect` by default. */
  readonly redirectPath?: string
  /** Slack's page that asks the user. */
  readonly authorizeUrl?: string
  readonly states?: StateStore
  /** The page after it; a line of text by default. */
  readonly onInstalled?: (installation: Omit<SlackInstallation, 'token'>) => Response
}

/** States that were given out. Processes that share an address need one that they share. */
export interface StateStore {
  issue(state: string, expiresAt: number): Promise<void>
  /** Whether it was issued, is not over, and was not taken before; it is taken now. */
  take(state: string, now: number): Promise<boolean>
}

export const defaultScopes = [
  'app_mentions:read',
  'channels:history',
  'chat:write',
  'groups:history',
  'im:history',
  'im:read',
  'mpim:history',
]

const lifetime = 600_000
const cookieName = 'typestead_slack_state'

export interface SlackOAuth {
  install(request: Request): Promise<Response>
  redirect(request: Request): Promise<Response>
}

export function slackOAuth(
  options: SlackOAuthOptions,
  {
    web,
    installations,
    now,
    redirectPath,
  }: {
    readonly web: SlackWeb
    readonly installations: InstallationStore
    readonly now: () => number
    readonly redirectPath: string
  },
): SlackOAuth {
  const clientId = requireSecret(options.clientId, 'clientId')
  const clientSecret = requireSecret(options.clientSecret, 'clientSecret')
  const states = options.states ?? memoryStates()
  const redirectUri = (request: Request) =>
    options.redirectUri ?? new URL(redirectPath, request.url).href
  return {
    async install(request) {
      const state = randomBytes(24).toString('base64url')
      await states.issue(state, now() + lifetime)
      const url = new URL(options.authorizeUrl ?? 'https://slack.com/oauth/v2/authorize')
      url.searchParams.set('client_id', clientId)
      url.searchParams.set('scope', (options.scopes ?? defaultScopes).join(','))
      url.searchParams.set('state', state)
      url.searchParams.set('redirect_uri', redirectUri(request))
      return new Response(null, {
        status: 302,
        headers: { location: url.href, 'set-cookie': cookie(request, digest(state), lifetime) },
      })
    },
    async redirect(request) {
      const { searchParams } = new URL(request.url)
      const state = searchParams.get('state') ?? ''
      const own = cookieOf(request)
      if (!sameText(own, digest(state)) || !(await states.take(state, now()))) {
        throw new Refusal(
          403,
          'this link was used already, is too old, or began in another browser',
        )
      }
      if (searchParams.get('error') !== null) throw new Refusal(403, 'the installation was refused')
      const code = searchParams.get('code') ?? ''
      if (code === '' || code.length > 1_000) throw new Refusal(400, 'there is no code')
      const granted = await web.call(
        undefined,
        'oauth.v2.access',
        {
          client_id: clientId,
          client_secret: clientSecret,
          code,
          redirect_uri: redirectUri(request),
        },
        AbortSignal.timeout(20_000),
      )
      const installation = readGrant(granted, now())
      await installations.set(installation)
      const { token: _kept, ...shown } = installation
      const page =
        options.onInstalled?.(shown) ?? new Response('Installed. You can close this page.')
      page.headers.append('set-cookie', cookie(request, '', 0))
      return page
    },
  }
}

/** Of one process, at most 10,000. */
export function memoryStates(): StateStore {
  const issued = new Map<string, number>()
  return {
    async issue(state, expiresAt) {
      for (const oldest of issued.keys()) {
        if (issued.size < 10_000) break
        issued.delete(oldest)
      }
      issued.set(state, expiresAt)
    },
    async take(state, now) {
      const expiresAt = issued.get(state)
      issued.delete(state)
      return expiresAt !== undefined && now < expiresAt
    },
  }
}

function readGrant(granted: object, now: number): SlackInstallation {
  const { access_token, team, enterprise, bot_user_id, scope } = fields(granted)
  const workspace = text(fields(team).id) || text(fields(enterprise).id)
  const token = text(access_token)
  if (workspace === '' || token === '') {
    throw new BotError('UNAVAILABLE', "Slack's oauth.v2.access named no workspace or token")
  }
  return {
    team: workspace,
    teamName: text(fields(team).name) || text(fields(enterprise).name),
    token,
    botUser: text(bot_user_id),
    scopes: text(scope)
      .split(',')
      .filter((one) => one !== ''),
    installedAt: now,
  }
}

/** What the browser keeps is not the state itself: who reads one has not the other. */
function digest(state: string): string {
  return createHash('sha256').update(state).digest('base64url')
}

function cookie(request: Request, value: string, milliseconds: number): string {
  const secure = new URL(request.url).protocol === 'https:' ? '; Secure' : ''
  return `${cookieName}=${value}; Path=/; Max-Age=${milliseconds / 1_000}; HttpOnly; SameSite=Lax${secure}`
}

function cookieOf(request: Request): string {
  const cookies = request.headers.get('cookie') ?? ''
  return new RegExp(`(?:^|;\\s*)${cookieName}=([^;]*)`).exec(cookies)?.[1] ?? ''
}
