/** The store's behaviour on FerretDB, and on a real MongoDB where `MONGO_URL` names one (its databases `typestead_test…` are removed). */
import { randomUUID } from 'node:crypto'
import { mongo } from '@typestead/store'
import { MongoClient } from 'mongodb'
import { describe, test } from 'vitest'
import { findTool } from '../../../scripts/tools.ts'
import { type StoreServer, storeBehaves } from './behaviour.ts'
import { startFerret } from './ferret.ts'

const ferretdb = findTool('ferretdb')
const mongoUrl = process.env.MONGO_URL

describe.skipIf(ferretdb === null)('with FerretDB', () => {
  storeBehaves('the MongoDB store', () => startFerret())
})

if (mongoUrl === undefined) test.skip('the whole suite on a MongoDB server, named by MONGO_URL')
else storeBehaves('the MongoDB store at MONGO_URL', () => databasesAt(mongoUrl))

async function databasesAt(url: string): Promise<StoreServer> {
  const made: string[] = []
  return {
    async fresh() {
      const at = new URL(url)
      at.pathname = `/typestead_test_${randomUUID().slice(0, 8)}`
      made.push(at.pathname.slice(1))
      return mongo(at.href)
    },
    async [Symbol.asyncDispose]() {
      await using client = new MongoClient(url)
      for (const name of made) await client.db(name).dropDatabase()
    },
  }
}
