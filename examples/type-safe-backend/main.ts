/** Opens the store, serves the API on http://127.0.0.1:4000 (`PORT`) and says so; SIGTERM and Ctrl+C end it cleanly. */
import { open } from '@typestead/store'
import { userApi } from './api.ts'
import { model, source } from './model.ts'
import { serve } from './serve.ts'

await using db = await open(model, source)
const { handler } = userApi(db)
await using server = await serve(handler, Number(process.env.PORT ?? 4000))
console.log(`Server ready at ${server.url}`)
await server.stopped
