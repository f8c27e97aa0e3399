/**
 * Drafts, versions and aliases of bots. A version is an immutable number with the hash of its model; numbers are never given
 * twice. Every change of a draft or an alias names the checksum that it was read with, or none, and is refused when it is stale.
 */
import type { Journal, SqlRunner } from '@typestead/journal'
import { BotError } from '../../bot-error.ts'
import type { BotModel } from '../../model/bot-model.ts'
import type { BotAlias, BotSummary, PublishedVersion, PublishOptions } from '../service-contract.ts'
import { BotAliases } from './bot-aliases.ts'
import { draftVersion } from './draft-version.ts'
import type { ModelShelf } from './model-shelf.ts'
import { checkAlias, draftChecksum, noBot, stale, versionOf } from './version-rows.ts'

const mostHashes = 1_000

interface ReleaseOption {
  /** Remembers it as what code wants served by the alias. */
  readonly release?: boolean
}

export interface Draft {
  readonly hash: string
  readonly checksum: string
}

export class VersionRegistry {
  readonly #journal: Journal
  readonly #shelf: ModelShelf
  readonly #now: () => number
  readonly #changed: (bot: string, at: number) => void
  readonly #aliases: BotAliases
  readonly #hashes = new Map<string, string>()

  /** @param changed told of each change once it is kept, with the time that the bot's row has of it */
  constructor(
    journal: Journal,
    shelf: ModelShelf,
    now: () => number,
    changed: (bot: string, at: number) => void = () => {},
  ) {
    this.#journal = journal
    this.#shelf = shelf
    this.#now = now
    this.#changed = changed
    this.#aliases = new BotAliases(journal, now)
  }

