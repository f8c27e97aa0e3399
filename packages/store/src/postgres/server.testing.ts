/** A PostgreSQL server for a test file, with as many empty databases as it asks for. */
import { rm } from 'node:fs/promises'
import pg from 'pg'
import { postgresData } from '../../../../scripts/tools.ts'
import { type EmbeddedServer, startEmbedded } from '../embedded.ts'

export interface TestServer extends AsyncDisposable {
  readonly server: EmbeddedServer
  /** A URL of a database of its own. */
  freshUrl(): Promise<string>
  /** A plain connection to the database of a URL. */
  connect(url: string): Promise<pg.Client>
}

export async function startTestServer(settings: Record<string, string> = {}): Promise<TestServer> {
  const folder = await postgresData('typestead-store-')
  const server = await startEmbedded({ data: folder, settings })
  let databases = 0
  const connect = async (config: string | pg.ClientConfig) => {
    const client = new pg.Client(config)
    client.on('error', () => {})
    await client.connect()
    return client
  }
  const { host, port, user } = server
  return {
    server,
    connect,
    async freshUrl() {
      const name = `test${++databases}`
      const admin = await connect({ host, port, user, database: 'postgres' })
      await admin.query(`create database ${name}`)
      await admin.end()
      return `postgres://${user}@/${name}?host=${encodeURIComponent(host)}&port=${port}`
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
