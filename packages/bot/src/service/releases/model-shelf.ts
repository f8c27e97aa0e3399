/**
 * Compiled models by hash: kept once in the database, read once and held while they are used. At most `capacity` are held, the
 * one that was not used for longest goes. What a hash names never changes, so nothing here is ever stale.
 */
import type { Journal, SqlRunner } from '@typestead/journal'
import { BotError } from '../../bot-error.ts'
import type { BotModel } from '../../model/bot-model.ts'

const capacity = 64

export class ModelShelf {
  readonly #journal: Journal
  readonly #held = new Map<string, Promise<BotModel>>()

  constructor(journal: Journal) {
    this.#journal = journal
  }

  /** @throws {BotError} NOT_FOUND */
  get(hash: string): Promise<BotModel> {
    const held = this.#held.get(hash)
    this.#held.delete(hash)
    const model = held ?? this.#read(hash)
    this.#held.set(hash, model)
    if (held === undefined) {
      model.catch(() => this.#held.delete(hash))
      for (const oldest of this.#held.keys()) {
        if (this.#held.size <= capacity) break
        this.#held.delete(oldest)
      }
    }
    return model
  }

  async keep(tx: SqlRunner, model: BotModel, now: number): Promise<void> {
    await tx.run({
      text: `insert into ${this.#table} (hash, model, created) values ($1, $2, $3) on conflict (hash) do nothing`,
      values: [model.hash, JSON.stringify(model), now],
    })
  }

  get #table(): string {
    return this.#journal.database.dialect.table('bot_model')
  }

  async #read(hash: string): Promise<BotModel> {
    const [row] = await this.#journal.database.read({
      text: `select model from ${this.#table} where hash = $1`,
      values: [hash],
    })
    if (row === undefined) {
      throw new BotError('NOT_FOUND', `the model ${hash} is not kept any more; build the bot again`)
    }
    // Written by `keep`, of a checked model.
    return JSON.parse(String(row[0])) as BotModel
  }
}
