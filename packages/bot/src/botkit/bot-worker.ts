/** The bot of one workspace, as handlers get it: says things, and begins conversations. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { SlackWeb } from '../adapters/slack/slack-web.ts'
import type { Fields } from '../adapters/webhook-request.ts'
import { BotError } from '../bot-error.ts'
import type {
  BotkitMessage,
  BotkitReply,
  BotkitReplyFields,
  BotkitSource,
} from './botkit-message.ts'
import { Conversation, type ConversationHost } from './conversation.ts'
import type { Done } from './json-storage.ts'
import type { MiddlewareChain } from './middleware.ts'
import { type WebApi, webApi } from './web-api.ts'

export interface BotWorkerOptions {
  readonly team: string
  readonly teamName: string
  /** The bot's own user. */
  readonly user: string
  readonly token: string
  readonly web: SlackWeb
  readonly send: MiddlewareChain<[BotWorker, BotkitReplyFields]>
  readonly conversations: Pick<ConversationHost, 'started' | 'ended' | 'onError'>
  readonly now: () => number
  readonly newId: () => string
}

const attempts = 4

export class BotWorker {
  readonly identity: { readonly id: string; readonly name: string }
  readonly team_info: { readonly id: string; readonly name: string }
  /** What answers usually mean. */
  readonly utterances = {
    yes: /^(yes|yea|yup|yep|ya|sure|ok|y|yeah|yah)\b/i,
    no: /^(no|nah|nope|n)\b/i,
    quit: /^(quit|cancel|end|stop|done|exit|nevermind|never mind)\b/i,
  }
  /** Slack's methods by their names: `bot.api.reactions.add({…}, done)`. */
  readonly api: WebApi = webApi((method, args) => this.call(method, args))
  readonly #options: BotWorkerOptions

  constructor(options: BotWorkerOptions) {
    this.#options = options
    this.identity = { id: options.user, name: options.user }
    this.team_info = { id: options.team, name: options.teamName }
  }

  /** Answers where the message stands, in its thread if it has one. */
  reply(source: BotkitSource, reply: BotkitReply, done?: Done<Fields>): Promise<Fields> {
    const thread = source.thread_ts === undefined ? {} : { thread_ts: source.thread_ts }
    return this.say({ channel: source.channel, ...thread, ...asFields(reply) }, done)
  }

  replyInThread(source: BotkitSource, reply: BotkitReply, done?: Done<Fields>): Promise<Fields> {
    const thread_ts = source.thread_ts ?? source.ts
    return this.say(
      { channel: source.channel, ...(thread_ts ? { thread_ts } : {}), ...asFields(reply) },
      done,
    )
  }

  /** As `reply`: Slack shows no typing of apps. */
  replyWithTyping(source: BotkitSource, reply: BotkitReply, done?: Done<Fields>): Promise<Fields> {
    return this.reply(source, reply, done)
  }

  /** Says something in a channel. What may have arrived already is looked up before it is said again. */
  say(message: BotkitReplyFields, done?: Done<Fields>): Promise<Fields> {
    const said = this.#say({ ...message })
    if (done === undefined) return said
    said.then(
      (value) => done(null, value),
      (error) => done(error),
    )
    said.catch(() => {})
    return said
  }

  /** Any method of Slack's Web API. */
  call(method: string, args: Fields = {}): Promise<Fields> {
    return this.#options.web.call(this.#options.token, method, args, AbortSignal.timeout(30_000))
  }

  startConversation(
    source: BotkitSource,
    begin: (error: unknown, conversation: Conversation) => unknown,
  ): void {
    this.createConversation(source, (error, conversation) => {
      begin(error, conversation)
      conversation.activate()
    })
  }

  /** As `startConversation`, but it begins when it is told to (`activate`). */
  createConversation(
    source: BotkitSource,
    begin: (error: unknown, conversation: Conversation) => unknown,
  ): void {
    begin(null, this.#conversation(source))
  }

  /** In a conversation of two, wherever the message was. */
  startPrivateConversation(
    source: BotkitSource,
    begin: (error: unknown, conversation: Conversation | null) => unknown,
  ): void {
    this.call('conversations.open', { users: source.user })
      .then(({ channel }) => {
        const { id } = channel as { id: string }
        this.startConversation({ team: source.team, user: source.user, channel: id }, begin)
      })
      .catch((error) => begin(error, null))
  }

  #conversation(source: BotkitSource): Conversation {
    return new Conversation(source, {
      ...this.#options.conversations,
      send: (to, reply) => this.reply(to, reply),
    })
  }

  async #say(message: BotkitReplyFields): Promise<Fields> {
    const { web, token, send, now, newId } = this.#options
    await send.run(this, message)
    const { channel, thread_ts, text = '', ...rest } = message
    if (!channel) throw new BotError('BAD_INPUT', 'say() needs a channel')
    const post = { ...rest, text }
    const id = newId()
    const since = now()
    for (let attempt = 0; ; attempt++) {
      try {
        await web.send(
          token,
          { id, channel, thread: thread_ts, posts: [post], since, lookFirst: attempt > 0 },
          AbortSignal.timeout(60_000),
        )
        return { ok: true, id, channel }
      } catch (error) {
        const passes = error instanceof BotError && error.code === 'UNAVAILABLE'
        if (!passes || attempt + 1 >= attempts) throw error
        await sleep(250 * 2 ** attempt)
      }
    }
  }
}

/** The place of a message as a key: an answer there of this person belongs to a conversation begun there. */
export function placeKey(source: BotkitSource): string {
  return [source.team, source.channel, source.thread_ts ?? '', source.user].join('/')
}

function asFields(reply: BotkitReply): BotkitReplyFields {
  return typeof reply === 'string' ? { text: reply } : reply
}

export type HearHandler = (bot: BotWorker, message: BotkitMessage) => unknown
