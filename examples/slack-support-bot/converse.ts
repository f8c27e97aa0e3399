/** A conversation with the bot on a pretended Slack. */
import { mkdtemp, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startPretendSlack } from './pretend-slack.ts'
import { startUnderstanding } from './understanding.ts'

export const sentences = ['hi', 'my phone is not turning on', 'yes', 'is the internet down?']

export async function converse(print: (line: string) => void): Promise<void> {
  await using slack = await startPretendSlack()
  await using understanding = await startUnderstanding(0)
  const store = await mkdtemp(join(tmpdir(), 'slack-support-bot-'))
  const signingSecret = 'of the pretended Slack'
  Object.assign(process.env, {
    SLACK_API_URL: slack.apiUrl,
    SLACK_SIGNING_SECRET: signingSecret,
    SLACK_BOT_TOKEN: 'xoxb-pretended',
    RASA_URI: understanding.url,
    BOT_STORE: store,
    PORT: '0',
  })
  const controller = createRequire(import.meta.url)('./bot.cjs')
  try {
    while (controller.port === undefined) await new Promise((resolve) => setTimeout(resolve, 5))
    const receive = `http://127.0.0.1:${controller.port}/slack/receive`
    for (const sentence of sentences) {
      print(`user: ${sentence}`)
      print(`bot:  ${await slack.say(receive, signingSecret, sentence)}`)
    }
  } finally {
    await controller.shutdown()
    await rm(store, { recursive: true, force: true })
  }
}
