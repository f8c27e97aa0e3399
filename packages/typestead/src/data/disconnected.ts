/** A database object without a database: for what only asks how a store is made, such as printing the API's schema. */
import type { Backend, Database } from '@typestead/store'
import { loadStore } from '../config/installed.ts'
import type { LoadedApp } from '../config/load-config.ts'
import { TypesteadError } from '../typestead-error.ts'

export async function disconnected({
  folder,
  config,
}: Pick<LoadedApp, 'folder' | 'config'>): Promise<Database> {
  const { Database } = await loadStore(folder)
  return new Database(config.model, backend)
}

function refuse(): never {
  throw new TypesteadError(
    'NOT_CONFIGURED',
    'this command does not open the database; the app asks it while it is being loaded',
  )
}

const backend: Backend = {
  kind: 'postgres',
  capabilities: { transactions: true, rowLevelSecurity: false, validators: true },
  select: refuse,
  selectRelated: refuse,
  count: refuse,
  insert: refuse,
  update: refuse,
  delete: refuse,
  upsert: refuse,
  transaction: refuse,
  ping: refuse,
  migrator: { stored: refuse, plan: refuse, apply: refuse, history: refuse, reset: refuse },
  feedEnd: refuse,
  feedRead: refuse,
  feedWait: refuse,
  async [Symbol.asyncDispose]() {},
}
