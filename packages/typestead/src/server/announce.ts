/** Says that the app serves, and where: to people, to the log, and to the `dev` that started it. */
import { existsSync } from 'node:fs'
import type { Environment } from '../config/environment.ts'
import type { LoadedApp } from '../config/load-config.ts'
import { secretsFile } from '../config/secrets.ts'
import type { Endpoints } from './endpoints.ts'
import type { Logger } from './log.ts'

export interface Announcement {
  readonly app: LoadedApp
  readonly environment: Environment
  readonly production: boolean
  readonly log: Logger
}

/** What a started process tells `typestead dev`. */
export interface ReadyMessage {
  readonly kind: 'ready'
  readonly endpoints: Endpoints
  /** Whether the store is the embedded server in the data folder. */
  readonly embedded: boolean
  readonly data: string
}

export function announce(
  { app, environment, production, log }: Announcement,
  endpoints: Endpoints,
): void {
  log.info({ application: endpoints.application, workbench: endpoints.workbench }, 'ready')
  if (!production) process.stdout.write(lines(app, endpoints))
  const embedded = app.config.source === undefined && environment.databaseUrl === undefined
  const message: ReadyMessage = { kind: 'ready', endpoints, embedded, data: app.data }
  process.send?.(message)
}

function lines({ name, data, config }: LoadedApp, { application, workbench }: Endpoints): string {
  const rows = [
    ['application', application],
    ...(config.api ? [['GraphiQL', `${application}/api/graphiql`]] : []),
    ...(workbench === undefined ? [] : [['workbench', workbench]]),
    ...(existsSync(secretsFile(data)) ? [['passwords', secretsFile(data)]] : []),
  ]
  return `\n${name}\n${rows.map(([what, where]) => `  ${what?.padEnd(12)} ${where}\n`).join('')}\n`
}
