/**
 * Unbuffered shared channels. Each thread has two cells on each: an offer, where its first waiting sender puts its
 * value, and a request, where its first waiting receiver wants one (further ones wait behind, in their thread). Whoever
 * comes second finds the cell and matches it: takes the offered value, or fills the request; the channel's lock is held.
 * A cell of a `select` names a record, a word that all threads can see: who changes it from `waiting` decides the select.
 *
 * A match is three steps: the journal names the cell, the record is won with the channel's mark, the state becomes
 * `matched`; then the journal is cleared. Who is killed in between has not returned from its operation, so `mend` lets
 * the cell stand again. A value that was handed to a killed receiver becomes an offer that anybody may take.
 */
import { own } from './arena.ts'
import { readSlot, type Staged, writeSlot } from './slots.ts'
import { Chan, maxThreads, type World } from './world.ts'

export const Kind = { offer: 0, request: 1 } as const
export type Kind = (typeof Kind)[keyof typeof Kind]

/** Words of a cell's head; the value follows. */
const Cell = { state: 0, ticket: 1, record: 2, size: 4 } as const
const cellHead = Cell.size * 4

export const CellState = { none: 0, standing: 1, matched: 2 } as const
export const Record = { waiting: 1, decided: 3, mark: 16 } as const
/** The record of an offer whose sender is done. */
const orphan = -1

/** Bytes of one cell. */
export function cellSize(slotSize: number): number {
  return cellHead + Math.ceil(slotSize / 8) * 8
}

/** Bytes of the cells of one channel. */
export function cellsSize(slotSize: number): number {
  return cellSize(slotSize) * 2 * maxThreads
}

/** Bytes for a value in what the channel's record calls a slot. */
export function valueBytes(slotBytes: number, capacity: number): number {
  return capacity === 0 ? slotBytes - cellHead : slotBytes
}

/** Lets this thread's cell stand; `value` for an offer, `record` 0 when it is not of a select. */
export function publish(
  world: World,
  channel: number,
  kind: Kind,
  value: Staged | null,
  record: number,
): void {
  const at = cellAt(world, channel, world.me, kind)
  const word = at >> 2
  if (value !== null) writeSlot(world, channel, at + cellHead, value)
  world.i32[word + Cell.record] = record
  const ticket = (world.word(channel + Chan.ticket) + 1) | 0
  world.i32[channel + Chan.ticket] = ticket
  world.i32[word + Cell.ticket] = ticket
  world.i32[word + Cell.state] = CellState.standing
}

export function cellState(world: World, channel: number, kind: Kind): number {
  return world.word((cellAt(world, channel, world.me, kind) >> 2) + Cell.state)
}

/** Empties this thread's cell. */
export function clear(world: World, channel: number, kind: Kind): void {
  world.i32[(cellAt(world, channel, world.me, kind) >> 2) + Cell.state] = CellState.none
}

/** The value that this thread's request was filled with. */
export function readRequest(world: World, channel: number, into: Staged): void {
  readSlot(world, channel, cellAt(world, channel, world.me, Kind.request) + cellHead, into)
  if (into.block !== 0) own(world, into.block)
}

/**
 * The thread whose cell has stood longest, -1 when none does; cells of the select with record `own` do not count, and
 * on a closed channel only values whose sender is done.
 */
export function oldest(world: World, channel: number, kind: Kind, own: number): number {
  const closed = world.word(channel + Chan.closed) === 1
  let found = -1
  let best = 0
  for (let thread = 0; thread < maxThreads; thread++) {
    const word = cellAt(world, channel, thread, kind) >> 2
    if (world.word(word + Cell.state) !== CellState.standing) continue
    const record = world.word(word + Cell.record)
    if ((record > 0 && record === own) || (closed && record !== orphan)) continue
    // A select that was decided elsewhere; its own thread empties the cell.
    if (record > 0 && Atomics.load(world.i32, record) !== Record.waiting) continue
    const age = (world.word(channel + Chan.ticket) - world.word(word + Cell.ticket)) | 0
    if (found < 0 || age > best) {
      found = thread
      best = age
    }
  }
  return found
}

/**
 * Takes the offer of `thread` into `value`, or fills its request from it; false when its select was decided elsewhere
 * in the meantime.
 */
export function match(
  world: World,
  id: number,
  channel: number,
  kind: Kind,
  thread: number,
  value: Staged,
): boolean {
  const at = cellAt(world, channel, thread, kind)
  const word = at >> 2
  const record = world.word(word + Cell.record)
  world.i32[channel + Chan.journal] = 1 + thread * 2 + kind
  if (record > 0 && !decide(world, record, Record.mark + id)) {
    world.i32[channel + Chan.journal] = 0
    return false
  }
  if (kind === Kind.request) writeSlot(world, channel, at + cellHead, value)
  else {
    readSlot(world, channel, at + cellHead, value)
    if (value.block !== 0) own(world, value.block)
  }
  world.i32[word + Cell.state] = CellState.matched
  world.i32[channel + Chan.journal] = 0
  return true
}

/** Decides the select of `record` once for all threads; false when somebody else has. */
export function decide(world: World, record: number, as: number): boolean {
  return Atomics.compareExchange(world.i32, record, Record.waiting, as) === Record.waiting
}

/** Undoes what a killed thread had half done, and empties its cells but for a value that it was handed. */
export function mend(world: World, id: number, channel: number, dead: number): void {
  const { i32 } = world
  const journal = world.word(channel + Chan.journal) - 1
  if (journal >= 0) {
    const kind = (journal & 1) === 0 ? Kind.offer : Kind.request
    const word = cellAt(world, channel, journal >> 1, kind) >> 2
    const record = world.word(word + Cell.record)
    if (record <= 0 || Atomics.load(i32, record) === Record.mark + id) {
      // A select that was won stays decided for this channel; its cell stands without condition.
      if (record > 0) i32[word + Cell.record] = 0
      i32[word + Cell.state] = CellState.standing
    }
    i32[channel + Chan.journal] = 0
  }
  const request = cellAt(world, channel, dead, Kind.request) >> 2
  const offer = cellAt(world, channel, dead, Kind.offer) >> 2
  const handed = world.word(request + Cell.state) === CellState.matched
  // An orphan that nobody has taken yet stays.
  const keep =
    world.word(offer + Cell.record) === orphan &&
    world.word(offer + Cell.state) === CellState.standing
  if (!keep) i32[offer + Cell.state] = CellState.none
  if (handed && !keep) {
    const words = world.word(channel + Chan.slotBytes) >> 2
    i32.copyWithin(offer + Cell.ticket, request + Cell.ticket, request + words)
    i32[offer + Cell.record] = orphan
    i32[offer + Cell.state] = CellState.standing
  }
  i32[request + Cell.state] = CellState.none
}

/** Byte offset of each value in a cell, for the repair of the arena. */
export function cellValues(world: World, channel: number): number[] {
  const values: number[] = []
  for (let thread = 0; thread < maxThreads; thread++) {
    for (const kind of [Kind.offer, Kind.request]) {
      const at = cellAt(world, channel, thread, kind)
      const state = world.word((at >> 2) + Cell.state)
      const holds = kind === Kind.offer ? state === CellState.standing : state === CellState.matched
      if (holds) values.push(at + cellHead)
    }
  }
  return values
}

function cellAt(world: World, channel: number, thread: number, kind: Kind): number {
  const slots = world.word(channel + Chan.slots) * 64
  return slots + (thread * 2 + kind) * world.word(channel + Chan.slotBytes)
}
