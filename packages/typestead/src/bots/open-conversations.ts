/** The app's journal and its bots on it, opened in the order in which they need each other, and closed in the reverse one. */
import type { IncomingMessage } from 'node:http'
import type { Journal } from '@typestead/journal'
import type { App, AppLog, SignedIn } from '../config/define-config.ts'
import type { LoadedApp } from '../config/load-config.ts'
import { openAppJournal } from '../journal/app-journal.ts'
import type { NluService } from '../nlu/nlu-service.ts'
import type { Metrics } from '../server/metrics.ts'
import { type AppBots, openAppBots } from './app-bots.ts'

export interface ConversationsOptions {
  readonly run: {
    readonly app: LoadedApp
    readonly log: AppLog
    readonly health: { doing(what: string): void }
    readonly metrics: Pick<Metrics, 'registry'>
    /** What is to be closed, last opened first. */
    readonly cleanup: AsyncDisposableStack
  }
  /** What definitions of bots get. */
  readonly context: App
  readonly nlu: NluService | undefined
  readonly application: {
    identify(incoming: IncomingMessage): Promise<SignedIn | undefined>
  }
}

/** Neither where the config has no bots. They end before the store that they use. */
export async function openConversations({
  run,
  context,
  nlu,
  application,
}: ConversationsOptions): Promise<{ readonly journal?: Journal; readonly bots?: AppBots }> {
  const { app, cleanup, health, log, metrics } = run
  const config = app.config.bots
  if (config === undefined) return {}
  health.doing('the bots are being built')
  const { folder, data } = app
  const journal = cleanup.use(await openAppJournal({ folder, data, db: context.db, log }))
  const identify = (request: IncomingMessage) => application.identify(request)
  const { registry } = metrics
  const bots = await openAppBots({ app, config, context, journal, nlu, identify, registry })
  return { journal, bots: cleanup.use(bots) }
}
