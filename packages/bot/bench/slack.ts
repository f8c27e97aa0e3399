/**
 * Our side of Slack's pipeline: verify, know repeats, session, turn, reply in the outbox, all durable in SQLite at FULL; the reply's
 * delivery ends where the Web API would be called. And the same without a bot: what HTTP, signature and JSON alone cost.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { Agent, createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { openJournal, sqlite } from '@typestead/journal'
import type { BenchMaker, Loaded } from '../../../bench/measure.ts'
import type { Adapter } from '../src/adapters/adapter.ts'
import { slack } from '../src/adapters/slack/slack.ts'
import { signSlackRequest } from '../src/adapters/slack/slack-signature.ts'
import { openBots } from '../src/service/open-bots.ts'
import { anythingCounts, counting, countingHooks } from '../test/counting-bot.ts'

const signingSecret = 'secret'
const connections = 16
const messages = 320

export const bench: BenchMaker = async (args) => {
  const folder = await mkdtemp(join(tmpdir(), 'typestead-bench-bot-'))
  const journal = await openJournal(sqlite(join(folder, 'bots.db')))
  const bots = await openBots({
    journal,
    understander: anythingCounts,
    hooks: countingHooks(),
    concurrency: 64,
  })
  await bots.build(counting)
  await bots.publish('Counter', { alias: 'prod' })
  let queued = 0
  // With Slack's address the reply is posted as well.
  const posts = typeof args === 'string'
  const inner = slack({ signingSecret, token: 'xoxb-1', ...(posts ? { apiUrl: args } : {}) })
  const adapter: Adapter = {
    ...inner,
    async deliver(message, attempt, signal) {
      if (posts) await inner.deliver(message, attempt, signal)
      queued++
    },
  }
  bots.connect(adapter, { bot: 'Counter', alias: 'prod' })
  return serve(
    adapter,
    () => queued,
    async () => {
      await bots.close()
      await journal.close()
      await rm(folder, { recursive: true })
    },
  )
}

/** The adapter alone: messages are counted, nothing is kept. */
export const adapterAlone: BenchMaker = () => {
  let queued = 0
  const adapter = slack({ signingSecret, token: 'xoxb-1' })
  adapter.attach({
    receive: async () => {
      queued++
      return 'accepted'
    },
  })
  return serve(
    adapter,
    () => queued,
    async () => {},
  )
}

async function serve(adapter: Adapter, queued: () => number, end: () => Promise<void>) {
  const listener = getRequestListener(async (request) => {
    const { pathname } = new URL(request.url)
    if (pathname === '/done') return new Response(String(queued()))
    return (await adapter.routes[pathname]?.(request)) ?? new Response(null, { status: 404 })
  })
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    // It listens on TCP.
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await end()
    },
  }
}

/** A Slack that takes every post, in the harness's process, which is not counted. */
export async function startSlack(): Promise<string> {
  const server = createServer((incoming, outgoing) => {
    incoming.resume().on('end', () => {
      outgoing.setHeader('content-type', 'application/json')
      outgoing.end('{"ok":true,"ts":"1.1","channel":"D1"}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  // It listens on TCP.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/`
}

let sent = 0

/** Signed events of as many people as there are connections; it ends when every reply is queued. */
export async function load(url: string): Promise<Loaded> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const before = Number(await send(agent, `${url}/done`))
  let next = 0
  let refused = 0
  const one = async (connection: number) => {
    while (next++ < messages) {
      const answer = await send(agent, `${url}/slack/receive`, event(connection))
      if (answer !== '') refused++
    }
  }
  await Promise.all(Array.from({ length: connections }, (_, connection) => one(connection)))
  while (Number(await send(agent, `${url}/done`)) - before < messages) {
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  agent.destroy()
  return { operations: messages, answer: { refused, replies: messages } }
}

function event(connection: number): string {
  const ts = `${1_700_000_000 + ++sent}.000100`
  return JSON.stringify({
    token: 'verification',
    team_id: 'T1',
    api_app_id: 'A1',
    event: {
      client_msg_id: `b1d1c5a0-0000-4000-8000-${String(sent).padStart(12, '0')}`,
      type: 'message',
      text: 'count on',
      user: `U${connection}`,
      ts,
      team: 'T1',
      blocks: [
        {
          type: 'rich_text',
          block_id: 'x',
          elements: [{ type: 'rich_text_section', elements: [{ type: 'text', text: 'count on' }] }],
        },
      ],
      channel: `D${connection}`,
      event_ts: ts,
      channel_type: 'im',
    },
    type: 'event_callback',
    event_id: `Ev${process.pid}-${sent}`,
    event_time: 1_700_000_000,
    authorizations: [
      {
        enterprise_id: null,
        team_id: 'T1',
        user_id: 'UBOT',
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: '4-x',
  })
}

function send(agent: Agent, url: string, body?: string): Promise<string> {
  const headers =
    body === undefined
      ? {}
      : {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          ...signSlackRequest(signingSecret, body, Date.now()),
        }
  return new Promise((resolve, reject) => {
    const method = body === undefined ? 'GET' : 'POST'
    const request = httpRequest(url, { agent, method, headers }, (response) => {
      let text = ''
      response.on('data', (part: Buffer) => {
        text += part
      })
      response.on('end', () =>
        resolve(response.statusCode === 200 ? text : `${response.statusCode}`),
      )
    })
    request.on('error', reject)
    request.end(body)
  })
}
