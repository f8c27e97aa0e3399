/** The stores that tests run on: an embedded PostgreSQL, and FerretDB (MongoDB's protocol) where this machine has it. */
import { rm } from 'node:fs/promises'
import type { Entities, Model } from '@typestead/entity'
import { type Database, embedded, mongo, open } from '@typestead/store'
import { findTool, postgresData, startFerretDB } from '../../../scripts/tools.ts'

export interface Opened extends AsyncDisposable {
  readonly db: Database
}

export interface TestStore {
  readonly name: string
  readonly available: boolean
  open<M extends Entities>(model: Model<M>): Promise<Opened>
}

const ferretdb = findTool('ferretdb')

export const stores: readonly TestStore[] = [
  { name: 'PostgreSQL', available: true, open: openPostgres },
  { name: 'FerretDB', available: ferretdb !== null, open: openFerret },
]

export async function openPostgres<M extends Entities>(model: Model<M>): Promise<Opened> {
  const folder = await postgresData('typestead-graphql-')
  const db = await open(model, embedded({ data: folder }))
  return {
    db,
    async [Symbol.asyncDispose]() {
      await db[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function openFerret<M extends Entities>(model: Model<M>): Promise<Opened> {
  const server = await startFerretDB()
  const db = await open(model, mongo(`mongodb://${server.address}/app`, { connections: 1 }))
  return {
    db,
    async [Symbol.asyncDispose]() {
      await db[Symbol.asyncDispose]()
      await server[Symbol.asyncDispose]()
    },
  }
}
