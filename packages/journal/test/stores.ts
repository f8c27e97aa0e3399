/** The places in which the behavioural suite runs: an SQLite file, and a PostgreSQL server of its own. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbedded } from '@typestead/store/embedded'
import pg from 'pg'
import { postgresData } from '../../../scripts/tools.ts'
import { type StorageSource, sqlite } from '../src/index.ts'
import { postgres } from '../src/postgres.ts'

/** A database of its own for a test; several journals may be opened on one. */
export interface Place {
  readonly kind: 'sqlite' | 'postgres'
  readonly source: () => StorageSource
  /** What another process needs to open it: a path or a URL. */
  readonly address: string
}

export interface Places extends AsyncDisposable {
  fresh(): Promise<Place>
}

export async function sqlitePlaces(): Promise<Places> {
  const folder = await mkdtemp(join(tmpdir(), 'typestead-journal-'))
  let count = 0
  return {
    async fresh() {
      const address = join(folder, `${++count}.db`)
      return { kind: 'sqlite', address, source: () => sqlite(address) }
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

export async function postgresPlaces(): Promise<Places> {
  const folder = await postgresData('typestead-journal-')
  const server = await startEmbedded({ data: folder })
  const { host, port, user } = server
  let count = 0
  return {
    async fresh() {
      const name = `journal${++count}`
      const admin = new pg.Client({ host, port, user, database: 'postgres' })
      await admin.connect()
      await admin.query(`create database ${name}`)
      await admin.end()
      const address = `postgres://${user}@/${name}?host=${encodeURIComponent(host)}&port=${port}`
      return { kind: 'postgres', address, source: () => postgres(address) }
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export const stores = [
  { name: 'SQLite', places: sqlitePlaces },
  { name: 'PostgreSQL', places: postgresPlaces },
] as const

/** Resolves once the condition holds; the test's own time limit ends it. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5))
}

/** A promise with its ends outside. */
export function gate<T = void>(): { promise: Promise<T>; open: (value: T) => void } {
  const { promise, resolve } = Promise.withResolvers<T>()
  return { promise, open: resolve }
}
