/** The server that the bench file started, as a URL of a database of a side's own. */
import { startEmbedded } from '@typestead/store/embedded'
import pg from 'pg'

export interface Database extends AsyncDisposable {
  readonly url: string
}

export async function freshDatabase(data: string, name: string): Promise<Database> {
  const server = await startEmbedded({ data })
  const { host, port, user } = server
  const admin = new pg.Client({ host, port, user, database: 'postgres' })
  await admin.connect()
  await admin.query(`drop database if exists ${name}`)
  await admin.query(`create database ${name}`)
  await admin.end()
  return {
    url: `postgres://${user}@localhost/${name}?host=${encodeURIComponent(host)}&port=${port}`,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}
