/** Lex V2's operations on the service: RecognizeText, RecognizeUtterance, Put-, Get- and DeleteSession; conversations as streams are refused by name. */
import type { Session } from '../dialogue/session.ts'
import type { TurnResult } from '../service/service-contract.ts'
import { Constraints, isObject } from './constraints.ts'
import {
  answered,
  type Call,
  checkRequestAttributes,
  checkUser,
  headerAnswer,
  inputText,
  jsonAnswer,
  type LexContext,
  sessionIdOf,
} from './lex-context.ts'
import { LexFault } from './lex-fault.ts'
import { jsonOf, textOf } from './request-body.ts'
import { fromGzipJson, gzipJson } from './response-headers.ts'
import * as limits from './runtime-limits.ts'
import { checkTogether } from './v1-requests.ts'
import {
  interpretationsOf,
  messagesOf,
  sessionStateOf,
  standingReply,
  type V2Turn,
} from './v2-answers.ts'
import { readMessages, readSessionState, type StateGiven } from './v2-session-state.ts'

type Operation = (context: LexContext, call: Call) => Promise<Response>
type Texts = Readonly<Record<string, string>>

export const recognizeText: Operation = async (context, call) => {
  const body = jsonBody(call)
  const turn = await recognize(context, call, body.text, body)
  return jsonAnswer(call, {
    messages: messagesOf(turn.reply.said),
    sessionState: sessionStateOf(turn, context.now(), call.requestId),
    interpretations: interpretationsOf(turn),
    requestAttributes: turn.reply.requestAttributes ?? {},
    sessionId: call.route.user,
  })
}

export const recognizeUtterance: Operation = async (context, call) => {
  const { request, route } = call
  checkTextAnswer(request.headers.get('response-content-type'))
  const text = await inputText(call, context.transcriber)
  const turn = await recognize(context, call, text, stateIn(request.headers))
  const audio = request.headers.get('content-type')?.startsWith('audio/') === true
  return headerAnswer(call, {
    ...stateHeaders(turn, context.now(), call.requestId),
    'x-amz-lex-input-mode': audio ? 'Speech' : 'Text',
    'x-amz-lex-interpretations': gzipJson(interpretationsOf(turn)),
    'x-amz-lex-input-transcript': gzipJson(text),
    'x-amz-lex-session-id': route.user,
  })
}

/** @throws {LexFault} */
function stateIn(headers: Headers): { sessionState: unknown; requestAttributes: unknown } {
  const state = headers.get('x-amz-lex-session-state') ?? ''
  const attributes = headers.get('x-amz-lex-request-attributes') ?? ''
  const size = state.length + attributes.length
  if (size > limits.stateHeaderBytes) {
    throw new LexFault(
      'input',
      `x-amz-lex-session-state and x-amz-lex-request-attributes are ${size} bytes together; at most ${limits.stateHeaderBytes} are taken`,
    )
  }
  const read = (value: string, name: string) =>
    value === '' ? undefined : fromGzipJson(value, name)
  return {
    sessionState: read(state, 'x-amz-lex-session-state'),
    requestAttributes: read(attributes, 'x-amz-lex-request-attributes'),
  }
}

export const putSession: Operation = async (context, call) => {
  checkTextAnswer(call.request.headers.get('responsecontenttype'))
  const body = jsonBody(call)
  const check = checkNames(call)
  const said = readMessages(check, body.messages)
  const state = readSessionState(check, body.sessionState, said, context.now())
  if (body.sessionState === undefined || body.sessionState === null) {
    check.fail('sessionState', 'Member must not be null')
  }
  const requestAttributes = checkRequestAttributes(check, body.requestAttributes, 'v2') ?? {}
  checkTogether(check, state.attributes, requestAttributes)
  check.end()
  const result = await put(context, call, state, requestAttributes)
  const turn = await turnOf(context, answered(result))
  return headerAnswer(call, {
    ...stateHeaders(turn, context.now(), call.requestId),
    'x-amz-lex-session-id': call.route.user,
  })
}

