/** Slack's Web API by the names of its methods, as Botkit's `bot.api`: `bot.api.reactions.add({…}, done)`, or with a promise. */
import type { Fields } from '../adapters/webhook-request.ts'
import type { Done } from './json-storage.ts'

type Family =
  | 'api'
  | 'auth'
  | 'bookmarks'
  | 'bots'
  | 'chat'
  | 'conversations'
  | 'dialog'
  | 'dnd'
  | 'emoji'
  | 'files'
  | 'pins'
  | 'reactions'
  | 'reminders'
  | 'search'
  | 'team'
  | 'usergroups'
  | 'users'
  | 'views'

type Name =
  | 'add'
  | 'archive'
  | 'close'
  | 'create'
  | 'delete'
  | 'edit'
  | 'get'
  | 'getPermalink'
  | 'getPresence'
  | 'history'
  | 'info'
  | 'invite'
  | 'join'
  | 'kick'
  | 'leave'
  | 'list'
  | 'lookupByEmail'
  | 'mark'
  | 'members'
  | 'open'
  | 'postEphemeral'
  | 'postMessage'
  | 'profile'
  | 'publish'
  | 'push'
  | 'remove'
  | 'rename'
  | 'replies'
  | 'set'
  | 'setPurpose'
  | 'setTopic'
  | 'test'
  | 'unfurl'
  | 'update'
  | 'upload'
  | 'users'

/** A method, or a family below another one (`users.profile`): both are reached by name. */
export type WebApiMethod = ((args?: Fields, done?: Done<Fields>) => Promise<Fields>) & {
  readonly [Below in Name]: WebApiMethod
}

/** Types know the usual names; `bot.call(method, args)` calls any. */
export type WebApi = { readonly [One in Family]: WebApiMethod }

export function webApi(call: (method: string, args: Fields) => Promise<Fields>): WebApi {
  return named([], call)
}

function named(
  path: readonly string[],
  call: (method: string, args: Fields) => Promise<Fields>,
): WebApi & WebApiMethod {
  const method = (args: Fields = {}, done?: Done<Fields>): Promise<Fields> => {
    const answered = call(path.join('.'), args)
    if (done === undefined) return answered
    answered.then(
      (value) => done(null, value),
      (error) => done(error),
    )
    answered.catch(() => {})
    return answered
  }
  // Every name is there, so the proxy has them all.
  // The names of Slack's methods are endless: each name asked for is one, so the type is what a proxy answers, not what it is.
  return new Proxy(method, {
    // `then` would make it look like a promise to whoever awaits it.
    get: (_, name) =>
      typeof name === 'symbol' || name === 'then' ? undefined : named([...path, name], call),
  }) as unknown as WebApi & WebApiMethod
}
