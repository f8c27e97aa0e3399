/** Conversations read for people: the list in pages, a transcript with masked values, and a replay that compares every byte. */
import type { Journal } from '@typestead/journal'
import { BotError } from '../../bot-error.ts'
import type { DialogueEvent } from '../../dialogue/dialogue-event.ts'
import type { Effect, Reply, TurnFailure } from '../../dialogue/effect.ts'
import type { Session } from '../../dialogue/session.ts'
import type { ModelShelf } from '../releases/model-shelf.ts'
import type {
  ConversationFilter,
  ConversationPage,
  Transcript,
  TranscriptTurn,
} from '../service-contract.ts'
import { playAgain } from '../turns/turn-play.ts'
import { selectSummaries, summaryOf } from './conversation-summary.ts'
import { maskJson, secretsOf } from './masking.ts'

const mostOfPage = 200
/** Turns of a transcript: the newest of a longer conversation. */
const mostTurns = 1_000

interface LoggedTurn {
  readonly turn: string
  readonly at: number
  readonly version: string
  readonly hash: string
  readonly speaker: string
  readonly said: string
  readonly opened: string | null
  readonly events: string
  readonly effects: string
  readonly reply: string | null
  readonly failure: string | null
  readonly after: string
  readonly took: string
}

export class ConversationLog {
  readonly #journal: Journal
  readonly #shelf: ModelShelf

  constructor(journal: Journal, shelf: ModelShelf) {
    this.#journal = journal
    this.#shelf = shelf
  }

  /** The latest first. @throws {BotError} BAD_INPUT */
  async page(filter: ConversationFilter = {}): Promise<ConversationPage> {
    const { bot, channel, search, asksForPerson, limit = 50, after } = filter
    if (!Number.isInteger(limit) || limit < 1 || limit > mostOfPage)
      throw new BotError('BAD_INPUT', `limit must be a whole number from 1 to ${mostOfPage}`)
    const { database } = this.#journal
    const values: (string | number)[] = []
    const parameter = (value: string | number) => `$${values.push(value)}`
    const where = ['c.turns > 0']
    if (bot !== undefined) where.push(`c.bot = ${parameter(bot)}`)
    if (channel !== undefined) where.push(`c.channel = ${parameter(channel)}`)
    if (asksForPerson !== undefined)
      where.push(asksForPerson ? `c.person = ''` : `(c.person is null or c.person <> '')`)
    if (search !== undefined && search !== '') {
      const escaped = search
        .toLowerCase()
        .slice(0, 200)
        .replace(/[\\%_]/g, '\\$&')
      where.push(`c.search like ${parameter(`%${escaped}%`)} escape '\\'`)
    }
    if (after !== undefined) {
      const { updated, id } = parseCursor(after)
      const at = `${parameter(updated)}::bigint`
      where.push(`(c.updated < ${at} or (c.updated = ${at} and c.id < ${parameter(id)}))`)
    }
    const rows = await database.read({
      text: `${selectSummaries(database.dialect)} where ${where.join(' and ')} order by c.updated desc, c.id desc limit ${limit + 1}`,
      values,
    })
    const conversations = rows.slice(0, limit).map(summaryOf)
    const last = conversations.at(-1)
    const next = rows.length > limit && last ? cursorOf(last.updatedAt, last.id) : null
    return { conversations, next }
  }

  /** @throws {BotError} NOT_FOUND */
  async transcript(id: string): Promise<Transcript> {
    const { database } = this.#journal
    const [row] = await database.read({
      text: `${selectSummaries(database.dialect)} where c.id = $1 and c.turns > 0`,
      values: [id],
    })
    if (row === undefined) throw new BotError('NOT_FOUND', `there is no conversation "${id}"`)
    const logged = await this.#turns(id)
    const turns: TranscriptTurn[] = []
    const secrets = new Set<string>()
    let before: Session | null = null
    let session: Session | null = null
    for (const one of logged) {
      session = JSON.parse(one.after) as Session
      const model = await this.#shelf.get(one.hash)
      for (const secret of secretsOf(model, [before, session], { before, text: one.said }))
        secrets.add(secret)
      turns.push(transcriptTurn(one))
      before = session
    }
    const hidden = [...secrets].sort((a, b) => b.length - a.length)
    return {
      conversation: summaryOf(row),
      turns: maskJson(turns, hidden),
      session: await this.#session(id).then((one) => maskJson(one, hidden)),
    }
  }

