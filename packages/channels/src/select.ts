/**
 * `select`: waits until one of its cases can proceed and performs that one. Among several that can, each is chosen
 * with equal probability; `otherwise` is chosen when none can, all looked at in one instant. Arguments are evaluated
 * once, in order, before anything is tried. After Go's `runtime/select.go`; the fair choice is made by reservoir
 * sampling in one pass (case k of the ready ones replaces the choice with probability 1/k), which needs no shuffle.
 */
import type { Channel } from './channel.ts'
import { breath, settleAfterTurn } from './event-loop.ts'
import { observation } from './observer.ts'
import { Panic, sendOnClosed } from './panic.ts'
import { lastReceive, nothing } from './receive-outcome.ts'
import { type RecvCase, type SelectCase, SendCase } from './select-case.ts'
import { type Selected, SelectRecord } from './select-record.ts'

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
  // The index tells the case, and the case's channel holds values of its type.
  return selectOver(cases, hasForeign(cases)) as Promise<SelectResult<C>>
}

/** @internal */
export function selectOver(cases: readonly SelectCase[], foreign: boolean): Promise<Selected> {
  const promise = attempt(cases, foreign)
  return --breath.left < 0 ? settleAfterTurn(promise) : promise
}

function attempt(cases: readonly SelectCase[], foreign: boolean): Promise<Selected> {
  try {
    if (foreign && foreignSelect.run !== null) return foreignSelect.run(cases)
    const selected = selectNow(cases)
    if (selected !== null) return observed(selected)
    return enqueueAll(new SelectRecord(), cases).parkAwait(
      cases.length === 0 ? 'select (no cases)' : 'select',
    )
  } catch (reason) {
    return Promise.reject(reason)
  }
}

/**
 * @internal Performs one ready case, or `otherwise`; null when the select has to wait.
 * @throws {Panic} `send on closed channel`; ERR_MULTIPLE_DEFAULTS
 */
export function selectNow(cases: readonly SelectCase[]): Selected | null {
  for (;;) {
    const chosen = choose(cases)
    const candidate = cases[chosen]
    if (candidate === undefined) return null
    const selected = perform(candidate, chosen)
    // Null when the only waiter was a select that had been won on another thread: look again.
    if (selected !== null) return selected
  }
}

/** @internal The index of one ready case, fairly, or of `otherwise`, or -1. */
export function choose(cases: readonly SelectCase[]): number {
  let chosen = -1
  let ready = 0
  let fallback = -1
  for (let i = 0; i < cases.length; i++) {
    const candidate = cases[i] as SelectCase // i is in range
    if (candidate.direction === 'default') {
      if (fallback >= 0) throw multipleDefaults()
      fallback = i
    } else if (isReady(candidate) && (++ready === 1 || random(ready) === 0)) chosen = i
  }
  return chosen >= 0 ? chosen : fallback
}

/** @internal whether a case on a channel of this thread can proceed now. */
export function isReady(candidate: RecvCase<unknown> | SendCase): boolean {
  // Cases of other threads never come here; see `attempt`.
  const channel = candidate.channel as Channel<unknown> | null
  if (channel === null) return false
  if (candidate.direction === 'receive') {
    return channel.qcount > 0 || channel.closed || channel.sendq.first !== null
  }
  return channel.closed || channel.qcount < channel.dataqsiz || channel.recvq.first !== null
}

/** @internal Performs a ready case; null when it turns out not to be. */
export function perform(chosen: SelectCase, index: number): Selected | null {
  if (chosen.direction === 'default') return { index, value: undefined, ok: false }
  const channel = chosen.channel as Channel<unknown> // a ready case has a channel of this thread
  if (chosen.direction === 'receive') {
    const value = channel.receiveNow()
    return value === nothing ? null : { index, value, ok: lastReceive.ok }
  }
  if (channel.closed) throw sendOnClosed()
  const value = channel.copy === null ? chosen.value : channel.copy(chosen.value)
  return channel.sendNow(value) ? { index, value: undefined, ok: true } : null
}

/** @internal Waits in the queue of every case of this thread. */
export function enqueueAll(record: SelectRecord, cases: readonly SelectCase[]): SelectRecord {
  for (let i = 0; i < cases.length; i++) {
    const waiting = cases[i] as SelectCase // i is in range
    if (waiting.direction === 'default') continue
    const channel = waiting.channel as Channel<unknown> | null
    if (channel === null || channel.foreign) continue
    if (waiting instanceof SendCase) {
      const value = channel.copy === null ? waiting.value : channel.copy(waiting.value)
      record.enqueue(channel, i, 'send', value)
    } else record.enqueue(channel, i, 'receive', undefined)
  }
  return record
}

export function hasForeign(cases: readonly SelectCase[]): boolean {
  for (let i = 0; i < cases.length; i++) {
    const one = cases[i] as SelectCase // i is in range
    if (one.direction !== 'default' && one.channel?.foreign === true) return true
  }
  return false
}

export function multipleDefaults(): Panic {
  return new Panic('ERR_MULTIPLE_DEFAULTS', 'select has more than one `otherwise`; keep one')
}

function observed(selected: Selected): Promise<Selected> {
  const promise = Promise.resolve(selected)
  return observation.observer === null ? promise : observation.observer.keep(promise)
}

let seed = (Math.random() * 0x7fffffff) | 1

/** A number from 0 to `below` - 1 (xorshift32, G. Marsaglia 2003; multiply-shift instead of a division). */
export function random(below: number): number {
  seed ^= seed << 13
  seed ^= seed >>> 17
  seed ^= seed << 5
  return Math.floor(((seed >>> 0) / 0x100000000) * below)
}
