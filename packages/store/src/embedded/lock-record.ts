/**
 * Who uses an embedded server: the contents of `<data>/postgres.lock`, as pure functions of values.
 * Holders stand in the order they came; **the owner is the first that still runs**, so ownership passes by itself when
 * an owner leaves or is killed. Read and written only under the folder's mutex (folder-mutex.ts), except that watchers
 * read it freely: it is replaced by rename, so a reader sees one whole record. A torn file (power cut) can only mean
 * that no holder has survived, and reads as the empty record.
 */
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import type { ProcessIdentity } from './process-identity.ts'

export interface Holder {
  /** Unique per `startEmbedded` call: one process may hold the same server twice. */
  readonly id: string
  readonly process: ProcessIdentity
}

export interface ServerRecord {
  readonly process: ProcessIdentity
  /** Socket folder, or `127.0.0.1` on Windows. */
  readonly host: string
  readonly port: number
  /** The settings it was started with, so that whoever restarts it uses the same. */
  readonly settings: Readonly<Record<string, string>>
}

export interface LockRecord {
  readonly version: 1
  readonly holders: readonly Holder[]
  readonly server: ServerRecord | null
}

export const emptyLock: LockRecord = { version: 1, holders: [], server: null }

/**
 * Reads a lock file's text; undefined when it is not a whole record.
 * @throws {EmbeddedPostgresError} EMBEDDED_FORMAT_NEWER for a version after 1
 */
export function parseLock(text: string): LockRecord | undefined {
  const value = parseJson(text)
  if (!isObject(value)) return undefined
  if (typeof value.version === 'number' && value.version > 1) {
    throw new EmbeddedPostgresError(
      'EMBEDDED_FORMAT_NEWER',
      `postgres.lock has format ${value.version}; this Typestead reads format 1. Update @typestead/store.`,
    )
  }
  if (value.version !== 1 || !Array.isArray(value.holders)) return undefined
  const holders = value.holders.map(holderOf)
  const server = value.server === null ? null : serverOf(value.server)
  if (server === undefined || !holders.every((holder) => holder !== undefined)) return undefined
  return { version: 1, holders, server }
}

export function formatLock(lock: LockRecord): string {
  return `${JSON.stringify(lock, null, 2)}\n`
}

/** Without the holders that no longer run. */
export function withoutDead(
  lock: LockRecord,
  isAlive: (process: ProcessIdentity) => boolean,
): LockRecord {
  return { ...lock, holders: lock.holders.filter((holder) => isAlive(holder.process)) }
}

export function withHolder(lock: LockRecord, holder: Holder): LockRecord {
  return { ...lock, holders: [...lock.holders, holder] }
}

export function withoutHolder(lock: LockRecord, id: string): LockRecord {
  return { ...lock, holders: lock.holders.filter((holder) => holder.id !== id) }
}

/** The first holder that still runs; undefined when nobody does. */
export function ownerOf(
  lock: LockRecord,
  isAlive: (process: ProcessIdentity) => boolean,
): Holder | undefined {
  return lock.holders.find((holder) => isAlive(holder.process))
}

function holderOf(value: unknown): Holder | undefined {
  if (!isObject(value) || typeof value.id !== 'string') return undefined
  const process = processOf(value.process)
  return process && { id: value.id, process }
}

function serverOf(value: unknown): ServerRecord | undefined {
  if (!isObject(value) || !isObject(value.settings)) return undefined
  const process = processOf(value.process)
  const { host, port } = value
  if (!process || typeof host !== 'string' || typeof port !== 'number') return undefined
  const settings: Record<string, string> = {}
  for (const [name, setting] of Object.entries(value.settings)) {
    if (typeof setting !== 'string') return undefined
    settings[name] = setting
  }
  return { process, host, port, settings }
}

function processOf(value: unknown): ProcessIdentity | undefined {
  if (!isObject(value)) return undefined
  const { pid, started } = value
  if (!Number.isInteger(pid) || typeof pid !== 'number' || typeof started !== 'string')
    return undefined
  return { pid, started }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
