/** Requests to a handler of the Lex APIs, without a server. */
import type { LexHandler } from '../../src/lex/lex-api.ts'

export interface Sent {
  readonly status: number
  /** The error's name. */
  readonly type: string | null
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: what came, which each test looks at in its own way
  readonly body: any
}

export const v1Path = (user: string, last: string, bot = 'PurchaseBook', alias = 'prod') =>
  `/lex/bot/${bot}/alias/${alias}/user/${user}/${last}`

export const v2Path = (session: string, last = '', locale = 'en_US') =>
  `/lex/bots/PurchaseBook/botAliases/prod/botLocales/${locale}/sessions/${session}${last}`

/** @param body bytes and texts go as they are, anything else as JSON */
export async function send(
  api: LexHandler,
  path: string,
  body?: unknown,
  { method = 'POST', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<Sent> {
  const bytes =
    body instanceof Uint8Array
      ? Buffer.from(body)
      : typeof body === 'string'
        ? body
        : JSON.stringify(body)
  const response = await api(
    new Request(`http://127.0.0.1${path}`, {
      method,
      headers,
      ...(body !== undefined && { body: bytes }),
    }),
  )
  const text = await response.text()
  return {
    status: response.status,
    type: response.headers.get('x-amzn-errortype'),
    headers: response.headers,
    body: text.startsWith('{') ? JSON.parse(text) : text,
  }
}