  /** Keeps a model as `$LATEST`; the same one changes nothing. @throws {BotError} CONFLICT when `checksum` is stale */
  keepDraft(model: BotModel, checksum: string | undefined): Promise<Draft> {
    return this.#change(model.name, async (tx, touch) => {
      const draft = await this.#lockedDraft(tx, model.name)
      const current = draft?.hash
        ? draftChecksum(model.name, draft.revision, draft.hash)
        : undefined
      if (checksum !== undefined && checksum !== current) throw stale(`bot ${model.name}`)
      if (draft?.hash === model.hash && current) return { hash: model.hash, checksum: current }
      await this.#shelf.keep(tx, model, this.#now())
      const revision = (draft?.revision ?? 0) + 1
      await tx.run({
        text: `insert into ${this.#table('draft')} (bot, hash, revision, last_version, updated) values ($1, $2, $3, 0, $4)
on conflict (bot) do update set hash = excluded.hash, revision = excluded.revision`,
        values: [model.name, model.hash, revision, this.#now()],
      })
      await touch()
      return { hash: model.hash, checksum: draftChecksum(model.name, revision, model.hash) }
    })
  }

  async draft(bot: string): Promise<Draft> {
    const [row] = await this.#journal.database.read({
      text: `select hash, revision from ${this.#table('draft')} where bot = $1 and hash is not null`,
      values: [bot],
    })
    if (row === undefined) throw noBot(bot)
    const hash = String(row[0])
    return { hash, checksum: draftChecksum(bot, Number(row[1]), hash) }
  }

  /**
   * Numbers the draft, unless a version with its content is there, and points the alias to it.
   * @returns whether it is new
   */
  publish(
    bot: string,
    { alias, description = '', checksum, release = false }: PublishOptions & ReleaseOption,
  ): Promise<{ readonly version: PublishedVersion; readonly isNew: boolean }> {
    if (description.length > 200)
      throw new BotError(
        'LIMIT',
        `description has ${description.length} characters; 200 are allowed`,
      )
    if (alias !== undefined) checkAlias(alias)
    return this.#change(bot, async (tx, touch) => {
      const draft = await this.#lockedDraft(tx, bot)
      if (!draft?.hash) throw noBot(bot)
      if (checksum !== undefined && checksum !== draftChecksum(bot, draft.revision, draft.hash))
        throw stale(`bot ${bot}`)
      const [known] = await tx.run({
        text: `${this.#selectVersions} where bot = $1 and hash = $2 order by n desc limit 1`,
        values: [bot, draft.hash],
      })
      const version = known
        ? versionOf(known)
        : await this.#number(tx, bot, draft.lastVersion + 1, draft.hash, description)
      const isNew = known === undefined
      const moved =
        alias !== undefined &&
        (await this.#aliases.point(tx, { bot, alias, version: version.version })).moved
      if (alias !== undefined && release) await this.#aliases.release(tx, bot, alias, draft.hash)
      if (isNew || moved) await touch()
      return { version, isNew }
    })
  }

  /** @throws {BotError} NOT_FOUND, CONFLICT when `checksum` is stale */
  setAlias(bot: string, alias: string, version: string, checksum?: string): Promise<BotAlias> {
    checkAlias(alias)
    return this.#change(bot, async (tx, touch) => {
      const draft = await this.#lockedDraft(tx, bot)
      if (!draft?.hash) throw noBot(bot)
      await this.#hashOf(tx, bot, version)
      const set = await this.#aliases.point(tx, { bot, alias, version, checksum })
      if (set.moved) await touch()
      return set.alias
    })
  }

  deleteAlias(bot: string, alias: string): Promise<boolean> {
    return this.#change(bot, async (tx, touch) => {
      const deleted = await this.#aliases.remove(tx, bot, alias)
      if (deleted) await touch()
      return deleted
    })
  }

  /** Takes the bot away with all that belongs to it; its numbers stay given. */
  deleteBot(bot: string): Promise<boolean> {
    return this.#change(bot, async (tx, touch) => {
      const draft = await this.#lockedDraft(tx, bot)
      if (!draft?.hash) return false
      const conversation = this.#table('conversation')
      await tx.run({
        text: `delete from ${this.#table('turn')} where conversation in (select id from ${conversation} where bot = $1)`,
        values: [bot],
      })
      for (const name of ['conversation', 'memory', 'alias', 'version']) {
        await tx.run({ text: `delete from ${this.#table(name)} where bot = $1`, values: [bot] })
      }
      await tx.run({
        text: `update ${this.#table('draft')} set hash = null, revision = revision + 1 where bot = $1`,
        values: [bot],
      })
      await touch()
      return true
    })
  }

  async bots(): Promise<BotSummary[]> {
    const rows = await this.#journal.database.read({
      text: `select d.bot, d.hash, d.revision, d.updated, (select count(*) from ${this.#table('version')} v where v.bot = d.bot)
from ${this.#table('draft')} d where d.hash is not null order by d.bot`,
      values: [],
    })
    const aliases = await this.#aliases.list()
    return rows.map(([bot, hash, revision, updated, versions]) => ({
      bot: String(bot),
      checksum: draftChecksum(String(bot), Number(revision), String(hash)),
      versions: Number(versions),
      aliases: aliases.filter((one) => one.bot === bot),
      updatedAt: Number(updated),
    }))
  }

  async versions(bot: string): Promise<PublishedVersion[]> {
    await this.draft(bot)
    const rows = await this.#journal.database.read({
      text: `${this.#selectVersions} where bot = $1 order by n`,
      values: [bot],
    })
    return rows.map(versionOf)
  }

  /** Of all versions; none where there is no such bot. */
  async numbers(bot: string): Promise<string[]> {
    const rows = await this.#journal.database.read({
      text: `select version from ${this.#table('version')} where bot = $1 order by n`,
      values: [bot],
    })
    return rows.map(([version]) => String(version))
  }

  async aliases(bot: string): Promise<BotAlias[]> {
    await this.draft(bot)
    return this.#aliases.list(bot)
  }

  /** What code released under an alias last, and what the alias names now. */
  released(bot: string, alias: string): ReturnType<BotAliases['released']> {
    return this.#aliases.released(bot, alias)
  }

  /** What an alias, a number or `$LATEST` names. @throws {BotError} NOT_FOUND */
  async find(
    bot: string,
    alias: string,
  ): Promise<{ readonly version: string; readonly hash: string }> {
    if (alias === draftVersion) return { version: draftVersion, hash: (await this.draft(bot)).hash }
    const { database } = this.#journal
    const [row] = await database.read({
      text: `select version from ${this.#table('alias')} where bot = $1 and alias = $2`,
      values: [bot, alias],
    })
    const version = row === undefined ? alias : String(row[0])
    return { version, hash: await this.#hashOf({ run: (one) => database.read(one) }, bot, version) }
  }

  /** The model of a number; null where there is none. Numbers are never given twice, so what was read stays true. */
  async hash(bot: string, version: string): Promise<string | null> {
    const key = JSON.stringify([bot, version])
    const known = this.#hashes.get(key)
    if (known !== undefined) return known
    const [row] = await this.#journal.database.read({
      text: `select hash from ${this.#table('version')} where bot = $1 and version = $2`,
      values: [bot, version],
    })
    if (row === undefined) return null
    if (this.#hashes.size >= mostHashes) this.#hashes.clear()
    this.#hashes.set(key, String(row[0]))
    return String(row[0])
  }

  async #hashOf(run: SqlRunner, bot: string, version: string): Promise<string> {
    const [row] = await run.run({
      text: `select hash from ${this.#table('version')} where bot = $1 and version = $2`,
      values: [bot, version],
    })
    if (row === undefined) {
      throw new BotError(
        'NOT_FOUND',
        `bot "${bot}" has no version or alias "${version}"; publish it, or use ${draftVersion}`,
      )
    }
    return String(row[0])
  }

  async #number(tx: SqlRunner, bot: string, n: number, hash: string, description: string) {
    const version = String(n)
    const createdAt = this.#now()
    await tx.run({
      text: `insert into ${this.#table('version')} (bot, version, n, hash, description, created) values ($1, $2, $3, $4, $5, $6)`,
      values: [bot, version, n, hash, description, createdAt],
    })
    await tx.run({
      text: `update ${this.#table('draft')} set last_version = $2 where bot = $1`,
      values: [bot, n],
    })
    return { bot, version, hash, description, createdAt }
  }

  /** One change of a bot; `touch` marks its row, so that whoever watches in any process sees that something is new. */
  async #change<R>(
    bot: string,
    work: (tx: SqlRunner, touch: () => Promise<void>) => Promise<R>,
  ): Promise<R> {
    const { dialect } = this.#journal.database
    let at: number | undefined
    const result = await this.#journal.transaction((tx) => {
      // A transaction that is tried again begins anew.
      at = undefined
      return work(tx, async () => {
        const [row] = await tx.run({
          text: `update ${this.#table('draft')} set updated = ${dialect.greatest('updated + 1', '$2::bigint')} where bot = $1
returning updated, ${dialect.notify(`'bot'`)}`,
          values: [bot, this.#now()],
        })
        at = Number(row?.[0])
      })
    })
    if (at !== undefined) this.#changed(bot, at)
    return result
  }

  /** The draft's row, held until the transaction ends: changes of one bot come one after the other. */
  async #lockedDraft(tx: SqlRunner, bot: string) {
    const { dialect } = this.#journal.database
    const [row] = await tx.run({
      text: `select hash, revision, last_version from ${this.#table('draft')} where bot = $1${
        dialect.kind === 'postgres' ? ' for update' : ''
      }`,
      values: [bot],
    })
    if (row === undefined) return undefined
    const [hash, revision, last] = row
    return {
      hash: hash === null ? null : String(hash),
      revision: Number(revision),
      lastVersion: Number(last),
    }
  }

  get #selectVersions(): string {
    return `select bot, version, hash, description, created from ${this.#table('version')}`
  }

  #table(name: string): string {
    return this.#journal.database.dialect.table(`bot_${name}`)
  }
}
