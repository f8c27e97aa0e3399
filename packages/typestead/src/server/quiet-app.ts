/** What parts of an app get from those who only look at it: nothing is served, nothing is logged, and no one is signed in. */
import type { Database } from '@typestead/store'
import type { App } from '../config/define-config.ts'
import type { LoadedApp } from '../config/load-config.ts'
import { secretNames } from '../config/secret-names.ts'
import { openSecrets } from '../config/secrets.ts'
import { anonymous } from '../sign-in/sessions.ts'

export function quietApp({ config, data }: LoadedApp, db: Database): App {
  const quiet = () => {}
  return {
    db,
    data,
    log: { info: quiet, warn: quiet, error: quiet },
    secrets: { get: (name) => openSecrets(data, secretNames(config)).get(name) },
    production: false,
    signal: new AbortController().signal,
    current: () => anonymous,
  }
}