export const getSession: Operation = async (context, call) => {
  checkNames(call).end()
  const session = await sessionOf(context, call)
  const turn = await turnOf(context, { session, reply: standingReply(session) })
  return jsonAnswer(call, {
    sessionId: call.route.user,
    messages: messagesOf(session.lastSaid),
    interpretations: interpretationsOf(turn),
    sessionState: sessionStateOf(turn, context.now(), sessionIdOf(session)),
  })
}

export const deleteSession: Operation = async (context, call) => {
  checkNames(call).end()
  await sessionOf(context, call)
  const { bot, alias, user, locale } = call.route
  if (!(await context.service.deleteSession({ bot, alias, user }))) throw noSession()
  return jsonAnswer(call, { botId: bot, botAliasId: alias, localeId: locale, sessionId: user })
}

export const startConversation: Operation = async () => {
  throw new LexFault(
    'unsupported',
    'StartConversation streams are not supported here; use RecognizeText or RecognizeUtterance',
  )
}

async function recognize(
  context: LexContext,
  call: Call,
  said: unknown,
  given: Readonly<Record<string, unknown>>,
): Promise<V2Turn> {
  const check = checkNames(call)
  const text = check.text('text', said, limits.spoken)
  const state = readSessionState(check, given.sessionState, null, context.now())
  const requestAttributes = checkRequestAttributes(check, given.requestAttributes, 'v2') ?? {}
  checkTogether(check, state.attributes, requestAttributes)
  check.end()
  const { bot, alias, user, locale } = call.route
  const { attributes, contexts, intent, action } = state
  const result = await context.service.turn({
    bot,
    alias,
    user,
    // Checked above.
    text: text as string,
    requestId: call.requestId,
    requestAttributes,
    ...(locale !== undefined && { locale }),
    ...(attributes && { sessionAttributes: attributes }),
    ...(contexts && { contexts }),
    ...((intent || action) && { put: { ...(intent && { intent }), ...(action && { action }) } }),
  })
  return turnOf(context, answered(result))
}

function put(
  { service }: LexContext,
  { route, requestId }: Call,
  state: StateGiven,
  requestAttributes: Texts,
): Promise<TurnResult> {
  const { bot, alias, user, locale } = route
  return service.putSession(
    { bot, alias, user },
    { ...state, requestAttributes, requestId, ...(locale !== undefined && { locale }) },
  )
}

async function turnOf(
  { modelOf }: LexContext,
  { session, reply }: Pick<V2Turn, 'session' | 'reply'>,
): Promise<V2Turn> {
  return { session, reply, model: await modelOf(session.bot, session.version) }
}

/** A session of another language is another session to a V2 client. */
async function sessionOf({ service }: LexContext, { route }: Call): Promise<Session> {
  const { bot, alias, user, locale } = route
  const session = await service.session({ bot, alias, user })
  if (session === null || session.locale !== locale) throw noSession()
  return session
}

function noSession(): LexFault {
  return new LexFault(
    'notFound',
    'there is no session of this bot, alias, locale and id; it may have expired',
  )
}

function stateHeaders(turn: V2Turn, now: number, requestId: string): Record<string, string> {
  return {
    'content-type': 'text/plain;charset=utf-8',
    'x-amz-lex-messages': gzipJson(messagesOf(turn.reply.said)),
    'x-amz-lex-session-state': gzipJson(sessionStateOf(turn, now, requestId)),
    'x-amz-lex-request-attributes': gzipJson(turn.reply.requestAttributes ?? {}),
  }
}

function checkNames({ route }: Call): Constraints {
  const check = new Constraints()
  checkUser(check, 'sessionId', route.user)
  return check
}

/** Nothing is spoken here. */
function checkTextAnswer(type: string | null): void {
  if (type === null || /^text\/plain\s*(;|$)/i.test(type)) return
  throw new LexFault(
    'notAcceptable',
    'responseContentType must be text/plain;charset=utf-8: answers are text, nothing is spoken',
  )
}

function jsonBody({ body }: Call): Readonly<Record<string, unknown>> {
  if (body.byteLength === 0) return {}
  const parsed = jsonOf(textOf(body, 'the body'), 'the body')
  if (!isObject(parsed)) throw new LexFault('input', 'the body must be a JSON object')
  return parsed
}
