/** One bot on every messenger, each against a loopback stand-in of its far side: the contract, then each one's own. */

import { createHmac } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { PassThrough } from 'node:stream'
import { describe } from 'vitest'
import { WebSocket } from 'ws'
import { adapterContract, type FarSide } from '../../test/adapters/contract-suite.ts'
import { FakeServer } from '../../test/fakes/far-side.ts'
import { FakeMessenger, messagingEvent, signedMessenger } from '../../test/fakes/messenger.ts'
import { FakeSlack, signedSlack, slackEvent } from '../../test/fakes/slack.ts'
import { accountSid, FakeTwilio, signedTwilio } from '../../test/fakes/twilio.ts'
import type { Adapter } from './adapter.ts'
import { messenger } from './messenger/messenger.ts'
import { slack } from './slack/slack.ts'
import { webhook } from './template.ts'
import { terminal } from './terminal/terminal.ts'
import { twilioSms } from './twilio-sms/twilio-sms.ts'
import { webChat } from './web-chat/web-chat.ts'

const quiet = { onError: () => {} }

async function post(adapter: Adapter, request: Request): Promise<number> {
  const route = adapter.routes[new URL(request.url).pathname]
  return route === undefined ? 404 : (await route(request)).status
}

describe('Slack', () => {
  adapterContract(
    async (): Promise<FarSide> => {
      const fake = await FakeSlack.start()
      const adapter = slack({ signingSecret: 's', token: 'xoxb-1', apiUrl: fake.apiUrl, ...quiet })
      return {
        adapter,
        troubles: fake.server.troubles,
        say: (text, number) =>
          post(
            adapter,
            signedSlack(
              'http://app/slack/receive',
              's',
              slackEvent({ text: escaped(text), ts: `${1_700_000_000 + number}.000100` }),
            ),
          ),
        seen: async () =>
          fake.posted
            .filter(({ blocks }) => blocks === undefined)
            .map(({ text }) => readable(text)),
        [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose](),
      }
    },
    { tellsRepeats: true },
  )
})

describe('Twilio', () => {
  adapterContract(
    async (): Promise<FarSide> => {
      const fake = await FakeTwilio.start()
      const adapter = twilioSms({ accountSid, authToken: 'a', apiUrl: fake.server.url, ...quiet })
      return {
        adapter,
        troubles: fake.server.troubles,
        say: (text, number) =>
          post(adapter, signedTwilio('http://app/sms/inbound', 'a', { text, sid: `SM${number}` })),
        seen: async () =>
          fake.messages.map(({ body }) => body).filter((body) => !body.startsWith('Types')),
        [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose](),
      }
    },
    { tellsRepeats: true },
  )
})

describe('Messenger', () => {
  adapterContract(
    async (): Promise<FarSide> => {
      const fake = await FakeMessenger.start()
      const adapter = messenger({
        appSecret: 'a',
        verifyToken: 'v',
        pageToken: 'p',
        apiUrl: fake.server.url,
        ...quiet,
      })
      return {
        adapter,
        troubles: fake.server.troubles,
        say: (text, number) =>
          post(
            adapter,
            signedMessenger('http://app/messenger/webhook', 'a', [
              messagingEvent({ message: { mid: `m${number}`, text } }),
            ]),
          ),
        seen: async () =>
          fake.sent.flatMap(({ message }) =>
            typeof message.text === 'string' ? [message.text] : [],
          ),
        [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose](),
      }
    },
    { tellsRepeats: false },
  )
})

describe('the template', () => {
  adapterContract(
    async (): Promise<FarSide> => {
      const kept = new Map<string, string[]>()
      const fake = await FakeServer.start(
        ({ body }) => {
          const { id, texts } = JSON.parse(body)
          kept.set(id, texts)
          return { body: {} }
        },
        () => true,
      )
      const adapter = webhook({ secret: 's', deliverTo: fake.url, ...quiet })
      return {
        adapter,
        troubles: fake.troubles,
        say(text, number) {
          const body = JSON.stringify({
            id: `m${number}`,
            conversation: 'c',
            user: 'u',
            text,
            sentAt: Date.now(),
          })
          const signature = `sha256=${createHmac('sha256', 's').update(body).digest('hex')}`
          return post(
            adapter,
            new Request('http://app/webhook/messages', {
              method: 'POST',
              headers: { 'x-signature': signature },
              body,
            }),
          )
        },
        seen: async () => [...kept.values()].flat().filter((text) => !text.startsWith('Types')),
        [Symbol.asyncDispose]: () => fake[Symbol.asyncDispose](),
      }
    },
    { tellsRepeats: true },
  )
})

describe('terminal', () => {
  adapterContract(
    async (): Promise<FarSide> => {
      const input = new PassThrough()
      const output = new PassThrough()
      let printed = ''
      output.on('data', (chunk) => {
        printed += chunk
      })
      const adapter = terminal({ input, output })
      const running = adapter.run()
      let lines = 0
      return {
        adapter,
        async say(text) {
          const before = ++lines
          input.write(`${text}\n`)
          while ((printed.match(/^(\d+: |What type)/gm) ?? []).length < before) {
            await new Promise((resolve) => setTimeout(resolve, 5))
          }
          return 200
        },
        seen: async () => printed.split('\n').filter((line) => /^(\d+: |What type)/.test(line)),
        async [Symbol.asyncDispose]() {
          input.end()
          await running
        },
      }
    },
    { tellsRepeats: true, acknowledges: false, repeatsMessages: false },
  )
})

describe('web chat', () => {
  adapterContract(
    async (): Promise<FarSide> => {
      const adapter = webChat({ secret: 'w', ...quiet })
      const server = createServer()
      server.on('upgrade', (incoming, socket, head) =>
        adapter.upgrades?.['/chat/socket']?.(incoming, socket, head),
      )
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as AddressInfo
      const shown: string[] = []
      const answers = new Map<string, (status: number) => void>()
      const socket = await new Promise<WebSocket>((resolve) => {
        // The bot is attached right after this adapter was opened.
        setTimeout(
          () => resolve(new WebSocket(`ws://127.0.0.1:${port}/chat/socket`, 'typestead-chat.v1')),
          10,
        )
      })
      socket.on('message', (data) => {
        const frame = JSON.parse(String(data))
        if (frame.type === 'message') socket.send(JSON.stringify({ type: 'have', seq: frame.seq }))
        if (frame.type === 'message' && frame.from !== 'visitor') shown.push(...frame.texts)
        if (frame.type === 'kept') answers.get(frame.id)?.(200)
        if (frame.type === 'refused') answers.get(frame.id)?.(503)
      })
      const opened = once(socket, 'open').then(() =>
        socket.send(JSON.stringify({ type: 'hello', after: 0, epoch: '' })),
      )
      return {
        adapter,
        async say(text, number) {
          await opened
          return new Promise((resolve) => {
            const id = `message-${number}`
            const before = answers.get(id)
            answers.set(id, (status) => {
              if (before) {
                answers.set(id, before)
              }
              resolve(status)
            })
            socket.send(JSON.stringify({ type: 'say', id, text }))
          })
        },
        async seen() {
          await new Promise((resolve) => setTimeout(resolve, 20))
          return shown
        },
        async [Symbol.asyncDispose]() {
          socket.terminate()
          await adapter.close?.()
          await new Promise((resolve) => server.close(resolve))
        },
      }
    },
    { tellsRepeats: true },
  )
})

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

function readable(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&')
}
