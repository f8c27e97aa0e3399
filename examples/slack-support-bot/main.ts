/**
 * `node main.ts` with SLACK_SIGNING_SECRET and SLACK_BOT_TOKEN: the bot on port 3000 (PORT), its NLU server on port 5000. Without
 * them: a conversation with a pretended Slack, printed.
 */
import { createRequire } from 'node:module'
import { converse } from './converse.ts'
import { startUnderstanding } from './understanding.ts'

if (process.env.SLACK_SIGNING_SECRET && process.env.SLACK_BOT_TOKEN) {
  const understanding = await startUnderstanding(5_000)
  const controller = createRequire(import.meta.url)('./bot.cjs')
  console.log(`Slack's events go to http://localhost:${process.env.PORT ?? 3000}/slack/receive`)
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, async () => {
      await controller.shutdown()
      await understanding[Symbol.asyncDispose]()
    })
  }
} else {
  await converse((line) => console.log(line))
}
