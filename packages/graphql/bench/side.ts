/** Our sides: the API in process or behind @hono/node-server, and plain pg sending the very statement that the API sends. */
import { embedded, open } from '@typestead/store'
import type { PostgresBackend, Statement } from '@typestead/store/sql'
import type { BenchMaker } from '../../../bench/measure.ts'
import {
  answerer,
  askedOf,
  type Handler,
  requestOf,
  variablesAt,
} from '../../../bench/peers/graphql/serve.ts'

import { blogApi, model } from './blog.ts'

export const bench: BenchMaker = async (args) => {
  const asked = askedOf(args)
  const db = await open(model, embedded({ data: asked.data }))
  const api = blogApi(db)
  await api.handler(requestOf(asked.query, variablesAt(asked.changing, 0)))
  const kind = api.plans().at(-1)?.kind
  if (kind !== asked.plan) throw new Error(`the plan is ${kind}, not ${asked.plan}`)
  return answerer(asked, api.handler, () => db[Symbol.asyncDispose]())
}

/** The statement is taken from the API, then sent by a pool of pg with nothing around it. */
export const sameSql: BenchMaker = async (args) => {
  const asked = askedOf(args)
  const db = await open(model, embedded({ data: asked.data }))
  const { connections } = db.backend as PostgresBackend
  const run = connections.run
  let statement: Statement | undefined
  connections.run = (one) => {
    statement = one
    return run(one)
  }
  await blogApi(db).handler(requestOf(asked.query))
  const { text, values } = statement as Statement
  const handler: Handler = async (request) => {
    const { query } = (await request.json()) as { query: string }
    if (query !== asked.query) return new Response('', { status: 400 })
    const { rows } = await connections.pool.query({
      text,
      values: values as (string | null)[],
      rowMode: 'array',
      name: 'same',
    })
    return new Response((rows as string[][])[0]?.[0], {
      headers: { 'content-type': 'application/json; charset=utf-8' },
    })
  }
  return answerer(asked, handler, () => db[Symbol.asyncDispose]())
}
