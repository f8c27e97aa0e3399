/** The store of an app, open for one command. */
import type { Database } from '@typestead/store'
import { readEnvironment } from '../config/environment.ts'
import { type LoadedApp, loadApp } from '../config/load-config.ts'
import { openStore, sourceOf } from '../config/source.ts'

export interface OpenedApp {
  readonly app: LoadedApp
  readonly db: Database
  /** For people: which store this is, without a password. */
  readonly store: string
}

export async function withStore<R>(
  folder: string | undefined,
  work: (opened: OpenedApp) => Promise<R>,
): Promise<R> {
  const app = await loadApp(folder)
  const { databaseUrl } = readEnvironment()
  const source = await sourceOf(app, databaseUrl)
  await using db = await openStore(app, source)
  return await work({ app, db, store: storeName(app, databaseUrl) })
}

/** `postgres://host:5432/shop`, or where the embedded server's data lies. */
export function storeName({ config, data }: LoadedApp, databaseUrl: string | undefined): string {
  if (config.source) return `the ${config.source.kind} database of the config`
  if (databaseUrl === undefined) return `the embedded PostgreSQL in ${data}`
  try {
    const { protocol, host, pathname } = new URL(databaseUrl)
    return `${protocol}//${host}${pathname}`
  } catch {
    // Several hosts: no URL to the parser, and what stands before @ is not for people.
    return databaseUrl.replace(/\/\/.*@/, '//').replace(/\?.*$/, '')
  }
}
