/** The store of an app: what its config says, else the server of `DATABASE_URL`, else embedded PostgreSQL in the data folder. */
import type { Database, Source } from '@typestead/store'
import { makeDataFolder } from './data-folder.ts'
import { loadStore } from './installed.ts'
import type { LoadedApp } from './load-config.ts'

export async function sourceOf(
  app: LoadedApp,
  databaseUrl: string | undefined,
  { log, signal }: { readonly log?: (line: string) => void; readonly signal?: AbortSignal } = {},
): Promise<Source> {
  if (app.config.source) return app.config.source
  const store = await loadStore(app.folder)
  if (databaseUrl === undefined) {
    makeDataFolder(app.data)
    return store.embedded({
      data: app.data,
      resolveFrom: app.folder,
      ...(log === undefined ? {} : { log }),
      ...(signal === undefined ? {} : { signal }),
    })
  }
  return databaseUrl.startsWith('mongodb') ? store.mongo(databaseUrl) : store.postgres(databaseUrl)
}

/** Opens the store as it is: nothing is migrated or checked. */
export async function openStore(app: LoadedApp, source: Source): Promise<Database> {
  const { open } = await loadStore(app.folder)
  return open(app.config.model, source, { migrate: 'never' })
}
