/** Makes sure that the application's database exists, and so that the server really answers. */
import { Client, DatabaseError, escapeIdentifier } from 'pg'
import { superuser } from './cluster.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'

export interface DatabaseAddress {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly password?: string | undefined
}

/**
 * Creates the database where it is missing; two processes may do so at once.
 * @returns the server's version, such as `18.4`
 * @throws pg's error when the server does not answer
 */
export async function ensureDatabase(address: DatabaseAddress): Promise<string> {
  try {
    return await versionOf(address)
  } catch (error) {
    if (!hasState(error, '3D000')) throw error
  }
  await createDatabase(address)
  return versionOf(address)
}

/**
 * @throws {EmbeddedPostgresError} EMBEDDED_BAD_OPTION for a name that PostgreSQL would cut or reserves
 */
export function checkDatabaseName(name: string): void {
  const length = Buffer.byteLength(name)
  const reserved = ['template0', 'template1'].includes(name)
  if (length > 0 && length <= 63 && !name.includes('\0') && !reserved) return
  throw new EmbeddedPostgresError(
    'EMBEDDED_BAD_OPTION',
    `database: a name of 1 to 63 bytes other than template0 and template1 is needed, got ${JSON.stringify(name)}`,
  )
}

async function versionOf(address: DatabaseAddress): Promise<string> {
  return withClient(address, async (client) => {
    const { rows } = await client.query<{ server_version: string }>('show server_version')
    return rows[0]?.server_version ?? ''
  })
}

async function createDatabase(address: DatabaseAddress): Promise<void> {
  await withClient({ ...address, database: 'postgres' }, async (client) => {
    try {
      await client.query(`create database ${escapeIdentifier(address.database)}`)
    } catch (error) {
      // 42P04 duplicate_database; a create at the same instant may also meet the index (23505).
      if (!hasState(error, '42P04') && !hasState(error, '23505')) throw error
    }
  })
}

async function withClient<T>(
  { host, port, database, password }: DatabaseAddress,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const client = new Client({
    host,
    port,
    database,
    user: superuser,
    password: password ?? '',
    ssl: false,
    application_name: 'typestead embedded',
    connectionTimeoutMillis: 30_000,
  })
  // A server that dies meanwhile also ends the query or the connect, which is where we report it.
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

function hasState(error: unknown, state: string): boolean {
  return error instanceof DatabaseError && error.code === state
}
