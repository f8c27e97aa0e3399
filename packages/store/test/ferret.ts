/** A FerretDB server for a test file, with as many empty databases as it asks for. */
import { type MongoOptions, mongo } from '@typestead/store'
import { startFerretDB } from '../../../scripts/tools.ts'
import type { StoreServer } from './behaviour.ts'

export interface FerretServer extends StoreServer {
  freshUrl(): string
  /** Stops the server, and starts one over the same data on the same port. */
  stop(): Promise<void>
  restart(): Promise<void>
}

export async function startFerret(options: MongoOptions = {}): Promise<FerretServer> {
  const server = await startFerretDB()
  let databases = 0
  const freshUrl = () => `mongodb://${server.address}/test${++databases}`
  return {
    freshUrl,
    fresh: async () => mongo(freshUrl(), options),
    stop: server.stop,
    restart: server.restart,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}
