/**
 * `select`: waits until one of its cases can proceed and performs that one. Among several that can, each is chosen
 * with equal probability; `otherwise` is chosen when none can, all looked at in one instant. Arguments are evaluated
 * once, in order, before anything is tried. After Go's `runtime/select.go`, but without its shuffle: see `choose`.
 */
import type { Channel } from './channel.ts'
import { breath, settleAfterTurn } from './event-loop.ts'
import { observation } from './observer.ts'
import { Panic, sendOnClosed } from './panic.ts'
import { drained, nothing } from './receive-outcome.ts'
import { RecvCase, type SelectCase, type SendCase } from './select-case.ts'
import { type Selected, SelectRecord } from './select-record.ts'
import { Wait } from './sudog.ts'

/** The result of a `select`: `index` is the place of the case in the call and narrows `value`. */
export type SelectResult<C extends readonly SelectCase[]> = {
  [I in keyof C]: C[I] extends RecvCase<infer T>
    ? { readonly index: IndexOf<I>; readonly value: T; readonly ok: boolean }
    : { readonly index: IndexOf<I>; readonly value: undefined; readonly ok: boolean }
}[number]

type IndexOf<I> = I extends `${infer N extends number}` ? N : number

/** @internal how a select with cases on channels of other threads is done; set by the threads part. */
export const foreignSelect: {
  run: ((cases: readonly SelectCase[]) => Promise<Selected>) | null
} = { run: null }

/**
 * `select { … }`. Without cases it waits forever.
 * @throws {Panic} (as a rejection) `send on closed channel` when that case is chosen
 */
export function select<const C extends readonly SelectCase[]>(
  ...cases: C
): Promise<SelectResult<C>> {
  let foreign: boolean
  try {
    foreign = hasForeign(cases)
  } catch (reason) {
    return Promise.reject(reason)
  }
  // The index tells the case, and the case's channel holds values of its type.
  return selectOver(cases, foreign) as Promise<SelectResult<C>>
}

/** Bound here: the engine treats what a module binds itself as constant, what it imports it reads each time. */
const budget = breath
const observing = observation
const none = nothing
const { plainSend } = Wait

/** @internal */
export function selectOver(cases: readonly SelectCase[], foreign: boolean): Promise<Selected> {
  if (--budget.left < 0 || foreign || observing.observer !== null) {
    const promise = attempt(cases, foreign, random(cases.length))
    return budget.left < 0 ? settleAfterTurn(promise) : promise
  }
  const index = random(cases.length)
  const tried = cases[index]
  // What `choose` would find, without the detour.
  if (tried instanceof RecvCase && tried.local !== null) {
    const channel = tried.local
    const sender = channel.sendq.first
    if (sender !== null && sender.kind === plainSend && channel.qcount === 0) {
      const value = sender.elem
      channel.sendq.shiftPlain(sender)(undefined)
      return Promise.resolve({ index, value, ok: true })
    }
    const value = channel.receiveNow()
    if (value !== none) return Promise.resolve(receivedBy(channel, index, value))
  }
  return attempt(cases, false, index)
}

function attempt(cases: readonly SelectCase[], foreign: boolean, drawn: number): Promise<Selected> {
  try {
    if (foreign && foreignSelect.run !== null) return foreignSelect.run(cases)
    const selected = selectNow(cases, drawn)
    if (selected !== null) return observed(selected)
    return enqueueAll(new SelectRecord(), cases).parkAwait(
      cases.length === 0 ? 'select (no cases)' : 'select',
    )
  } catch (reason) {
    return Promise.reject(reason)
  }
}

/**
 * @internal Performs one ready case, or `otherwise`; null when the select has to wait. `drawn` is a case drawn at random.
 * @throws {Panic} `send on closed channel`; ERR_MULTIPLE_DEFAULTS
 */
export function selectNow(
  cases: readonly SelectCase[],
  drawn = random(cases.length),
): Selected | null {
  for (let first = drawn; ; first = random(cases.length)) {
    const chosen = choose(cases, first)
    const candidate = cases[chosen]
    if (candidate === undefined) return null
    const selected = perform(candidate, chosen)
    // Null when the only waiter was a select that had been won on another thread: look again.
    if (selected !== null) return selected
  }
}

