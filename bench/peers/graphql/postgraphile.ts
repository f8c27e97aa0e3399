/** PostGraphile 5 with its Amber preset, simple lists and connections, conditions for tenant and hidden rows. */
import { createServer } from 'node:http'
import { postgraphile } from 'postgraphile'
import { makePgService } from 'postgraphile/adaptors/pg'
import { grafast } from 'postgraphile/grafast'
import { grafserv } from 'postgraphile/grafserv/node'
import { PostGraphileAmberPreset } from 'postgraphile/presets/amber'
import type { BenchMaker } from '../../measure.ts'
import { openRows } from './rows.ts'
import { askedOf, urlOf } from './serve.ts'

export const bench: BenchMaker = async (args) => {
  const { data, query, times, over } = askedOf(args)
  const rows = await openRows(data)
  const preset: GraphileConfig.Preset = {
    extends: [PostGraphileAmberPreset],
    // Conditions on columns without an index, as the other sides have them.
    disablePlugins: ['PgIndexBehaviorsPlugin'],
    pgServices: [makePgService({ pool: rows.pool, schemas: ['public'] })],
    grafserv: { graphqlPath: '/graphql', graphiql: false, watch: false },
    grafast: { explain: false },
    schema: { defaultBehavior: '+list +connection -insert -update -delete' },
  }
  const made = postgraphile(preset)
  if (over === 'process') {
    const { schema, resolvedPreset } = await made.getSchemaResult()
    return {
      operations: times,
      async run() {
        let text = ''
        for (let n = 0; n < times; n++) {
          text = JSON.stringify(
            await grafast({ schema, resolvedPreset, source: query, requestContext: {} }),
          )
        }
        return JSON.parse(text)
      },
      async [Symbol.asyncDispose]() {
        await made.release()
        await rows[Symbol.asyncDispose]()
      },
    }
  }
  const server = createServer()
  await made.createServ(grafserv).addTo(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    url: urlOf(port, query),
    async [Symbol.asyncDispose]() {
      server.close()
      await made.release()
      await rows[Symbol.asyncDispose]()
    },
  }
}
