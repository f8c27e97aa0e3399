/** The messengers of an app, by its config: one adapter for each bot that a messenger has. */
import type { Adapter } from '@typestead/bot'
import type { AppBotsOptions } from './app-bots.ts'
import { type ChannelName, channelNames } from './bots-config.ts'

type BotPackage = typeof import('@typestead/bot')

const paths: Readonly<Record<ChannelName, string>> = {
  slack: '/slack/receive',
  sms: '/sms/inbound',
  messenger: '/messenger/webhook',
  chat: '/chat',
}

export function adaptersOf(
  bot: BotPackage,
  options: AppBotsOptions,
): { readonly adapter: Adapter; readonly bot: string }[] {
  const { channels = {} } = options.config
  return channelNames.flatMap((channel) => {
    const bots = [channels[channel] ?? []].flat()
    return bots.map((name, at) => ({
      bot: name,
      adapter: adapterOf(bot, channel, options, {
        name: at === 0 ? channel : `${channel}-${name}`,
        path: at === 0 ? paths[channel] : `${paths[channel]}/${name}`,
      }),
    }))
  })
}

function adapterOf(
  bot: BotPackage,
  channel: ChannelName,
  { context, identify }: AppBotsOptions,
  place: { readonly name: string; readonly path: string },
): Adapter {
  const { secrets, log } = context
  const common = { ...place, onError: (error: unknown) => log.error({ error }, place.name) }
  switch (channel) {
    case 'slack':
      return bot.slack({
        ...common,
        signingSecret: secrets.get('SLACK_SIGNING_SECRET'),
        token: secrets.get('SLACK_BOT_TOKEN'),
      })
    case 'sms':
      return bot.twilioSms({
        ...common,
        ...apiUrl('TWILIO_API_URL'),
        accountSid: secrets.get('TWILIO_ACCOUNT_SID'),
        authToken: secrets.get('TWILIO_AUTH_TOKEN'),
      })
    case 'messenger':
      return bot.messenger({
        ...common,
        ...apiUrl('MESSENGER_API_URL'),
        appSecret: secrets.get('MESSENGER_APP_SECRET'),
        verifyToken: secrets.get('MESSENGER_VERIFY_TOKEN'),
        pageToken: secrets.get('MESSENGER_PAGE_TOKEN'),
      })
    case 'chat':
      return bot.webChat({
        ...common,
        secret: secrets.get('TYPESTEAD_CHAT_SECRET'),
        async identify(request) {
          const userId = (await identify(request))?.userId
          return userId === undefined ? undefined : { user: userId, attributes: { userId } }
        },
      })
  }
}

/** Another address of a messenger's API, such as a fake's in tests. */
function apiUrl(variable: string): { readonly apiUrl?: string } {
  const url = process.env[variable]
  return url === undefined || url === '' ? {} : { apiUrl: url }
}
