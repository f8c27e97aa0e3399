/** Rows of versions and aliases as callers get them, their checksums, and what is refused. */
import { createHash } from 'node:crypto'
import { BotError } from '../../bot-error.ts'
import type { BotAlias, PublishedVersion } from '../service-contract.ts'

const aliasName = /^[A-Za-z](?:[A-Za-z0-9_-]{0,98}[A-Za-z0-9])?$/

export function versionOf([
  bot,
  version,
  hash,
  description,
  created,
]: readonly unknown[]): PublishedVersion {
  return {
    bot: String(bot),
    version: String(version),
    hash: String(hash),
    description: String(description),
    createdAt: Number(created),
  }
}

export function aliasOf([
  bot,
  alias,
  version,
  revision,
  updated,
  released,
]: readonly unknown[]): BotAlias {
  return {
    bot: String(bot),
    alias: String(alias),
    version: String(version),
    released: released === null || released === undefined ? null : String(released),
    checksum: checksumOf([bot, alias, revision, version]),
    updatedAt: Number(updated),
  }
}

export function draftChecksum(bot: string, revision: number, hash: string): string {
  return checksumOf([bot, revision, hash])
}

function checksumOf(parts: readonly unknown[]): string {
  return createHash('sha256')
    .update(JSON.stringify(parts.map(String)))
    .digest('hex')
    .slice(0, 32)
}

/** @throws {BotError} BAD_INPUT */
export function checkAlias(alias: string): void {
  if (aliasName.test(alias)) return
  throw new BotError(
    'BAD_INPUT',
    `"${alias}" is no alias: 1 to 100 letters, digits, - and _, a letter first and none of - and _ at the end`,
  )
}

export function stale(what: string): BotError {
  return new BotError(
    'CONFLICT',
    `${what} was changed meanwhile; read it again and repeat the change`,
  )
}

export function noBot(bot: string): BotError {
  return new BotError('NOT_FOUND', `there is no bot "${bot}"; build it first`)
}
