/** A conversation's id, `<bot>/<alias>/<user>` with each part escaped, and who a messenger's user is. */
import type { IncomingMessage } from '../../adapters/adapter.ts'
import { BotError } from '../../bot-error.ts'
import type { SessionKey } from '../service-contract.ts'

/** Characters of a conversation's id at most: what the journal takes as a key. */
const longest = 400

/** @throws {BotError} BAD_INPUT, LIMIT */
export function conversationId({ bot, alias, user }: SessionKey): string {
  for (const [name, value] of Object.entries({ bot, alias, user })) {
    if (typeof value !== 'string' || value === '' || !value.isWellFormed() || value.includes('\0'))
      throw new BotError(
        'BAD_INPUT',
        `${name} must be text of one character or more, without U+0000 and halves of pairs`,
      )
  }
  const id = [bot, alias, user].map(encodeURIComponent).join('/')
  if (id.length > longest) {
    throw new BotError(
      'LIMIT',
      `bot, alias and user take ${id.length} characters together, escaped; ${longest} are allowed`,
    )
  }
  return id
}

/** @throws {BotError} NOT_FOUND for what is no conversation's id */
export function parseConversationId(id: string): SessionKey {
  const parts = id.split('/')
  try {
    const [bot = '', alias = '', user = ''] = parts.map(decodeURIComponent)
    if (parts.length === 3 && bot && alias && user) return { bot, alias, user }
  } catch {
    // A malformed escape: no conversation's id, as below.
  }
  throw new BotError('NOT_FOUND', `"${id}" is no conversation; ids are <bot>/<alias>/<user>`)
}

/** The session's user: `/` keeps it apart from the users of API callers, whose ids have none. */
export function messengerUser({ channel, conversation, user }: IncomingMessage): string {
  return user === conversation ? `${channel}/${conversation}` : `${channel}/${conversation}/${user}`
}
