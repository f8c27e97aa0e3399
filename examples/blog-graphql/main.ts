/** Serves the blog on http://127.0.0.1:4000/api (`PORT`), and a page to try it at /api/graphiql. */
import { open } from '@typestead/store'
import { Hono } from 'hono'
import { blogApi } from './api.ts'
import { model, source } from './model.ts'
import { seedIfEmpty } from './seed.ts'
import { serve } from './serve.ts'

await using db = await open(model, source)
await seedIfEmpty(db)
const api = blogApi(db)
const app = new Hono()
  .all('/api', (context) => api.handler(context.req.raw))
  .get('/api/graphiql/*', (context) => api.graphiql(context.req.raw))
await using server = await serve(app.fetch, Number(process.env.PORT ?? 4000))
console.log(`GraphQL at ${server.url}/api, and a page to try it at ${server.url}/api/graphiql`)
await server.stopped
