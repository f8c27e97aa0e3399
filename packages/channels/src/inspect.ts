/**
 * The insides of a channel as plain data: Go's `hchan` with its wait queues of sudogs, at this instant.
 */
import type { RecvChan, SendChan } from './chan.ts'
import { Channel, typeName } from './channel.ts'
import type { Goroutine } from './goroutine.ts'
import { isNil } from './nil-channel.ts'
import { Panic } from './panic.ts'
import type { Sudog, WaitQueue } from './sudog.ts'

/** A waiting goroutine. `next` and `prev` are places in the list of waiters, null at the ends. */
export interface SudogView {
  /** `g7`, or `g?` in the await lane while goroutines are not observed. */
  readonly g: string
  readonly isSelect: boolean
  readonly next: number | null
  readonly prev: number | null
  /** The value to send; undefined for a receiver. */
  readonly elem: unknown
}

export interface HchanView {
  readonly type: string
  readonly address: string
  readonly name: string
  readonly qcount: number
  readonly dataqsiz: number
  readonly elemsize: number
  readonly elemtype: string
  /** The circular queue by slot, `dataqsiz` long; undefined where a slot is empty. */
  readonly buf: readonly unknown[]
  readonly closed: 0 | 1
  readonly sendx: number
  readonly recvx: number
  readonly recvq: readonly SudogView[]
  readonly sendq: readonly SudogView[]
  /** 0: within one thread nobody can look while an operation is under way. */
  readonly lock: 0 | 1
}

/** @throws {Panic} ERR_NOT_A_CHANNEL for anything that is not a channel of this thread */
export function inspect(channel: RecvChan<never> | SendChan<never>): HchanView {
  if (!(channel instanceof Channel)) {
    throw new Panic(
      'ERR_NOT_A_CHANNEL',
      'inspect() takes a channel made by makeChan or nilChan; for a shared channel use inspectShared()',
    )
  }
  const { element, qcount, dataqsiz, sendx, recvx, closed, name } = channel
  return {
    type: typeName(channel),
    address: channel.toString(),
    name,
    qcount,
    dataqsiz: isNil(channel) ? 0 : dataqsiz,
    elemsize: element.size,
    elemtype: element.name,
    // Slots beyond what was ever filled are not allocated yet; show them empty up to a size that can be read.
    buf: Array.from({ length: Math.min(dataqsiz, 1024) }, (_, i) => channel.buf[i]),
    closed: closed ? 1 : 0,
    sendx,
    recvx,
    recvq: view(channel.recvq, false),
    sendq: view(channel.sendq, true),
    lock: 0,
  }
}

/** Go's `%T` of a channel: `chan int`. */
export function chanType(channel: RecvChan<never> | SendChan<never>): string {
  return inspect(channel).type
}

function view(queue: WaitQueue, sending: boolean): SudogView[] {
  const sudogs: Sudog[] = []
  for (let sudog = queue.first; sudog !== null; sudog = sudog.next) sudogs.push(sudog)
  return sudogs.map((sudog, at) => ({
    g: label(sudog.g),
    isSelect: sudog.isSelect,
    next: at + 1 < sudogs.length ? at + 1 : null,
    prev: at > 0 ? at - 1 : null,
    elem: sending ? sudog.elem : undefined,
  }))
}

export function label(goroutine: Goroutine | null): string {
  return goroutine === null ? 'g?' : `g${goroutine.id}`
}
