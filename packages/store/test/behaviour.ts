/**
 * One suite for every store: what `open(model, source)` promises must hold whatever keeps the rows. A test file gives it a
 * server; the parts, by theme, are in the files beside this one.
 */
import type { Database, Source } from '@typestead/store'
import { open } from '@typestead/store'
import { afterAll, beforeAll, describe } from 'vitest'
import { alterationsBehave } from './alterations.ts'
import { changeFeedBehaves } from './change-feed.ts'
import { changesBehave } from './changes.ts'
import { filtersBehave } from './filters.ts'
import { listsBehave } from './lists.ts'
import { migrationsBehave } from './migrations.ts'
import { model, type OfficeModel } from './models.ts'
import { relationsBehave } from './relations.ts'
import { rulesBehave } from './rules.ts'
import { transactionsBehave } from './transactions.ts'
import { valuesBehave } from './values.ts'
import { writesBehave } from './writes.ts'

/** A running server. */
export interface StoreServer extends AsyncDisposable {
  /** An empty database of its own; whatever is connected by one source is the same database. */
  fresh(): Promise<Source>
}

/** What the parts of the suite are given. */
export interface Office {
  /** An open store of the office's model that no other test file uses. */
  readonly db: Database<OfficeModel>
  /** An empty database, for tests that change the model or open it twice. */
  fresh(): Promise<Source>
}

export function storeBehaves(name: string, start: () => Promise<StoreServer>): void {
  describe(name, () => {
    let server: StoreServer
    let db: Database<OfficeModel>
    const office: Office = {
      get db() {
        return db
      },
      fresh: () => server.fresh(),
    }

    beforeAll(async () => {
      server = await start()
      db = await open(model, await server.fresh())
    })

    afterAll(async () => {
      await db?.[Symbol.asyncDispose]()
      await server?.[Symbol.asyncDispose]()
    })

    valuesBehave(office)
    filtersBehave(office)
    listsBehave(office)
    relationsBehave(office)
    writesBehave(office)
    changesBehave(office)
    rulesBehave(office)
    transactionsBehave(office)
    changeFeedBehaves(office)
    migrationsBehave(office)
    alterationsBehave(office)
  })
}
