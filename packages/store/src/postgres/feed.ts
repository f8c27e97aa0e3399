/** The change feed on PostgreSQL: pages of the outbox in order of commit, and being woken when something was written. */
import type { EntityMeta } from '@typestead/entity'
import { type Condition, storedNames } from '@typestead/entity'
import type pg from 'pg'
import type { FeedPage, FeedQuery } from '../backend.ts'
import type { ChangeEvent, Cursor } from '../change-feed.ts'
import { StoreError } from '../errors.ts'
import { keyOf } from '../hydrate.ts'
import type { Connections } from './connection.ts'
import { columnList, type Statement } from './select.ts'
import type { Table } from './table.ts'
import { Parameters, whereSql } from './where.ts'

const channel = 'typestead_changes'
/** Writers say "something was written" at most this often; a NOTIFY takes a lock of the whole server at commit. */
const notifyMilliseconds = 4
/** How long events are kept for readers that were away. */
const keptFor = '24 hours'
const pruneMilliseconds = 5 * 60_000

export interface PostgresFeed extends AsyncDisposable {
  /** Says that something was committed here. */
  written(): void
  end(): Promise<Cursor>
  read(query: FeedQuery): Promise<FeedPage>
  wait(milliseconds: number, signal: AbortSignal, wakes?: number): Promise<void>
}

interface Place {
  readonly xid: string
  readonly seq: string
}

export function postgresFeed(
  connections: Connections,
  tableOf: (meta: EntityMeta) => Table,
): PostgresFeed {
  const waiting = new Set<() => void>()
  let notifyTimer: NodeJS.Timeout | undefined
  let listener: Promise<pg.Client | undefined> | undefined
  let closed = false
  let wakes = 0

  const wake = () => {
    wakes++
    for (const resolve of waiting) resolve()
  }
  // Losing a wake-up costs a reader a second at most, so a failure here is no failure of the write.
  const notify = () => {
    notifyTimer = undefined
    connections.run({ text: `select pg_notify('${channel}', '')`, values: [] }).catch(() => {})
  }
  const listen = async (): Promise<pg.Client | undefined> => {
    let client: pg.Client | undefined
    try {
      client = await connections.dedicated()
      client.on('notification', wake)
      client.once('end', () => {
        listener = undefined
      })
      await client.query(`listen ${channel}`)
      // What was said before is not heard again.
      wake()
      return client
    } catch {
      // Without a listener the reader polls; the next wait tries again.
      listener = undefined
      await client?.end().catch(() => {})
      return undefined
    }
  }
  const pruning = setInterval(() => prune(connections).catch(() => {}), pruneMilliseconds)
  pruning.unref()

  return {
    written() {
      wake()
      if (closed || notifyTimer) return
      notifyTimer = setTimeout(notify, notifyMilliseconds)
    },
    end: () => feedEnd(connections),
    async read(query) {
      const before = wakes
      return { ...(await readPage(connections, tableOf, query)), wakes: before }
    },
    async wait(milliseconds, signal, seen) {
      listener ??= closed ? undefined : listen()
      if (closed || signal.aborted || (seen !== undefined && seen !== wakes)) return
      await new Promise<void>((resolve) => {
        const done = () => {
          clearTimeout(timer)
          waiting.delete(done)
          signal.removeEventListener('abort', done)
          resolve()
        }
        const timer = setTimeout(done, milliseconds)
        waiting.add(done)
        signal.addEventListener('abort', done)
      })
    },
    async [Symbol.asyncDispose]() {
      closed = true
      clearInterval(pruning)
      if (notifyTimer) {
        clearTimeout(notifyTimer)
        notify()
      }
      wake()
      await (await listener)?.end().catch(() => {})
    },
  }
}

/** Transactions still under way may have smaller numbers than what is committed: nothing from them on is read yet. */
const settled = 'xid < pg_snapshot_xmin(pg_current_snapshot())'

async function feedEnd(connections: Connections): Promise<Cursor> {
  const [row] = await connections.run({
    text: `select coalesce(o.xid, m.feed_floor_xid)::text, coalesce(o.seq, m.feed_floor_seq)::text from typestead_model m
      left join lateral (select xid, seq from typestead_outbox where ${settled} order by xid desc, seq desc limit 1) o on true`,
    values: [],
  })
  return row
    ? cursorOf({ xid: String(row[0]), seq: String(row[1]) })
    : cursorOf({ xid: '0', seq: '0' })
}

