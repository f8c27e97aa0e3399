/**
 * Rows of aliases, and of each the model that code released under it last: where an alias names another one, people have changed
 * it since.
 */
import type { Journal, SqlRunner } from '@typestead/journal'
import type { BotAlias } from '../service-contract.ts'
import { aliasOf, stale } from './version-rows.ts'

export interface PointedAlias {
  readonly bot: string
  readonly alias: string
  readonly version: string
  /** As the alias was read; undefined: whatever it is. */
  readonly checksum?: string | undefined
}

export class BotAliases {
  readonly #journal: Journal
  readonly #now: () => number

  constructor(journal: Journal, now: () => number) {
    this.#journal = journal
    this.#now = now
  }

  /** Of one bot, or of all. */
  async list(bot?: string): Promise<BotAlias[]> {
    const rows = await this.#journal.database.read({
      text: `${this.#select} where $1::text is null or a.bot = $1::text order by a.bot, a.alias`,
      values: [bot ?? null],
    })
    return rows.map(aliasOf)
  }

  /** @returns the alias, and whether it names another version now. @throws {BotError} CONFLICT when the checksum is stale */
  async point(
    tx: SqlRunner,
    { bot, alias, version, checksum }: PointedAlias,
  ): Promise<{ readonly alias: BotAlias; readonly moved: boolean }> {
    const [found] = await tx.run({
      text: `${this.#select} where a.bot = $1 and a.alias = $2`,
      values: [bot, alias],
    })
    const old = found && aliasOf(found)
    if (checksum !== undefined && checksum !== old?.checksum) throw stale(`alias ${bot}/${alias}`)
    if (old?.version === version) return { alias: old, moved: false }
    const revision = found ? Number(found[3]) + 1 : 1
    const row = [bot, alias, version, revision, this.#now()]
    await tx.run({
      text: `insert into ${this.#table('alias')} (bot, alias, version, revision, updated) values ($1, $2, $3, $4, $5)
on conflict (bot, alias) do update set version = excluded.version, revision = excluded.revision, updated = excluded.updated`,
      values: row,
    })
    return { alias: aliasOf([...row, found?.[5] ?? null]), moved: true }
  }

  /** @returns whether it was there */
  async remove(tx: SqlRunner, bot: string, alias: string): Promise<boolean> {
    const rows = await tx.run({
      text: `delete from ${this.#table('alias')} where bot = $1 and alias = $2 returning alias`,
      values: [bot, alias],
    })
    return rows.length > 0
  }

  /** What code released under the alias last, and what it names now; null where there is none. */
  async released(
    bot: string,
    alias: string,
  ): Promise<{
    readonly released: string | null
    readonly current: { readonly version: string; readonly hash: string } | null
  }> {
    const [[released] = [], [version, hash] = []] = await Promise.all([
      this.#row(`select value from ${this.#table('meta', '')} where name = $1`, [
        releaseRow(bot, alias),
      ]),
      this.#row(
        `select v.version, v.hash from ${this.#table('alias')} a join ${this.#table('version')} v on v.bot = a.bot and v.version = a.version
where a.bot = $1 and a.alias = $2`,
        [bot, alias],
      ),
    ])
    return {
      released: released === undefined ? null : String(released),
      current: version === undefined ? null : { version: String(version), hash: String(hash) },
    }
  }

  /** Remembers what code releases, in the transaction that points the alias. */
  async release(tx: SqlRunner, bot: string, alias: string, hash: string): Promise<void> {
    await tx.run({
      text: `insert into ${this.#table('meta', '')} (name, value) values ($1, $2) on conflict (name) do update set value = excluded.value`,
      values: [releaseRow(bot, alias), hash],
    })
  }

  async #row(text: string, values: string[]): Promise<readonly unknown[] | undefined> {
    const [row] = await this.#journal.database.read({ text, values })
    return row
  }

  /** With the version that code released; no bot's name and no alias has a slash in it. */
  get #select(): string {
    return `select a.bot, a.alias, a.version, a.revision, a.updated, (
  select v.version from ${this.#table('meta', '')} m join ${this.#table('version')} v on v.bot = a.bot and v.hash = m.value
  where m.name = '${releasePrefix}' || a.bot || '/' || a.alias order by v.n desc limit 1)
from ${this.#table('alias')} a`
  }

  #table(name: string, prefix = 'bot_'): string {
    return this.#journal.database.dialect.table(`${prefix}${name}`)
  }
}

const releasePrefix = 'bot release '

function releaseRow(bot: string, alias: string): string {
  return `${releasePrefix}${bot}/${alias}`
}
