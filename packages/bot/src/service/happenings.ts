/**
 * Who in this process watches what happens. Listeners are called at once and must not block; what they throw is reported and
 * does not touch the turn. Turns of other processes, and changes of bots there, are found in the database while somebody watches.
 */
import type { Journal } from '@typestead/journal'
import { selectSummaries, summaryOf } from './kept/conversation-summary.ts'
import type { ConversationSummary, Happening } from './service-contract.ts'

/** How far back each look goes: clocks of processes differ, and commits come late. */
const overlap = 5_000
/** Milliseconds between looks at most often. */
const lookEvery = 100
const mostAtOnce = 500

export class Happenings {
  readonly #journal: Journal
  readonly #now: () => number
  readonly #onError: (error: unknown) => void
  readonly #listeners = new Set<(happening: Happening) => void>()
  /** What was told already: `updatedAt` and `turns` by conversation, as far back as a look goes. */
  readonly #told = new Map<string, { readonly at: number; readonly turns: number }>()
  /** When each bot was changed last, as far as was told. Bots are few, so a look reads them all, and no clocks are compared. */
  readonly #bots = new Map<string, number>()
  /** Whether a look has read them since the watch began: what is older than it is not told. */
  #knowsBots = false
  #began = 0
  #since = 0
  #endListening: (() => void) | undefined
  #timer: NodeJS.Timeout | undefined
  #looking: Promise<void> | undefined

  constructor(journal: Journal, now: () => number, onError: (error: unknown) => void) {
    this.#journal = journal
    this.#now = now
    this.#onError = onError
  }

  watch(listener: (happening: Happening) => void): () => void {
    if (this.#listeners.size === 0) this.#begin()
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#end()
    }
  }

  tell(happening: Happening): void {
    if (this.#listeners.size === 0) return
    if (happening.type === 'turn') this.#remember(happening.conversation)
    for (const listener of [...this.#listeners]) {
      try {
        listener(happening)
      } catch (error) {
        this.#onError(error)
      }
    }
  }

  /** @param at the time that the bot's row has of the change */
  botChanged(bot: string, at: number): void {
    this.#bots.set(bot, Math.max(at, this.#bots.get(bot) ?? 0))
    this.tell({ type: 'bot', bot })
  }

  async close(): Promise<void> {
    this.#end()
    this.#listeners.clear()
    await this.#looking
  }

  #begin(): void {
    this.#began = this.#now()
    this.#since = this.#began
    // A look that was under way at the last end may have left something.
    this.#told.clear()
    this.#knowsBots = false
    const { database } = this.#journal
    // SQLite tells of any commit, PostgreSQL of those on this topic.
    this.#endListening = database.listen('bot', () => this.#lookSoon())
    // What bots there are is known from here on.
    this.#lookSoon()
  }

  #lookSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined
      this.#looking = this.#look().catch(this.#onError)
    }, lookEvery).unref()
  }

  #end(): void {
    this.#endListening?.()
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  async #look(): Promise<void> {
    await this.#lookAtTurns()
    await this.#lookAtBots()
  }

  async #lookAtBots(): Promise<void> {
    const { database } = this.#journal
    const rows = await database.read({
      text: `select bot, updated from ${database.dialect.table('bot_draft')} order by updated`,
      values: [],
    })
    for (const row of rows) {
      const bot = String(row[0])
      const at = Number(row[1])
      if ((this.#bots.get(bot) ?? 0) >= at) continue
      if (this.#knowsBots || at >= this.#began) this.botChanged(bot, at)
      else this.#bots.set(bot, at)
    }
    this.#knowsBots = true
  }

  async #lookAtTurns(): Promise<void> {
    const { database } = this.#journal
    const from = this.#since - overlap
    const rows = await database.read({
      text: `${selectSummaries(database.dialect)} where c.turns > 0 and c.updated >= $1 order by c.updated, c.id limit ${mostAtOnce}`,
      values: [from],
    })
    for (const row of rows) {
      const conversation = summaryOf(row)
      this.#since = Math.max(this.#since, conversation.updatedAt)
      const told = this.#told.get(conversation.id)
      if (conversation.updatedAt < this.#began) continue
      if (told && told.turns >= conversation.turns && told.at >= conversation.updatedAt) continue
      this.tell({ type: 'turn', conversation })
    }
    // More than one look takes: the next one begins where this one ended.
    if (rows.length === mostAtOnce) this.#since += overlap
    for (const [id, { at }] of this.#told) if (at < this.#since - overlap) this.#told.delete(id)
  }

  #remember({ id, turns, updatedAt }: ConversationSummary): void {
    this.#told.set(id, { at: updatedAt, turns })
  }
}
