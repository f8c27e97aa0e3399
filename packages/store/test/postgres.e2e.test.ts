/** The store's behaviour on a PostgreSQL server of its own. */
import { postgres } from '@typestead/store'
import { startTestServer } from '../src/postgres/server.testing.ts'
import { storeBehaves } from './behaviour.ts'

storeBehaves('the PostgreSQL store', async () => {
  const server = await startTestServer()
  return {
    fresh: async () => postgres(await server.freshUrl()),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
})
