/** The databases that the service's tests run on: an SQLite file, and an embedded PostgreSQL. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type StorageSource, sqlite } from '@typestead/journal'
import { postgres } from '@typestead/journal/postgres'
import { startEmbedded } from '@typestead/store/embedded'

export interface Place {
  readonly kind: 'sqlite' | 'postgres'
  readonly source: () => StorageSource
  /** What another process needs to open it: a path, or a URL and a schema. */
  readonly address: string
}

export interface Places extends AsyncDisposable {
  fresh(): Promise<Place>
}

export function sourceOf(kind: string, address: string): StorageSource {
  if (kind === 'sqlite') return sqlite(address)
  const [url = '', schema = ''] = address.split('#')
  return postgres(url, { schema })
}

async function sqlitePlaces(): Promise<Places> {
  const folder = await mkdtemp(join(tmpdir(), 'typestead-bot-'))
  let count = 0
  return {
    async fresh() {
      const address = join(folder, `${++count}.db`)
      return { kind: 'sqlite', address, source: () => sourceOf('sqlite', address) }
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

async function postgresPlaces(): Promise<Places> {
  const folder = await mkdtemp(join(tmpdir(), 'typestead-bot-'))
  const server = await startEmbedded({ data: folder })
  const { host, port, user } = server
  let count = 0
  return {
    async fresh() {
      // A schema for each: one database is enough.
      const address = `postgres://${user}@/postgres?host=${encodeURIComponent(host)}&port=${port}#bots${++count}`
      return { kind: 'postgres', address, source: () => sourceOf('postgres', address) }
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

export const databases = [
  { name: 'SQLite', places: sqlitePlaces },
  { name: 'PostgreSQL', places: postgresPlaces },
] as const

/** Resolves once the condition holds; the test's own time limit ends it. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5))
}
