/** What an app says of its bots: the `bots` part of its config. */
import type { BotDefinition, LambdaRef, TurnHook, Understander } from '@typestead/bot'
import type { Entities } from '@typestead/entity'
import type { App } from '../config/define-config.ts'

export interface BotsConfig<M extends Entities = Entities> {
  /**
   * The bots; hooks reach the store through `app.db`. Each is built and published when its definition has changed; what people
   * publish under the alias meanwhile, in the console or by a command, is served until then.
   */
  readonly define: (app: App<M>) => readonly BotDefinition[] | Promise<readonly BotDefinition[]>
  /** The alias that they are published under; default `prod`. */
  readonly alias?: string
  /**
   * Which bots answer where: the first at the messenger's path (`/slack/receive`, `/sms/inbound`, `/messenger/webhook`,
   * `/chat`), each other one at that path and its name.
   */
  readonly channels?: Readonly<Partial<Record<ChannelName, string | readonly string[]>>>
  readonly hooks?: HooksConfig
  /** Understands in another way, for instance assisted by a language model; gets what understands by default. */
  readonly understanding?: (classifier: Understander) => Understander
  /** The IANA zone in which users mean their times; default UTC. */
  readonly timeZone?: string
}

/** How hooks run. */
export interface HooksConfig {
  /**
   * Where hooks that are files run, `lambda('./validate-book.cjs')`: `worker` (default), where one that loops or eats memory ends
   * alone, or `process`, where `turn.inTransaction` is there for files too. Functions of the config run in process whatever this
   * says: what they close over, such as `app.db` and its connections, is in this process and cannot be sent to a worker. They have
   * the same time limit, but one that never gives way holds the process.
   */
  readonly isolation?: 'worker' | 'process'
  /** Milliseconds that a hook has, 30,000 by default. */
  readonly timeoutMs?: number
  /** As many as the machine has cores, at most 4, by default. */
  readonly workers?: number
  /** Memory of a worker's heap, 128 by default. */
  readonly memoryMb?: number
  /** Hooks that definitions name by a string, such as a Lambda function's ARN. */
  readonly named?: Readonly<Record<string, TurnHook | LambdaRef>>
}

export const channelNames = ['slack', 'sms', 'messenger', 'chat'] as const
export type ChannelName = (typeof channelNames)[number]

/** What each messenger needs to know; generated where it is not set, so that a fake far side can be told. */
const channelSecrets: Readonly<Record<ChannelName, readonly string[]>> = {
  slack: ['SLACK_SIGNING_SECRET', 'SLACK_BOT_TOKEN'],
  sms: ['TWILIO_ACCOUNT_SID', 'TWILIO_AUTH_TOKEN'],
  messenger: ['MESSENGER_APP_SECRET', 'MESSENGER_VERIFY_TOKEN', 'MESSENGER_PAGE_TOKEN'],
  chat: ['TYPESTEAD_CHAT_SECRET'],
}

export function botSecrets({ channels = {} }: Pick<BotsConfig, 'channels'>): readonly string[] {
  return channelNames.flatMap((name) => (channels[name] === undefined ? [] : channelSecrets[name]))
}
