/** A Slack for those who have none: takes what the bot says over the Web API, and says things to the bot as Slack would, signed. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { signSlackRequest } from '@typestead/bot'

const answers: Readonly<Record<string, object>> = {
  '/api/auth.test': { ok: true, team_id: 'T1', team: 'Support', user_id: 'UBOT' },
  '/api/chat.postMessage': { ok: true, ts: '1.000000' },
}

export async function startPretendSlack() {
  const said: string[] = []
  let heard = () => {}
  const server = createServer(async (incoming, outgoing) => {
    const chunks: Buffer[] = []
    for await (const chunk of incoming) chunks.push(chunk)
    const form = new URLSearchParams(Buffer.concat(chunks).toString())
    if (incoming.url === '/api/chat.postMessage') said.push(form.get('text') ?? '')
    outgoing.setHeader('content-type', 'application/json')
    outgoing.end(JSON.stringify(answers[incoming.url ?? ''] ?? { ok: true, messages: [] }))
    heard()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // It listens on TCP.
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`
  let messages = 0
  return {
    apiUrl,
    /** Says something to the bot. @returns its answer */
    async say(receive: string, signingSecret: string, text: string): Promise<string> {
      const before = said.length
      const ts = `${1_700_000_000 + ++messages}.000100`
      const event = { type: 'message', channel: 'D1', channel_type: 'im', user: 'U1', text, ts }
      const body = JSON.stringify({
        type: 'event_callback',
        team_id: 'T1',
        event_id: `Ev${messages}`,
        authorizations: [{ team_id: 'T1', user_id: 'UBOT', is_bot: true }],
        event,
      })
      const headers = {
        'content-type': 'application/json',
        ...signSlackRequest(signingSecret, body, Date.now()),
      }
      const { status } = await fetch(receive, { method: 'POST', headers, body })
      if (status !== 200) throw new Error(`the bot answered ${status}`)
      while (said.length === before) {
        await new Promise<void>((resolve) => {
          heard = resolve
        })
      }
      return said.at(-1) ?? ''
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
