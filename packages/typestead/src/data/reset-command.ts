/** `typestead db reset --yes`: removes the app's tables and rows, and where it has bots, its journal with all of them. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { readEnvironment } from '../config/environment.ts'
import { loadApp } from '../config/load-config.ts'
import { resetAppJournal } from '../journal/app-journal.ts'
import { TypesteadError } from '../typestead-error.ts'
import { storeName, withStore } from './with-store.ts'

export interface ResetOptions {
  readonly app?: string
  readonly yes?: boolean
  readonly json?: boolean
}

/** @throws {TypesteadError} `REFUSED` without `--yes` */
export async function reset(options: ResetOptions): Promise<void> {
  if (!options.yes) {
    const app = await loadApp(options.app)
    const store = storeName(app, readEnvironment().databaseUrl)
    throw new TypesteadError(
      'REFUSED',
      `this removes all tables and rows of ${app.name} from ${store}${app.config.bots ? `, ${ofBots}` : ''}; say --yes to do it`,
    )
  }
  await withStore(options.app, async ({ app, db, store }) => {
    await db.migrations.reset()
    const hasBots = app.config.bots !== undefined
    if (hasBots) await resetAppJournal({ folder: app.folder, data: app.data, db })
    rmSync(join(app.data, 'seeding.json'), { force: true })
    const text = options.json
      ? JSON.stringify({ store, reset: true, bots: hasBots })
      : `Removed everything from ${store}${hasBots ? `, ${ofBots}` : ''}; the next start makes and fills it again.`
    process.stdout.write(`${text}\n`)
  })
}

const ofBots =
  'its bots with their versions, edits and conversations, and all messages and jobs that wait in its journal'
