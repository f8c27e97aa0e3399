/**
 * What this thread has standing on an unbuffered shared channel: the offer of its first waiting sender, the request of
 * its first waiting receiver. All of it happens with the channel's lock held.
 */
import { ready } from '../park.ts'
import type { SelectRecord } from '../select-record.ts'
import type { Sudog, WaitQueue } from '../sudog.ts'
import { CellState, cellState, clear, decide, Kind, publish, Record, readRequest } from './cells.ts'
import type { Staged } from './slots.ts'
import { discard, landing, unstage } from './values.ts'
import { Chan, recordsPerThread, type World } from './world.ts'

interface Unbuffered {
  readonly id: number
  readonly at: number
  readonly lane: number
  readonly capacity: number
  readonly recvq: WaitQueue
  readonly sendq: WaitQueue
}

export class Rendezvous {
  private readonly world: World
  private readonly channel: Unbuffered
  /** The waiters whose cells stand, by kind. */
  private readonly standing: [Sudog | null, Sudog | null] = [null, null]

  constructor(world: World, channel: Unbuffered) {
    this.world = world
    this.channel = channel
  }

  /** Lets the first waiting sender and the first waiting receiver stand. */
  publishNext(): void {
    const { world, channel } = this
    if (channel.capacity > 0 || world.word(channel.at + Chan.closed) === 1) return
    this.publishFirst(Kind.offer, channel.sendq.first)
    this.publishFirst(Kind.request, channel.recvq.first)
  }

  /** What to do about a cell that was matched, or a sender whom the closed channel makes panic; null for nothing. */
  completed(): (() => void) | null {
    const { world, channel } = this
    if (channel.capacity > 0) return null
    const sent = this.matched(Kind.offer, channel.sendq)
    if (sent !== null) return () => ready(sent, undefined, true)
    const request = this.standing[Kind.request]
    if (request !== null && cellState(world, channel.at, Kind.request) === CellState.matched) {
      readRequest(world, channel.at, landing)
    }
    const received = this.matched(Kind.request, channel.recvq)
    if (received !== null) return () => ready(received, unstage(world, channel.lane), true)
    return world.word(channel.at + Chan.closed) === 1 ? this.panic() : null
  }

  /** A waiter is being served otherwise: its cell stands no longer. */
  withdraw(waiter: Sudog): void {
    for (const kind of [Kind.offer, Kind.request]) {
      if (this.standing[kind] !== waiter) continue
      this.standing[kind] = null
      clear(this.world, this.channel.at, kind)
    }
  }

  /** Takes the cells of a select back that is over. */
  unpublish(record: SelectRecord): void {
    for (const kind of [Kind.offer, Kind.request]) {
      const waiter = this.standing[kind]
      if (waiter !== null && waiter.select === record) this.withdraw(waiter)
    }
  }

  private publishFirst(kind: Kind, first: Sudog | null): void {
    const { world, channel } = this
    if (first === null || cellState(world, channel.at, kind) !== CellState.none) return
    const record = recordOf(world, first.select)
    if (record < 0) return
    const value = kind === Kind.offer ? (first.elem as Staged) : null // senders wait with their staged value
    publish(world, channel.at, kind, value, record)
    this.standing[kind] = first
  }

  /** The waiter whose cell was matched, out of its queue. */
  private matched(kind: Kind, queue: WaitQueue): Sudog | null {
    const { world, channel } = this
    if (cellState(world, channel.at, kind) !== CellState.matched) return null
    const waiter = this.standing[kind]
    clear(world, channel.at, kind)
    this.standing[kind] = null
    // Null: the value of a killed thread of this number, which somebody has taken.
    if (waiter !== null) queue.remove(waiter)
    return waiter
  }

  private panic(): (() => void) | null {
    const { world, channel } = this
    const sender = channel.sendq.dequeue()
    if (sender === null) return null
    this.withdraw(sender)
    const staged = sender.elem as Staged // senders wait here with their staged value
    return () => {
      discard(world, staged)
      ready(sender, undefined, false)
    }
  }
}

const freeRecords: number[] = []
let records = 0

/** The record of a select, made when it first stands somewhere; 0 for a plain waiter, -1 when none is free. */
function recordOf(world: World, select: SelectRecord | null): number {
  if (select === null) return 0
  if (select.word === 0) {
    const at = freeRecords.pop() ?? (++records < recordsPerThread ? records : 0)
    if (at === 0) return -1
    const word = world.record(world.me, at)
    select.word = word
    Atomics.store(world.i32, word, Record.waiting)
    select.claim = () => decide(world, word, Record.decided)
  }
  return select.word
}

/** The select is over and stands nowhere. */
export function freeRecord(world: World, select: SelectRecord): void {
  if (select.word === 0) return
  freeRecords.push(select.word - world.record(world.me, 0))
  select.word = 0
}