  /** @throws {BotError} NOT_FOUND, CONFLICT */
  async replay(id: string): Promise<{ readonly turns: number }> {
    const logged = await this.#turns(id)
    if (logged.length === 0)
      throw new BotError('NOT_FOUND', `there is no log of a conversation "${id}"`)
    let session: string | undefined
    let turns = 0
    for (const one of logged) {
      session = one.opened ?? session
      // The log's beginning was removed by its retention: what it went on from is not known.
      if (session === undefined) {
        session = one.after
        continue
      }
      const begun = JSON.parse(session) as Session
      const locale = (await this.#shelf.get(one.hash)).locales[begun.locale]
      if (locale === undefined)
        throw new BotError('NOT_FOUND', `the bot has no locale ${begun.locale} any more`)
      const play = playAgain(locale, begun, JSON.parse(one.events) as DialogueEvent[])
      const differs = [
        ['session', JSON.stringify(play.session), one.after],
        ['effects', JSON.stringify(play.effects), one.effects],
        ['reply', textOrNull(play.reply), one.reply],
        ['failure', textOrNull(play.failure), one.failure],
      ].find(([, now, then]) => now !== then)
      if (differs) {
        throw new BotError(
          'CONFLICT',
          `turn ${one.turn} (number ${turns + 1} of the replay) gives another ${differs[0]} than it did: the rules or the code have changed since`,
        )
      }
      session = one.after
      turns++
    }
    return { turns }
  }

  async #session(id: string): Promise<Session | null> {
    const { database } = this.#journal
    const [row] = await database.read({
      text: `select s.after from ${database.dialect.table('bot_conversation')} c join ${database.dialect.table('bot_turn')} s
on s.conversation = c.id and s.n = c.session_n where c.id = $1`,
      values: [id],
    })
    return row === undefined ? null : (JSON.parse(String(row[0])) as Session)
  }

  async #turns(id: string): Promise<LoggedTurn[]> {
    const { database } = this.#journal
    const rows = await database.read({
      text: `select turn, at, version, hash, speaker, said, opened, events, effects, reply, failure, after, took
from ${database.dialect.table('bot_turn')} where conversation = $1 order by n desc limit ${mostTurns}`,
      values: [id],
    })
    return rows.map(loggedTurn).reverse()
  }
}

function loggedTurn(row: readonly unknown[]): LoggedTurn {
  const [
    turn,
    at,
    version,
    hash,
    speaker,
    said,
    opened,
    events,
    effects,
    reply,
    failure,
    after,
    took,
  ] = row
  const text = (cell: unknown) => (cell === null ? null : String(cell))
  return {
    turn: String(turn),
    at: Number(at),
    version: String(version),
    hash: String(hash),
    speaker: String(speaker),
    said: String(said),
    opened: text(opened),
    events: String(events),
    effects: String(effects),
    reply: text(reply),
    failure: text(failure),
    after: String(after),
    took: String(took),
  }
}

/** The JSON was written by a commit, of these types. */
function transcriptTurn(one: LoggedTurn): TranscriptTurn {
  return {
    turn: one.turn,
    at: one.at,
    version: one.version,
    text: one.said,
    reply: one.reply === null ? null : (JSON.parse(one.reply) as Reply),
    failure: one.failure === null ? null : (JSON.parse(one.failure) as TurnFailure),
    events: JSON.parse(one.events) as DialogueEvent[],
    effects: JSON.parse(one.effects) as Effect[],
    took: JSON.parse(one.took) as TranscriptTurn['took'],
    from: one.speaker === 'person' ? 'person' : 'user',
  }
}

function textOrNull(value: unknown): string | null {
  return value === null ? null : JSON.stringify(value)
}

function cursorOf(updated: number, id: string): string {
  return Buffer.from(JSON.stringify([updated, id])).toString('base64url')
}

function parseCursor(cursor: string): { readonly updated: number; readonly id: string } {
  try {
    const [updated, id]: unknown[] = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (typeof updated === 'number' && typeof id === 'string') return { updated, id }
  } catch {
    // Not one of ours, as below.
  }
  throw new BotError('BAD_INPUT', '`after` must be the `next` of a page before')
}
