/** The server that the bench file started and filled, as `pg` is told of it. */
import { startEmbedded } from '@typestead/store/embedded'

export interface Server extends AsyncDisposable {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly database: string
}

export async function joinServer(data: string): Promise<Server> {
  const server = await startEmbedded({ data })
  const { host, port, user, database } = server
  return { host, port, user, database, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() }
}
