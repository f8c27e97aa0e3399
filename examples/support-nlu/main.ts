/** `node main.ts`: trains on nlu.json, prints how the article's sentences are understood, and serves the model on port 5000 (PORT). */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serveNlu } from '@typestead/nlu'
import { sentences, summary, supportModel } from './understand.ts'

const model = await supportModel()
for (const sentence of sentences) console.log(summary(await model.parse(sentence)))

const models = await mkdtemp(join(tmpdir(), 'support-nlu-'))
await model.save(join(models, 'support.nlu'))
const server = await serveNlu({ models, port: Number(process.env.PORT ?? 5000) })
console.log(`serving on ${server.url}: POST /parse {"q": "my phone is not turning on"}`)

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    await server.close()
    await rm(models, { recursive: true, force: true })
  })
}
