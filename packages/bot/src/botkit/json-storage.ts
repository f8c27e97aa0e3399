/**
 * `storage.{teams,users,channels}` in JSON files, one a record, in a folder that only this user can read: team records hold tokens.
 * A record is replaced in one step; a crash leaves the old one or the new one.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fields } from '../adapters/webhook-request.ts'
import { BotError } from '../bot-error.ts'

/** What a record is beside its id is its writer's. */
export interface StoredRecord {
  id: string
  [field: string]: unknown
}

/** Promises, and callbacks for those who have them. */
export interface StoragePart {
  /** Null when there is none. */
  get(id: string, done?: Done<StoredRecord | null>): Promise<StoredRecord | null>
  save(record: StoredRecord, done?: Done<string>): Promise<string>
  delete(id: string, done?: Done<undefined>): Promise<undefined>
  all(done?: Done<StoredRecord[]>): Promise<StoredRecord[]>
}

export type Done<T> = (error: unknown, value?: T) => void

export interface BotkitStorage {
  readonly teams: StoragePart
  readonly users: StoragePart
  readonly channels: StoragePart
}

export function jsonStorage(folder: string): BotkitStorage {
  return {
    teams: filePart(join(folder, 'teams')),
    users: filePart(join(folder, 'users')),
    channels: filePart(join(folder, 'channels')),
  }
}

/** Gone with the process. */
export function memoryStorage(): BotkitStorage {
  return { teams: memoryPart(), users: memoryPart(), channels: memoryPart() }
}

function filePart(folder: string): StoragePart {
  const fileOf = (id: string) => join(folder, `${fileName(id)}.json`)
  return part({
    async get(id) {
      return readRecord(fileOf(id))
    },
    async save(record) {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const file = fileOf(record.id)
      const next = `${file}.${randomBytes(6).toString('hex')}`
      await writeFile(next, JSON.stringify(record), { mode: 0o600, flush: true })
      await rename(next, file)
    },
    delete: (id) => rm(fileOf(id), { force: true }),
    async all() {
      const names = await readdir(folder).catch((error) => {
        if (fields(error).code === 'ENOENT') return []
        throw error
      })
      const records = names
        .filter((name) => name.endsWith('.json'))
        .map((name) => readRecord(join(folder, name)))
      return (await Promise.all(records)).filter((record) => record !== null)
    },
  })
}

function memoryPart(): StoragePart {
  const records = new Map<string, StoredRecord>()
  return part({
    get: async (id) => structuredClone(records.get(id) ?? null),
    async save(record) {
      records.set(record.id, structuredClone(record))
    },
    async delete(id) {
      records.delete(id)
    },
    all: async () => structuredClone([...records.values()]),
  })
}

interface Records {
  get(id: string): Promise<StoredRecord | null>
  save(record: StoredRecord): Promise<void>
  delete(id: string): Promise<void>
  all(): Promise<StoredRecord[]>
}

function part(records: Records): StoragePart {
  return {
    get: (id, done) => told(records.get(id), done),
    save: (record, done) => told(saved(records, record), done),
    delete: (id, done) =>
      told(
        records.delete(id).then(() => undefined),
        done,
      ),
    all: (done) => told(records.all(), done),
  }
}

async function saved(records: Records, record: StoredRecord): Promise<string> {
  if (typeof record?.id !== 'string' || record.id === '') {
    throw new BotError('BAD_INPUT', 'a record to save needs an `id`')
  }
  await records.save(record)
  return record.id
}

/** With a callback the callback has the error, so the promise must not be found unhandled. */
function told<T>(work: Promise<T>, done: Done<T> | undefined): Promise<T> {
  if (done === undefined) return work
  work.then(
    (value) => done(null, value),
    (error) => done(error),
  )
  work.catch(() => {})
  return work
}

async function readRecord(file: string): Promise<StoredRecord | null> {
  let json: string
  try {
    json = await readFile(file, 'utf8')
  } catch (error) {
    if (fields(error).code === 'ENOENT') return null
    throw error
  }
  const record: unknown = JSON.parse(json)
  const { id } = fields(record)
  if (typeof id !== 'string') throw new BotError('BAD_INPUT', `${file} is no record: it has no id`)
  // Its other fields are unknown to the type, too.
  return record as StoredRecord
}

/** Any id as a file's name of this folder. */
function fileName(id: string): string {
  const name = encodeURIComponent(id).replaceAll('.', '%2E').replaceAll('*', '%2A')
  if (name === '' || name.length > 200)
    throw new BotError('BAD_INPUT', 'an id has 1 to 200 characters')
  return name
}
