/** The NLU server that the bot asks: trained from nlu.json when it starts, which takes a fraction of a second. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadTrainingData, serveNlu, train } from '@typestead/nlu'

export async function startUnderstanding(port: number) {
  const model = await train(
    await loadTrainingData([fileURLToPath(new URL('./nlu.json', import.meta.url))]),
  )
  const models = await mkdtemp(join(tmpdir(), 'slack-support-bot-'))
  await model.save(join(models, 'support.nlu'))
  const server = await serveNlu({ models, port })
  return {
    url: server.url,
    async [Symbol.asyncDispose]() {
      await server.close()
      await rm(models, { recursive: true, force: true })
    },
  }
}
