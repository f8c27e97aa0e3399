/** What an app says of its bots: the `bots` part of its config. */
import type { BotDefinition, LambdaRef, TurnHook, Understander } from '@typestead/bot'
import type { Entities } from '@typestead/entity'
import type { App } from '../config/define-config.ts'

export interface BotsConfig<M extends Entities = Entities> {
  /** The bots; hooks reach the store through `app.db`. Each is built and published when its definition has changed. */
  readonly define: (app: App<M>) => readonly BotDefinition[] | Promise<readonly BotDefinition[]>
  /** The alias that they are published under; default `prod`. */
  readonly alias?: string
  /**
   * Which bots answer where: the first at the messenger's path (`/slack/receive`, `/sms/inbound`, `/messenger/webhook`,
   * `/chat`), each other one at that path and its name.
   */
  readonly channels?: Readonly<Partial<Record<ChannelName, string | readonly string[]>>>
  /** Hooks that definitions name by a string, such as a Lambda function's ARN. */
  readonly hooks?: Readonly<Record<string, TurnHook | LambdaRef>>
  /** Understands in another way, for instance assisted by a language model; gets what understands by default. */
  readonly understanding?: (classifier: Understander) => Understander
  /** The IANA zone in which users mean their times; default UTC. */
  readonly timeZone?: string
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
