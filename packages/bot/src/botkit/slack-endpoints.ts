/** The controller's addresses: `/slack/receive` for what Slack signs, `/login` and `/oauth` for installing. */
import type { Hono } from 'hono'
import { type SlackOAuthOptions, slackOAuth } from '../adapters/slack/slack-oauth.ts'
import { slackVerifier } from '../adapters/slack/slack-signature.ts'
import {
  answer,
  decodeText,
  fields,
  parseObject,
  readBody,
  requireSecret,
  text,
} from '../adapters/webhook-request.ts'
import { BotError } from '../bot-error.ts'
import type { SlackController } from './slackbot.ts'

/** Botkit's callback: `res.send` is what the browser shows. */
export type OauthDone = (
  error: unknown,
  request: Request | null,
  response: { status(code: number): { send(page: string): void }; send(page: string): void },
) => unknown

const longestBody = 1024 * 1024

export function addWebhookEndpoints(
  webserver: Hono,
  controller: SlackController,
  onError: (error: unknown) => void,
): void {
  if (webserver === undefined) {
    throw new BotError(
      'BAD_INPUT',
      'createWebhookEndpoints needs the web server that setupWebserver gives; see its error',
    )
  }
  const secret = controller.config.signingSecret ?? process.env.SLACK_SIGNING_SECRET
  const verify = slackVerifier(requireSecret(secret, 'SLACK_SIGNING_SECRET'))
  const now = controller.config.now ?? Date.now
  webserver.all('/slack/receive', ({ req }) =>
    answer(
      req.raw,
      ['POST'],
      async () => {
        const body = await readBody(req.raw, longestBody)
        verify(req.raw.headers, body, now())
        const sent = decodeText(body)
        if (req.raw.headers.get('content-type')?.startsWith('application/x-www-form-urlencoded')) {
          await controller.take(pressed(new URLSearchParams(sent)))
          return new Response()
        }
        const envelope = parseObject(sent)
        if (envelope.type === 'url_verification') {
          return Response.json({ challenge: text(envelope.challenge) })
        }
        if (envelope.type === 'event_callback') await controller.take(envelope)
        return new Response()
      },
      onError,
    ),
  )
}

/** A slash command or a pressed button as an event: `slash_command`, `interactive_message_callback`. */
function pressed(form: URLSearchParams) {
  const json = form.get('payload')
  if (json === null) {
    const event = {
      type: 'slash_command',
      channel: form.get('channel_id'),
      user: form.get('user_id'),
      ts: form.get('trigger_id'),
      ...Object.fromEntries(form),
    }
    return { team_id: form.get('team_id'), event_id: form.get('trigger_id'), event }
  }
  const payload = parseObject(json)
  const event = {
    ...payload,
    type: 'interactive_message_callback',
    channel: fields(payload.channel).id,
    user: fields(payload.user).id,
    ts: payload.action_ts,
    text: text(fields(Array.isArray(payload.actions) ? payload.actions[0] : undefined).value),
  }
  return { team_id: fields(payload.team).id, event_id: payload.trigger_id, event }
}

export function addOauthEndpoints(
  webserver: Hono,
  controller: SlackController,
  onError: (error: unknown) => void,
  done: OauthDone | undefined,
): void {
  const { clientId, clientSecret, scopes, redirectUri, now = Date.now } = controller.config
  // `bot` was the one permission of the apps of old; Slack does not know it any more.
  const asked = scopes?.filter((one) => one !== 'bot') ?? []
  const options: SlackOAuthOptions = {
    clientId: requireSecret(clientId, 'clientId'),
    clientSecret: requireSecret(clientSecret, 'clientSecret'),
    ...(asked.length === 0 ? {} : { scopes: asked }),
    ...(redirectUri === undefined ? {} : { redirectUri }),
  }
  const { web, installations } = controller.teamBots
  const oauth = slackOAuth(options, { web, installations, now, redirectPath: '/oauth' })
  webserver.all('/login', ({ req }) =>
    answer(req.raw, ['GET'], () => oauth.install(req.raw), onError),
  )
  webserver.all('/oauth', async ({ req }) => {
    let failure: unknown
    const page = await answer(
      req.raw,
      ['GET'],
      () =>
        oauth.redirect(req.raw).catch((error) => {
          failure = error
          throw error
        }),
      onError,
    )
    return done === undefined
      ? page
      : shown(page, (response) => done(failure ?? null, req.raw, response))
  })
}

type Response_ = Parameters<OauthDone>[2]

/** The page with what the callback sent in place of its text. */
async function shown(page: Response, tell: (response: Response_) => unknown): Promise<Response> {
  let words: string | undefined
  let status = page.status
  const send = (text: string) => {
    words = text
  }
  await tell({
    send,
    status(code) {
      status = code
      return { send }
    },
  })
  if (words === undefined) return page
  const headers = new Headers(page.headers)
  headers.set('content-type', 'text/html; charset=utf-8')
  headers.delete('content-length')
  return new Response(words, { status, headers })
}
