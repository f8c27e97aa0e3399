/**
 * Keeps lists of values like fields of the store: read once, then led by the change feed, so that what is committed is
 * there within a second and nothing is missed, also when the database was away.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import type { EntityMeta } from '@typestead/entity'
import type { ChangeEvent, Cursor, Database } from '@typestead/store'
import type { VocabularyConfig } from './nlu-config.ts'

/** What lists of `@typestead/nlu` can do. */
export interface Lists {
  replace(name: string, values: Iterable<string>): void
  add(name: string, values: Iterable<string>): void
  delete(name: string, values: Iterable<string>): number
}

export interface LiveVocabularyOptions {
  readonly db: Database
  readonly vocabularies: Readonly<Record<string, VocabularyConfig>>
  readonly lists: Lists
  readonly signal: AbortSignal
  readonly onError: (error: unknown) => void
}

interface List {
  readonly name: string
  readonly meta: EntityMeta
  readonly field: string
  /** The value of each row, by its key. */
  readonly values: Map<string, string>
  /** Rows with the value: two books may have one title. */
  readonly counts: Map<string, number>
}

const page = 1000
const retryMilliseconds = 1000

/** Resolves when all values are there; goes on until the signal is aborted. */
export async function keepVocabularies(options: LiveVocabularyOptions): Promise<void> {
  const { db, vocabularies, signal, onError } = options
  const lists = Object.entries(vocabularies).flatMap(([name, { entity, field }]): List[] => {
    const meta = db.metas.find((one) => one.entity === entity)
    return meta ? [{ name, meta, field, values: new Map(), counts: new Map() }] : []
  })
  if (lists.length === 0) return
  const start = await readAll(options, lists)
  void follow(options, lists, start).catch((error: unknown) => {
    if (!signal.aborted) onError(error)
  })
}

/** @returns the place in the feed from which on events may be missing in the lists */
async function readAll(
  { db, lists }: LiveVocabularyOptions,
  all: readonly List[],
): Promise<Cursor> {
  const start = await db.changesEnd()
  for (const list of all) {
    list.values.clear()
    list.counts.clear()
    for (let after: string | undefined; ; ) {
      const { items, cursors, hasNext } = await db.page(list.meta.entity, {
        first: page,
        ...(after === undefined ? {} : { after }),
      })
      for (const row of items) put(list, row as Row)
      after = cursors.at(-1)
      if (!hasNext || after === undefined) break
    }
    lists.replace(list.name, list.counts.keys())
  }
  return start
}

async function follow(
  options: LiveVocabularyOptions,
  all: readonly List[],
  start: Cursor,
): Promise<void> {
  const { db, lists, signal, onError } = options
  const entities = [...new Set(all.map(({ meta }) => meta.entity))]
  let after = start
  while (!signal.aborted) {
    try {
      for await (const event of db.changes({ after, entities, signal })) {
        for (const list of all) {
          if (list.meta.name === event.entity) apply(lists, list, event)
        }
        after = event.cursor
      }
    } catch (error) {
      if (signal.aborted) return
      onError(error)
      await sleep(retryMilliseconds, undefined, { signal, ref: false })
      // What is no longer kept in the feed is read again.
      if (codeOf(error) === 'BAD_CURSOR') after = await readAll(options, all)
    }
  }
}

function apply(lists: Lists, list: List, event: ChangeEvent): void {
  const row = event.row as Row
  const gone = remove(list, keyOf(list, row))
  const come = event.op === 'delete' ? undefined : put(list, row)
  if (gone === come) return
  if (gone !== undefined) lists.delete(list.name, [gone])
  if (come !== undefined) lists.add(list.name, [come])
}

type Row = Readonly<Record<string, unknown>>

/** @returns the value, if it is new to the list */
function put(list: List, row: Row): string | undefined {
  const value = row[list.field]
  const { softDelete } = list.meta.options
  const deleted = softDelete !== undefined && row[softDelete] != null
  if (typeof value !== 'string' || value === '' || deleted) return undefined
  list.values.set(keyOf(list, row), value)
  const count = (list.counts.get(value) ?? 0) + 1
  list.counts.set(value, count)
  return count === 1 ? value : undefined
}

/** @returns the value, if no row has it any more */
function remove(list: List, key: string): string | undefined {
  const value = list.values.get(key)
  if (value === undefined) return undefined
  list.values.delete(key)
  const count = (list.counts.get(value) ?? 1) - 1
  if (count > 0) {
    list.counts.set(value, count)
    return undefined
  }
  list.counts.delete(value)
  return value
}

function keyOf({ meta }: List, row: Row): string {
  return JSON.stringify(meta.key.map((name) => row[name]))
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
