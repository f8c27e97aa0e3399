/** Our Lex endpoint: signed PostText requests answered by the dialogue step, sessions in memory as the peers have theirs; and the same on the durable service. */
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getRequestListener } from '@hono/node-server'
import { sqlite } from '@typestead/journal'
import type { Bench, BenchMaker } from '../../../bench/measure.ts'
import { newSession } from '../src/dialogue/new-session.ts'
import type { Session } from '../src/dialogue/session.ts'
import { step } from '../src/dialogue/step.ts'
import { acceptHttp2 } from '../src/lex/accept-http2.ts'
import { lexApi } from '../src/lex/lex-api.ts'
import type { LexService } from '../src/lex/lex-context.ts'
import { compileBot } from '../src/model/compile-bot.ts'
import type { BotDefinition } from '../src/model/define-bot.ts'
import { openBots } from '../src/service/open-bots.ts'
import type { Understanding } from '../src/understanding/understanding.ts'
import { credentials } from './lex-load.ts'

const definition: BotDefinition = {
  name: 'PurchaseBook',
  slotTypes: { BookType: { values: ['fiction', 'fantasy'], resolve: 'top' } },
  intents: {
    OrderBook: {
      utterances: ['order a book'],
      slots: { bookType: { type: 'BookType', prompt: ['What type of book?'] } },
      fulfil: 'return',
    },
  },
}

const understood: Understanding = {
  intents: [{ name: 'OrderBook', confidence: 1 }],
  entities: [],
  source: 'given',
  degraded: null,
}

/** Sessions that are kept; older ones are forgotten. */
const kept = 5_000

export const bench: BenchMaker = () => serve(inMemory())

export const durable: BenchMaker = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'typestead-bench-lex-'))
  const bots = await openBots({
    journal: sqlite(join(folder, 'bots.db')),
    understander: { understand: async () => understood },
    hooks: { run: async () => ({ ok: false, error: { code: 'MISSING', message: 'no hooks' } }) },
  })
  await bots.build(definition)
  await bots.publish('PurchaseBook', { alias: 'prod' })
  const served = await serve(bots)
  return {
    ...served,
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]?.()
      await bots.close()
      await rm(folder, { recursive: true })
    },
  }
}

async function serve(service: LexService): Promise<Bench> {
  const server = createServer(getRequestListener(lexApi(service, { credentials })))
  acceptHttp2(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on TCP has an address of this form.
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function inMemory(): LexService {
  const { model } = compileBot(definition)
  const locale = model.locales.en_US
  if (locale === undefined) throw new Error('the bot speaks English')
  const sessions = new Map<string, Session>()
  const refuse = () => Promise.reject(new Error('not part of this bench'))
  return {
    async turn({ user, alias, text, requestId = '', requestAttributes = {} }) {
      const now = Date.now()
      const before =
        sessions.get(user) ??
        newSession({ bot: model, version: '1', alias, locale: locale.locale, user, now })
      const { session, reply, failure } = step(locale, before, {
        type: 'said',
        now,
        seed: 1,
        turn: requestId,
        text,
        understanding: understood,
        requestAttributes,
      })
      sessions.set(user, session)
      if (sessions.size > kept) sessions.delete(sessions.keys().next().value as string)
      return { turn: requestId, session, reply, failure }
    },
    model: async () => ({ model, version: '1' }),
    session: refuse,
    putSession: refuse,
    deleteSession: refuse,
  }
}
