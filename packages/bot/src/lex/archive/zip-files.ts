/**
 * Archives of JSON files in memory, read with limits that hold whatever the archive claims: so many files, so many bytes each and
 * together, names that stay inside, each once. Nothing is written to a disk.
 */
import { unzipSync, type Zippable, zipSync } from 'fflate'
import { BotError } from '../../bot-error.ts'

export interface ArchiveLimits {
  /** Bytes of the archive. */
  readonly packed: number
  /** Bytes of one file, and of all together. */
  readonly file: number
  readonly total: number
  readonly files: number
}

/** The largest bot that Lex allows is a few tens of megabytes of JSON. */
const defaults: ArchiveLimits = {
  packed: 20 * 1024 * 1024,
  file: 16 * 1024 * 1024,
  total: 64 * 1024 * 1024,
  files: 20_000,
}

/** @returns the files by name, in the archive's order. @throws {BotError} BAD_INPUT, LIMIT */
export function readZip(
  bytes: Uint8Array,
  limits: ArchiveLimits = defaults,
): ReadonlyMap<string, Uint8Array> {
  if (bytes.byteLength > limits.packed) throw tooLarge(`the archive`, limits.packed)
  const seen = new Set<string>()
  let total = 0
  const wanted = ({ name, originalSize }: { name: string; originalSize: number }) => {
    checkName(name)
    if (name.endsWith('/')) return false
    if (seen.has(name)) throw bad(`the archive has ${quoted(name)} twice`)
    seen.add(name)
    if (seen.size > limits.files) throw tooLarge('the archive', limits.files, 'files')
    if (originalSize > limits.file) throw tooLarge(quoted(name), limits.file)
    total += originalSize
    if (total > limits.total) throw tooLarge('what the archive unpacks to', limits.total)
    return true
  }
  let files: Record<string, Uint8Array>
  try {
    // A file unpacks into a buffer of the size that it declared: more than that has no place to go.
    files = unzipSync(bytes, { filter: wanted })
  } catch (error) {
    if (error instanceof BotError) throw error
    throw bad('this is no zip archive, or a damaged one; export the bot again', error)
  }
  return new Map(Object.entries(files))
}

/** The same files give the same bytes: entries carry no time. */
export function writeZip(files: ReadonlyMap<string, unknown>): Uint8Array {
  const entries: Zippable = {}
  for (const [name, content] of files) {
    const json = `${JSON.stringify(content, null, 2)}\n`
    entries[name] = [new TextEncoder().encode(json), { mtime: '1980-01-01T00:00:00' }]
  }
  return zipSync(entries, { level: 6 })
}

function checkName(name: string): void {
  const parts = name.split('/')
  const outside =
    name.startsWith('/') ||
    /[\\\0:]/.test(name) ||
    parts.includes('..') ||
    parts.includes('__proto__') ||
    name.length > 1024
  if (outside) throw bad(`the archive names ${quoted(name)}, which is not a path inside of it`)
}

function quoted(name: string): string {
  return JSON.stringify(name.length <= 120 ? name : `${name.slice(0, 120)}…`)
}

function bad(message: string, cause?: unknown): BotError {
  return new BotError('BAD_INPUT', message, { cause })
}

function tooLarge(what: string, limit: number, unit = 'bytes'): BotError {
  return new BotError(
    'LIMIT',
    `${what} is more than ${limit} ${unit}; such a bot is past Lex's limits`,
  )
}
