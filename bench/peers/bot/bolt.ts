/**
 * Bolt with its own HTTP receiver and one listener, which counts in memory: no session, nothing that survives. It replies in Bolt's
 * way, by `say`, or where there is no Slack puts the reply into an array.
 */
import { App, HTTPReceiver } from '@slack/bolt'
import type { BenchMaker } from '../../measure.ts'

export const bench: BenchMaker = async (args) => {
  const slackApiUrl = typeof args === 'string' ? args : undefined
  const queued: string[] = []
  const counts = new Map<string, number>()
  const receiver = new HTTPReceiver({
    signingSecret: 'secret',
    endpoints: ['/slack/receive'],
    port: 0,
    customRoutes: [
      {
        path: '/done',
        method: ['GET'],
        handler(_request, response) {
          response.end(String(queued.length))
        },
      },
    ],
  })
  const app = new App({
    receiver,
    tokenVerificationEnabled: false,
    ...(slackApiUrl === undefined ? {} : { clientOptions: { slackApiUrl } }),
    authorize: async () => ({ botToken: 'xoxb-1', botId: 'B1', botUserId: 'UBOT' }),
  })
  app.message(async ({ message, say }) => {
    if (message.subtype !== undefined) return
    const { channel } = message
    const n = (counts.get(channel) ?? 0) + 1
    counts.set(channel, n)
    const reply = `${n}:${message.text}`
    if (slackApiUrl !== undefined) await say(reply)
    queued.push(reply)
  })
  const server = await app.start(0)
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    async [Symbol.asyncDispose]() {
      await app.stop()
    },
  }
}
