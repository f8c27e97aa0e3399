/**
 * Slack's request signatures, version 0: HMAC-SHA256 over `v0:<timestamp>:<raw body>`, refused when the timestamp is more than five
 * minutes away. https://docs.slack.dev/authentication/verifying-requests-from-slack
 */
import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import { Refusal } from '../webhook-request.ts'

const toleranceSeconds = 300

/** A check over raw bytes; it throws a refusal with 401. */
export type SlackVerifier = (headers: Headers, body: Uint8Array, now: number) => void

export function slackVerifier(signingSecret: string): SlackVerifier {
  const key = createSecretKey(Buffer.from(signingSecret))
  return (headers, body, now) => {
    const timestamp = headers.get('x-slack-request-timestamp') ?? ''
    if (!/^\d{1,12}$/.test(timestamp)) throw new Refusal(401, 'the request has no timestamp')
    if (Math.abs(now / 1_000 - Number(timestamp)) > toleranceSeconds) {
      throw new Refusal(401, 'the timestamp is more than five minutes away')
    }
    const signature = headers.get('x-slack-signature') ?? ''
    const given = /^v0=([0-9a-f]{64})$/.exec(signature)?.[1]
    if (given === undefined) throw new Refusal(401, 'the request has no signature')
    if (!timingSafeEqual(Buffer.from(given, 'hex'), digest(key, timestamp, body))) {
      throw new Refusal(401, 'the signature does not fit')
    }
  }
}

/** The headers that Slack would send; for tests and tools that stand in for it. */
export function signSlackRequest(
  signingSecret: string,
  body: string,
  now: number,
): Record<string, string> {
  const timestamp = String(Math.floor(now / 1_000))
  const key = createSecretKey(Buffer.from(signingSecret))
  const signature = digest(key, timestamp, Buffer.from(body)).toString('hex')
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${signature}` }
}

function digest(key: KeyObject, timestamp: string, body: Uint8Array): Buffer {
  return createHmac('sha256', key).update(`v0:${timestamp}:`).update(body).digest()
}
