/** SQLite at synchronous FULL: turns of many conversations by the service's group commit, and the same turns with a commit each. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { openJournal, sqlite } from '@typestead/journal'
import type { BenchMaker } from '../../../bench/measure.ts'
import { newSession } from '../src/dialogue/new-session.ts'
import type { Session } from '../src/dialogue/session.ts'
import { step } from '../src/dialogue/step.ts'
import { compileBot } from '../src/model/compile-bot.ts'
import type { BotDefinition } from '../src/model/define-bot.ts'
import { openBots } from '../src/service/open-bots.ts'
import type { Understander, Understanding } from '../src/understanding/understanding.ts'

const grouped = 2_000
const single = 100

const definition: BotDefinition = {
  name: 'PurchaseBook',
  intents: {
    OrderBook: {
      utterances: ['order a book'],
      slots: {
        bookType: {
          type: 'AMAZON.AlphaNumeric',
          prompt: ['What type of book?'],
          retries: ['Which type?'],
        },
      },
      fulfil: 'return',
    },
  },
  clarification: { prompt: ['Sorry?'] },
  abort: ['Goodbye.'],
}

const understood: Understanding = {
  intents: [{ name: 'OrderBook', confidence: 1 }],
  entities: [],
  source: 'given',
  degraded: null,
}
const understander: Understander = { understand: async () => understood }
const hooks = {
  run: async () => ({ ok: false, error: { code: 'MISSING', message: 'no hooks' } }) as const,
}

export const bench: BenchMaker = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'typestead-bench-bot-'))
  const journal = await openJournal(sqlite(join(folder, 'bots.db')))
  const bots = await openBots({ journal, understander, hooks })
  await bots.build(definition)
  await bots.publish('PurchaseBook', { alias: 'prod' })
  return {
    operations: grouped,
    async run() {
      const turns = Array.from({ length: grouped }, (_, n) =>
        bots.turn({
          bot: 'PurchaseBook',
          alias: 'prod',
          user: `user${n % 1_000}`,
          text: 'order a book',
        }),
      )
      const answers = await Promise.all(turns)
      return answers.every(({ reply }) => reply !== null) ? 'kept' : 'lost'
    },
    async [Symbol.asyncDispose]() {
      await bots.close()
      await journal.close()
      await rm(folder, { recursive: true })
    },
  }
}

/** The same tables, written by hand: a transaction for each turn's session and log. */
export const commitPerTurn: BenchMaker = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'typestead-bench-bot-'))
  const path = join(folder, 'bots.db')
  const journal = await openJournal(sqlite(path))
  await (await openBots({ journal, understander, hooks })).close()
  await journal.close()
  const { model } = compileBot(definition)
  const locale = model.locales.en_US
  if (locale === undefined) throw new Error('the bot speaks English')
  const database = new DatabaseSync(path)
  database.exec('pragma synchronous = full')
  const load = database.prepare(
    'select s.after as session from journal_bot_conversation c join journal_bot_turn s on s.conversation = c.id and s.n = c.session_n where c.id = ?',
  )
  const begin = database.prepare('begin immediate')
  const end = database.prepare('commit')
  const keep =
    database.prepare(`insert into journal_bot_conversation (id, bot, alias, who, channel, session_n, revision, turns,
last_text, last_reply, dialog_state, search, started, updated) values (?, 'PurchaseBook', 'prod', ?, 'lex', ?, 1, 1, ?, ?, ?, '', 0, 0)
on conflict (id) do update set session_n = excluded.session_n, revision = revision + 1, turns = turns + 1`)
  const log =
    database.prepare(`insert into journal_bot_turn (conversation, n, turn, at, version, hash, speaker, said, events, effects,
reply, after, took) values (?, ?, ?, 0, '1', ?, 'user', ?, ?, ?, ?, ?, '{}')`)
  let n = 0
  return {
    operations: single,
    run() {
      for (let i = 0; i < single; i++) {
        const user = `user${n++ % 1_000}`
        const text = 'order a book'
        const row = load.get(user)
        const now = Date.now()
        const session: Session = row
          ? JSON.parse(String(row.session))
          : newSession({ bot: model, version: '1', alias: 'prod', locale: 'en_US', user, now })
        const event = {
          type: 'said',
          turn: `${n}`,
          text,
          understanding: understood,
          requestAttributes: {},
          now,
          seed: 0,
        } as const
        const result = step(locale, session, event)
        const after = JSON.stringify(result.session)
        begin.run()
        keep.run(user, user, n, text, '', result.session.dialogState)
        log.run(
          user,
          n,
          `${n}`,
          model.hash,
          text,
          JSON.stringify([event]),
          '[]',
          JSON.stringify(result.reply),
          after,
        )
        end.run()
      }
      return 'kept'
    },
    async [Symbol.asyncDispose]() {
      database.close()
      await rm(folder, { recursive: true })
    },
  }
}