async function readPage(
  connections: Connections,
  tableOf: (meta: EntityMeta) => Table,
  query: FeedQuery,
) {
  const after = placeOf(query.after)
  const head = await connections.run({
    text: `select o.xid::text, o.seq::text, o.entity, (m.feed_floor_xid, m.feed_floor_seq) > ($1::xid8, $2::bigint), o.settled
      from typestead_model m left join lateral (
        select xid, seq, entity, ${settled} as settled from typestead_outbox
        where (xid, seq) > ($1::xid8, $2::bigint) order by xid, seq limit $3::int) o on true`,
    values: [after.xid, after.seq, String(query.limit)],
  })
  if (head[0]?.[3] === true) {
    throw new StoreError(
      'BAD_CURSOR',
      'the changes after this cursor are no longer kept; read the rows again and go on from the end',
    )
  }
  const there = head.filter((row) => row[0] !== null)
  // The first unsettled event ends the page, whatever comes behind it.
  const stop = there.findIndex((row) => row[4] !== true)
  const page = stop === -1 ? there : there.slice(0, stop)
  const pending = stop !== -1
  const last = page.at(-1)
  if (!last) return { events: [], next: query.after, pending }
  const until = { xid: String(last[0]), seq: String(last[1]) }
  const present = new Set(page.map((row) => row[2]))
  const events: (ChangeEvent & Place)[] = []
  for (const [meta, condition] of query.entities) {
    if (!present.has(meta.name) || condition.op === 'never') continue
    events.push(...(await entityEvents(connections, tableOf, meta, condition, after, until)))
  }
  events.sort(
    (a, b) => compare(BigInt(a.xid), BigInt(b.xid)) || compare(BigInt(a.seq), BigInt(b.seq)),
  )
  return { events: events.map(({ xid, seq, ...event }) => event), next: cursorOf(until), pending }
}

/** The events of one entity, their rows read by the table's own types, and rules asked of the row as it was written. */
async function entityEvents(
  connections: Connections,
  tableOf: (meta: EntityMeta) => Table,
  meta: EntityMeta,
  condition: Condition,
  after: Place,
  until: Place,
): Promise<(ChangeEvent & Place)[]> {
  const table = tableOf(meta)
  const parameters = new Parameters()
  const names = storedNames(meta).filter((name) => !meta.fields.get(name)?.definition.secret)
  const bounds = [
    `o.entity = ${parameters.add(meta.name, 'text')}`,
    `(o.xid, o.seq) > (${parameters.add(after.xid, 'xid8')}, ${parameters.add(after.seq, 'bigint')})`,
    `(o.xid, o.seq) <= (${parameters.add(until.xid, 'xid8')}, ${parameters.add(until.seq, 'bigint')})`,
    whereSql(condition, table, 't0', { parameters, tableOf }),
  ]
  const statement: Statement = {
    text: `select o.xid::text, o.seq::text, o.op, o.at, ${columnList(table, names, 't0')} from typestead_outbox o
      cross join lateral jsonb_populate_record(null::${table.name}, o.row) t0 where ${bounds.join(' and ')} order by o.xid, o.seq`,
    values: parameters.values,
  }
  const rows = await connections.run(statement)
  return rows.map((cells) => {
    const row = table.decodeRow(names, cells, 4)
    const place = { xid: String(cells[0]), seq: String(cells[1]) }
    return {
      ...place,
      cursor: cursorOf(place),
      entity: meta.name,
      op: cells[2] as ChangeEvent['op'],
      at: cells[3] as Date,
      key: keyOf(meta, row),
      row,
    }
  })
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Old events go; the place of the last of them is kept, so that a cursor before it is refused instead of skipping. */
async function prune(connections: Connections): Promise<void> {
  await connections.run({
    text: `with gone as (
        delete from typestead_outbox where (xid, seq) in (
          select xid, seq from typestead_outbox where at < now() - interval '${keptFor}' and ${settled} order by xid, seq limit 20000)
        returning xid, seq),
      last as (select xid, seq from gone order by xid desc, seq desc limit 1)
      update typestead_model m set feed_floor_xid = last.xid, feed_floor_seq = last.seq from last
      where (m.feed_floor_xid, m.feed_floor_seq) < (last.xid, last.seq)`,
    values: [],
  })
}

function cursorOf({ xid, seq }: Place): Cursor {
  return `${xid}.${seq}` as Cursor
}

function placeOf(cursor: string): Place {
  const match = /^(\d{1,20})\.(\d{1,19})$/.exec(cursor)
  if (!match) throw new StoreError('BAD_CURSOR', 'this is no cursor of the change feed')
  return { xid: match[1] as string, seq: match[2] as string }
}
