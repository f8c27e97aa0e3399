/** Which operation a request asks for, by method and path, and the names in the path; V1's and V2's paths do not overlap. */
import type { Generation } from './lex-fault.ts'

export type LexOperation =
  | 'PostText'
  | 'PostContent'
  | 'PutSession'
  | 'GetSession'
  | 'DeleteSession'
  | 'RecognizeText'
  | 'RecognizeUtterance'
  | 'StartConversation'

export interface LexRoute {
  readonly generation: Generation
  readonly operation: LexOperation
  readonly bot: string
  readonly alias: string
  /** V1's user, V2's session. */
  readonly user: string
  /** V2's localeId; undefined in V1, which speaks the bot's own. */
  readonly locale: string | undefined
}

/** A path that is Lex's with another method or last word still tells its generation, for the words of the refusal. */
export type Routed =
  | LexRoute
  | { readonly generation: Generation; readonly operation: null; readonly reason: string }

/** @param path below the mount, as it was sent: percent escapes are read here, once */
export function routeOf(method: string, path: string): Routed {
  const segments = path.replace(/^\/+/, '').replace(/\/+$/, '').split('/')
  const generation: Generation = segments[0] === 'bots' ? 'v2' : 'v1'
  const decoded = segments.map(decode)
  if (decoded.includes(undefined)) {
    return none(generation, `the path ${path} has a percent escape that is no UTF-8`)
  }
  // Just checked.
  const words = decoded as string[]
  return (generation === 'v2' ? v2(method, words) : v1(method, words)) ?? none(generation, absent)
}

const absent =
  'there is no Lex operation of this method and path; see the runtime APIs of Lex V1 and V2'

function none(generation: Generation, reason: string): Routed {
  return { generation, operation: null, reason }
}

function decode(segment: string): string | undefined {
  if (!segment.includes('%')) return segment
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}

/** `/bot/{bot}/alias/{alias}/user/{user}/text|content|session` */
function v1(method: string, words: readonly string[]): LexRoute | undefined {
  const [first, bot, second, alias, third, user, last] = words
  if (words.length !== 7 || first !== 'bot' || second !== 'alias' || third !== 'user') return
  const operation = v1Operations[`${method} ${last}`]
  if (operation === undefined || !bot || !alias || !user) return
  return { generation: 'v1', operation, bot, alias, user, locale: undefined }
}

const v1Operations: Readonly<Record<string, LexOperation>> = {
  'POST text': 'PostText',
  'POST content': 'PostContent',
  'POST session': 'PutSession',
  'GET session': 'GetSession',
  'DELETE session': 'DeleteSession',
}

/** `/bots/{bot}/botAliases/{alias}/botLocales/{locale}/sessions/{session}[/text|/utterance|/conversation]` */
function v2(method: string, words: readonly string[]): LexRoute | undefined {
  const [, bot, second, alias, third, locale, fourth, user, last = ''] = words
  if (words.length > 9 || second !== 'botAliases' || third !== 'botLocales') return
  if (fourth !== 'sessions' || !bot || !alias || !locale || !user) return
  const operation = v2Operations[`${method} ${last}`]
  return operation && { generation: 'v2', operation, bot, alias, user, locale }
}

const v2Operations: Readonly<Record<string, LexOperation>> = {
  'POST text': 'RecognizeText',
  'POST utterance': 'RecognizeUtterance',
  'POST conversation': 'StartConversation',
  'POST ': 'PutSession',
  'GET ': 'GetSession',
  'DELETE ': 'DeleteSession',
}
