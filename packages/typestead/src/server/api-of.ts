/** The API of an app for those who only look at it. */
import type { Database } from '@typestead/store'
import type { Api } from '../config/define-config.ts'
import type { LoadedApp } from '../config/load-config.ts'
import { quietApp } from './quiet-app.ts'

export async function apiOf(app: LoadedApp, db: Database): Promise<Api | undefined> {
  return app.config.api?.(db, quietApp(app, db))
}
