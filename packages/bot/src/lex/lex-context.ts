/** What every operation is given, and what the two generations read of a request in the same way. */
import type { ActiveContext, Session } from '../dialogue/session.ts'
import type { BotModel } from '../model/bot-model.ts'
import type { BotService, TurnResult } from '../service/service-contract.ts'
import type { Constraints } from './constraints.ts'
import { faultOfTurn, type Generation, LexFault } from './lex-fault.ts'
import type { LexRoute } from './lex-route.ts'
import { textOf } from './request-body.ts'
import * as limits from './runtime-limits.ts'

/** Makes text of what somebody said. */
export type Transcriber = (
  audio: {
    readonly contentType: string
    readonly bytes: Uint8Array
    readonly bot: string
    readonly alias: string
    readonly locale: string | undefined
  },
  signal: AbortSignal,
) => Promise<string>

/** What the APIs need of the service that keeps bots. */
export type LexService = Pick<
  BotService,
  'turn' | 'session' | 'putSession' | 'deleteSession' | 'model'
>

export interface LexContext {
  readonly service: LexService
  readonly transcriber: Transcriber | undefined
  readonly now: () => number
  /** The model that a session is pinned to; of a version it is kept, since that never changes. */
  readonly modelOf: (bot: string, version: string) => Promise<BotModel>
}

export interface Call {
  readonly request: Request
  readonly route: LexRoute
  readonly body: Uint8Array
  /** Stable over a client's repeats of one request. */
  readonly requestId: string
}

/** What V1 takes where a context does not say how long it lives. */
const defaultTurns = 5
const defaultSeconds = 90

export function checkUser(check: Constraints, path: string, user: string): void {
  check.text(path, user, limits.userId)
}

/** V2's maps have no empty keys. */
const keys = { v1: {}, v2: { key: limits.nonEmpty } }

export function readAttributes(
  check: Constraints,
  path: string,
  value: unknown,
  generation: Generation,
): Readonly<Record<string, string>> | undefined {
  if (value === undefined || value === null) return undefined
  return check.strings(path, value, keys[generation])
}

export function checkRequestAttributes(
  check: Constraints,
  value: unknown,
  generation: Generation,
): Readonly<Record<string, string>> | undefined {
  const attributes = readAttributes(check, 'requestAttributes', value, generation)
  for (const name of Object.keys(attributes ?? {})) {
    if (!name.startsWith('x-amz-lex:') || lexAttributes.has(name)) continue
    check.fail(
      `requestAttributes.${name.slice(0, 80)}`,
      'Member must not begin with x-amz-lex:, which Lex keeps for itself',
    )
  }
  return attributes
}

/** What channels and clients may say in Lex's own namespace. */
const lexAttributes = new Set([
  'x-amz-lex:accept-content-types',
  'x-amz-lex:channel-id',
  'x-amz-lex:channel-name',
  'x-amz-lex:channel-type',
  'x-amz-lex:user-id',
  'x-amz-lex:webhook-endpoint-url',
  'x-amz-lex:time-zone',
])

export function readContexts(
  check: Constraints,
  path: string,
  value: unknown,
  generation: Generation,
  now: number,
): readonly ActiveContext[] | undefined {
  if (value === undefined || value === null) return undefined
  const { list, name: names, seconds: ttl, turns: lives, parameters } = limits.contexts
  const whole = (
    at: string,
    given: unknown,
    [least, most]: readonly [number, number],
    or: number,
  ) => (given === undefined && generation === 'v1' ? or : check.integer(at, given, least, most))
  return check.list(path, value, list)?.flatMap((member, at) => {
    const here = `${path}.${at + 1}.member`
    const context = check.object(here, member)
    if (context === undefined) return []
    const name = check.text(`${here}.name`, context.name, names[generation])
    const lived = `${here}.timeToLive`
    const live = check.object(lived, context.timeToLive)
    if (live === undefined) return []
    const seconds = whole(
      `${lived}.timeToLiveInSeconds`,
      live.timeToLiveInSeconds,
      ttl,
      defaultSeconds,
    )
    const turns = whole(`${lived}.turnsToLive`, live.turnsToLive, lives, defaultTurns)
    const own = parametersOf[generation]
    const values = check.strings(`${here}.${own}`, context[own], parameters)
    if (name === undefined || seconds === undefined || turns === undefined || !values) return []
    return [{ name, turnsToLive: turns, expiresAt: now + seconds * 1000, parameters: values }]
  })
}

const parametersOf = { v1: 'parameters', v2: 'contextAttributes' } as const

export function secondsLeft(context: ActiveContext, now: number): number {
  return Math.max(0, Math.ceil((context.expiresAt - now) / 1000))
}

/** Of one bot, alias and user, from its first word until it expires. */
export function sessionIdOf(session: Session): string {
  return `${session.startedAt}-${session.user}`
}

/** @throws {LexFault} when the turn has no answer */
export function answered(result: TurnResult): TurnResult & {
  readonly reply: NonNullable<TurnResult['reply']>
} {
  if (result.failure !== null) throw faultOfTurn(result.failure)
  if (result.reply === null) {
    throw new LexFault('conflict', 'another request of this session is being answered; ask again')
  }
  return { ...result, reply: result.reply }
}

/** The words of a streamed request: text as it is, a form's only field, or what the transcriber hears. */
export async function inputText(
  { request, route, body }: Call,
  transcriber: Transcriber | undefined,
): Promise<string> {
  const given = request.headers.get('content-type') ?? ''
  const [type = '', ...parameters] = given.split(';').map((part) => part.trim().toLowerCase())
  const charset = parameters.find((part) => part.startsWith('charset='))?.slice(8)
  if (type === 'text/plain' || type === 'application/x-www-form-urlencoded') {
    if (charset !== undefined && !/^"?utf-?8"?$/.test(charset)) {
      throw new LexFault('media', `text must be UTF-8, not ${charset}`)
    }
    const text = textOf(body, 'the text')
    return type === 'text/plain' ? text : formText(text)
  }
  if (!type.startsWith('audio/')) {
    throw new LexFault(
      'media',
      'Content-Type must be text/plain; charset=utf-8, application/x-www-form-urlencoded or audio/…',
    )
  }
  if (transcriber === undefined) {
    throw new LexFault('media', 'audio is not taken here: no transcriber is configured; send text')
  }
  if (body.byteLength > (limits.speechBytes[type] ?? Number.POSITIVE_INFINITY)) {
    throw new LexFault('timeout', 'the speech is longer than 15 seconds; send less at once')
  }
  const { bot, alias, locale } = route
  const audio = { contentType: given, bytes: body, bot, alias, locale }
  try {
    return await transcriber(audio, request.signal)
  } catch (cause) {
    throw new LexFault('upstream', 'the transcriber is away; ask again, or send text', { cause })
  }
}

function formText(form: string): string {
  const fields = new URLSearchParams(form)
  const named = fields.get('inputText') ?? fields.get('inputStream') ?? fields.get('text')
  if (named !== null) return named
  // No field at all: the words themselves, escaped.
  const [[name, value] = ['', '']] = fields
  return value === '' ? name : value
}

export function jsonAnswer({ requestId }: Call, value: unknown): Response {
  return new Response(JSON.stringify(value), {
    headers: { 'content-type': 'application/json', 'x-amzn-requestid': requestId },
  })
}

/** Everything in headers; nothing is spoken, so there is no body. */
export function headerAnswer(
  { requestId }: Call,
  headers: Readonly<Record<string, string>>,
): Response {
  return new Response(null, { headers: { ...headers, 'x-amzn-requestid': requestId } })
}
