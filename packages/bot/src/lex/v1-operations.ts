/** Lex V1's five operations on the service. */
import {
  answered,
  type Call,
  headerAnswer,
  inputText,
  jsonAnswer,
  type LexContext,
} from './lex-context.ts'
import { LexFault } from './lex-fault.ts'
import { getSessionAnswer, headersOf, postTextAnswer } from './v1-answers.ts'
import { checkpointFilter, readPostContent, readPostText, readPutSession } from './v1-requests.ts'

type Operation = (context: LexContext, call: Call) => Promise<Response>

export const postText: Operation = async ({ service, now, modelOf }, call) => {
  const { session, reply } = answered(await service.turn(readPostText(call, now())))
  const model = await modelOf(session.bot, session.version)
  return jsonAnswer(call, postTextAnswer({ session, reply, model }, now()))
}

export const postContent: Operation = async (context, call) => {
  checkAccept(call)
  const { service, now, modelOf, transcriber } = context
  const text = await inputText(call, transcriber)
  const { session, reply } = answered(await service.turn(readPostContent(call, text, now())))
  const model = await modelOf(session.bot, session.version)
  return headerAnswer(call, headersOf({ session, reply, model }, now(), text))
}

export const putSession: Operation = async ({ service, now, modelOf }, call) => {
  checkAccept(call)
  const { bot, alias, user } = call.route
  const put = readPutSession(call, now())
  const { session, reply } = answered(
    await service.putSession({ bot, alias, user }, { ...put, requestId: call.requestId }),
  )
  const model = await modelOf(session.bot, session.version)
  return headerAnswer(call, headersOf({ session, reply, model }, now()))
}

export const getSession: Operation = async ({ service, now }, call) => {
  const label = checkpointFilter(call)
  const { bot, alias, user } = call.route
  const session = await service.session({ bot, alias, user })
  if (session === null) throw noSession()
  return jsonAnswer(call, getSessionAnswer(session, label, now()))
}

export const deleteSession: Operation = async ({ service }, call) => {
  // Only the names are checked: this operation has no filter.
  checkpointFilter(call)
  const { bot, alias, user } = call.route
  const session = await service.session({ bot, alias, user })
  if (!(await service.deleteSession({ bot, alias, user }))) throw noSession()
  return jsonAnswer(call, {
    botName: bot,
    botAlias: alias,
    userId: user,
    sessionId: session ? `${session.startedAt}-${session.user}` : undefined,
  })
}

function noSession(): LexFault {
  return new LexFault(
    'notFound',
    'there is no session of this bot, alias and user; it may have expired',
  )
}

/** Nothing is spoken here. */
function checkAccept({ request }: Call): void {
  const accept = request.headers.get('accept') ?? '*/*'
  const types = accept.split(',').map((part) => part.split(';')[0]?.trim().toLowerCase())
  if (types.some((type) => type === '*/*' || type === 'text/*' || type === 'text/plain')) return
  throw new LexFault(
    'notAcceptable',
    'Accept must allow text/plain; charset=utf-8: answers are text, nothing is spoken',
  )
}
