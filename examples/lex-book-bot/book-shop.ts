/** The service that holds conversations with the bot; all that it keeps lies in one folder. */
import { join } from 'node:path'
import {
  type BotDefinition,
  type BotService,
  hookRegistry,
  nluUnderstanding,
  openBots,
} from '@typestead/bot'
import { sqlite } from '@typestead/journal'

export interface BookShop extends AsyncDisposable {
  /** What the bot answers; a user's words belong to one session until it has been silent for five minutes. */
  say(text: string): Promise<string>
  readonly service: BotService
}

export async function openBookShop(
  bot: BotDefinition,
  folder: string,
  onWarning: (hook: string, message: string) => void = () => {},
): Promise<BookShop> {
  const hooks = hookRegistry({ workers: 1, onWarning })
  const service = await openBots({
    journal: sqlite(join(folder, 'bots.db')),
    understander: nluUnderstanding({ folder: join(folder, 'models') }),
    hooks,
  })
  await service.build(bot)
  await service.publish(bot.name, { alias: 'prod' })
  return {
    service,
    async say(text) {
      const { reply, failure } = await service.turn({
        bot: bot.name,
        alias: 'prod',
        user: 'reader',
        text,
      })
      if (failure) throw new Error(failure.message)
      return (reply?.said?.messages ?? []).map(({ content }) => content).join('\n')
    },
    async [Symbol.asyncDispose]() {
      await service.close()
      await hooks.close()
    },
  }
}
