/** The API of an app for those who only look at it: nothing is served, and no one is signed in. */
import type { Database } from '@typestead/store'
import type { Api, App } from '../config/define-config.ts'
import type { LoadedApp } from '../config/load-config.ts'
import { secretNames } from '../config/secret-names.ts'
import { openSecrets } from '../config/secrets.ts'
import { anonymous } from '../sign-in/sessions.ts'

export async function apiOf({ config, data }: LoadedApp, db: Database): Promise<Api | undefined> {
  if (config.api === undefined) return undefined
  const quiet = () => {}
  const app: App = {
    db,
    data,
    log: { info: quiet, warn: quiet, error: quiet },
    secrets: { get: (name) => openSecrets(data, secretNames(config)).get(name) },
    production: false,
    signal: new AbortController().signal,
    current: () => anonymous,
  }
  return config.api(db, app)
}