/**
 * @internal The index of one ready case, fairly, or of `otherwise`, or -1. `drawn` was drawn among all: if it
 * is ready it is the choice, each ready case being as likely as any other. If it is not, one pass chooses among those
 * that are (reservoir sampling: ready case k replaces the choice with probability 1/k).
 */
export function choose(cases: readonly SelectCase[], drawn: number): number {
  const first = cases[drawn]
  if (first !== undefined && first.direction !== 'default' && isReady(first)) return drawn
  let chosen = -1
  let ready = 0
  let fallback = -1
  for (let i = 0; i < cases.length; i++) {
    const candidate = cases[i] as SelectCase // i is in range
    if (candidate.direction === 'default') fallback = i
    else if (isReady(candidate) && (++ready === 1 || random(ready) === 0)) chosen = i
  }
  return chosen >= 0 ? chosen : fallback
}

/** @internal whether a case on a channel of this thread can proceed now. */
export function isReady(candidate: RecvCase<unknown> | SendCase): boolean {
  // Cases of other threads never come here; see `attempt`.
  const channel = candidate.local
  if (channel === null) return false
  if (candidate.direction === 'receive') {
    return channel.qcount > 0 || channel.closed || channel.sendq.first !== null
  }
  return channel.closed || channel.qcount < channel.dataqsiz || channel.recvq.first !== null
}

/** @internal Performs a ready case; null when it turns out not to be. */
export function perform(chosen: SelectCase, index: number): Selected | null {
  if (chosen.direction === 'default') return { index, value: undefined, ok: false }
  const channel = chosen.local as Channel<unknown> // a ready case has a channel of this thread
  if (chosen.direction === 'receive') {
    const value = channel.receiveNow()
    return value === nothing ? null : receivedBy(channel, index, value)
  }
  if (channel.closed) throw sendOnClosed()
  return channel.sendNow(channel.copied(chosen.value))
    ? { index, value: undefined, ok: true }
    : null
}

function receivedBy(channel: Channel<unknown>, index: number, value: unknown): Selected {
  return value === drained
    ? { index, value: channel.element.zero, ok: false }
    : { index, value, ok: true }
}

/** @internal Waits in the queue of every case of this thread. */
export function enqueueAll(record: SelectRecord, cases: readonly SelectCase[]): SelectRecord {
  for (const i of shuffled(cases.length)) {
    const waiting = cases[i] as SelectCase // i is in range
    if (waiting.direction === 'default') continue
    const channel = waiting.local
    if (channel === null) continue
    if (waiting.direction === 'send') {
      record.enqueue(channel, i, 'send', channel.copied(waiting.value))
    } else record.enqueue(channel, i, 'receive', undefined)
  }
  return record
}

/**
 * @internal Whether a case is on a channel of another thread.
 * @throws {Panic} ERR_MULTIPLE_DEFAULTS
 */
export function hasForeign(cases: readonly SelectCase[]): boolean {
  let foreign = false
  let defaults = 0
  for (let i = 0; i < cases.length; i++) {
    const one = cases[i] as SelectCase // i is in range
    if (one.direction === 'default') defaults++
    else if (one.local === null && one.channel !== null) foreign = true
  }
  if (defaults > 1) throw multipleDefaults()
  return foreign
}

export function multipleDefaults(): Panic {
  return new Panic('ERR_MULTIPLE_DEFAULTS', 'select has more than one `otherwise`; keep one')
}

/** @internal The numbers below `count` in a random order: cases on one channel then wait there in any. */
export function shuffled(count: number): number[] {
  const order: number[] = []
  // Fisher and Yates, inside out.
  for (let i = 0; i < count; i++) {
    const at = random(i + 1)
    if (at !== i) order.push(order[at] as number) // at is below i
    order[at] = i
  }
  return order
}

function observed(selected: Selected): Promise<Selected> {
  const promise = Promise.resolve(selected)
  return observation.observer === null ? promise : observation.observer.keep(promise)
}

let seed = (Math.random() * 0x7fffffff) | 1

/** A number from 0 to `below` - 1, evenly (xorshift32, G. Marsaglia 2003; multiply-shift instead of a division). */
export function random(below: number): number {
  seed ^= seed << 13
  seed ^= seed >>> 17
  seed ^= seed << 5
  if (below <= 0x8000) return Math.imul(seed >>> 16, below) >>> 16
  return Math.floor(((seed >>> 0) / 0x100000000) * below)
}
