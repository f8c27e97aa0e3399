/** What is removed when its time is over: seen ids, logged turns, conversations without them, models that nothing names. */
import type { Journal } from '@typestead/journal'

/** Rows of one statement at most: none holds locks for long. */
const chunk = 1_000
const every = 600_000

export interface Retention {
  /** Milliseconds for which ids of messages are known: as long as far sides repeat them. */
  readonly seenIds: number
  /** Milliseconds for which turns are logged; repeats of older requests are not told. */
  readonly turns: number
}

export class RetentionSweep {
  readonly #journal: Journal
  readonly #retention: Retention
  readonly #onError: (error: unknown) => void
  readonly #timer: NodeJS.Timeout
  #sweeping: Promise<void> | undefined

  constructor(journal: Journal, retention: Retention, onError: (error: unknown) => void) {
    this.#journal = journal
    this.#retention = retention
    this.#onError = onError
    this.#timer = setInterval(() => {
      this.#sweeping = this.sweep().catch(this.#onError)
    }, every).unref()
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#sweeping
  }

  async sweep(): Promise<void> {
    const { dialect } = this.#journal.database
    const table = (name: string) => dialect.table(`bot_${name}`)
    await this.#inChunks(
      `delete from ${table('seen')} where id ${dialect.within(`select id from ${table('seen')} where at <= ${dialect.now} - $2::bigint order by at limit ${chunk}`)} returning id`,
      this.#retention.seenIds,
    )
    // Turns stand in the order in which they were kept, so the oldest are the first.
    const turn = table('turn')
    await this.#inChunks(
      `delete from ${turn} where seq ${dialect.within(`select seq from ${turn} order by seq limit ${chunk}`)}
and at <= ${dialect.now} - $2::bigint returning n`,
      this.#retention.turns,
    )
    await this.#inChunks(
      `delete from ${table('conversation')} where id ${dialect.within(`select c.id from ${table('conversation')} c where c.updated <= ${dialect.now} - $2::bigint
and not exists (select 1 from ${turn} t where t.conversation = c.id) order by c.updated limit ${chunk}`)} returning id`,
      this.#retention.turns,
    )
    await this.#journal.transaction((tx) =>
      tx.run({
        text: `delete from ${table('model')} where created <= ${dialect.now} - $2::bigint
and not exists (select 1 from ${table('draft')} d where d.hash = ${table('model')}.hash)
and not exists (select 1 from ${table('version')} v where v.hash = ${table('model')}.hash)
and not exists (select 1 from ${turn} t where t.hash = ${table('model')}.hash)`,
        values: [this.#journal.database.time(), this.#retention.turns],
      }),
    )
  }

  async #inChunks(text: string, age: number): Promise<void> {
    const values = [this.#journal.database.time(), age]
    for (;;) {
      const rows = await this.#journal.transaction((tx) => tx.run({ text, values }))
      if (rows.length < chunk) return
    }
  }
}
