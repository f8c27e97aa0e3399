/**
 * A process of the kill tests. It loads everything and waits: a line of JSON on its input begins it, and from `ready <url>` on it
 * serves the bot on every messenger and on Lex's HTTP API until it is killed.
 */
import { appendFileSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import { flushCompileCache } from 'node:module'
import type { AddressInfo } from 'node:net'
import { createInterface } from 'node:readline'
import { getRequestListener } from '@hono/node-server'
import '@slack/web-api'
import { type Journal, openJournal } from '@typestead/journal'
import type { Adapter } from '../../src/adapters/adapter.ts'
import { messenger } from '../../src/adapters/messenger/messenger.ts'
import { slack } from '../../src/adapters/slack/slack.ts'
import { twilioSms } from '../../src/adapters/twilio-sms/twilio-sms.ts'
import { JournalMailbox } from '../../src/adapters/web-chat/journal-mailbox.ts'
import { webChat } from '../../src/adapters/web-chat/web-chat.ts'
import type { HookRunner } from '../../src/hooks/hook-contract.ts'
import type { TransactionHost } from '../../src/hooks/turn.ts'
import { lexApi } from '../../src/lex/lex-api.ts'
import { openBots } from '../../src/service/open-bots.ts'
import { countingHooks } from '../counting-bot.ts'
import { sourceOf } from '../databases.ts'
import { accountSid } from '../fakes/twilio.ts'
import { understander } from './bot.ts'

export interface WorkerOptions {
  readonly kind: string
  readonly address: string
  readonly processTtl: number
  readonly slackUrl: string
  readonly twilioUrl: string
  readonly messengerUrl: string
  /** Where each call of a hook is written: `<id> <text>`. */
  readonly calls: string
}

const onError = (error: unknown) =>
  writeSync(2, `${error instanceof Error ? error.stack : error}\n`)

function hooksOf(journal: Journal, calls: string): HookRunner {
  const counts = countingHooks((call) => appendFileSync(calls, `${call.id} ${call.text}\n`))
  const orders = journal.database.dialect.table('kill_order')
  return {
    run(call, signal, during) {
      if (call.text.startsWith('order')) {
        during?.inTransaction?.({
          // The service knows it as its own.
          db: journal as TransactionHost<unknown>,
          run: (tx) =>
            // The journal's transactions are runners.
            (tx as Parameters<Parameters<Journal['transaction']>[0]>[0]).run({
              text: `insert into ${orders} (who, word) values ($1, $2)`,
              values: [call.user, call.text],
            }),
        })
      }
      return counts.run(call, signal, during)
    },
  }
}

async function serve(options: WorkerOptions): Promise<string> {
  const { kind, address, processTtl, slackUrl, twilioUrl, messengerUrl, calls } = options
  const journal = await openJournal(sourceOf(kind, address), {
    processTtl,
    poll: 100,
    onError,
  })
  const bots = await openBots({
    journal,
    understander,
    hooks: hooksOf(journal, calls),
    onError,
    retry: { deliver: 1_000, turn: 1_000, first: 5, longest: 50 },
  })
  const adapters = [
    slack({ signingSecret: 's', token: 'xoxb-1', apiUrl: slackUrl, onError }),
    twilioSms({ accountSid, authToken: 'a', apiUrl: twilioUrl, onError }),
    messenger({
      appSecret: 'a',
      verifyToken: 'v',
      // By it the far side tells who sent.
      pageToken: `page-${process.pid}`,
      apiUrl: messengerUrl,
      onError,
    }),
    webChat({
      secret: 'w',
      mailbox: new JournalMailbox(journal, { poll: 50 }),
      limits: { burst: 1_000, perSecond: 1_000 },
      onError,
    }),
  ]
  for (const adapter of adapters) bots.connect(adapter, { bot: 'Counter', alias: 'prod' })
  const routes: Adapter['routes'] = Object.assign({}, ...adapters.map((one) => one.routes))
  const upgrades: Adapter['upgrades'] = Object.assign({}, ...adapters.map((one) => one.upgrades))
  const lex = lexApi(bots, { basePath: '/lex', onError })
  const server = createServer(
    getRequestListener((request) => (routes[new URL(request.url).pathname] ?? lex)(request)),
  )
  server.on('upgrade', (incoming, socket, head) => {
    const upgrade = upgrades?.[incoming.url ?? '']
    if (upgrade === undefined) socket.destroy()
    else upgrade(incoming, socket, head)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // It listens on TCP.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

// It will be killed, so it never comes to that by itself.
flushCompileCache()
const input = createInterface(process.stdin)
input.once('line', async (line) => {
  // Written by `Processes`.
  const url = await serve(JSON.parse(line) as WorkerOptions)
  writeSync(1, `ready ${url}\n`)
})
// The test is over, or was itself killed.
input.once('close', () => process.exit())
