/**
 * `select` with cases on shared channels, and on channels of this thread beside them. Go's algorithm: all channels
 * are locked in the order of their ids, so that all cases are looked at in one instant, one ready case is chosen
 * fairly, or the select waits on all of them.
 */
import type { Channel } from '../channel.ts'
import { nextTurn } from '../event-loop.ts'
import { sendOnClosed } from '../panic.ts'
import { enqueueAll, foreignSelect, isReady, perform, random, shuffled } from '../select.ts'
import { type SelectCase, SendCase } from '../select-case.ts'
import { type Selected, SelectRecord } from '../select-record.ts'
import { acquireSudog } from '../sudog.ts'
import { attendIfRung, home, listen } from './home.ts'
import { lockChannel, unlockChannel } from './lock.ts'
import { freeRecord } from './rendezvous.ts'
import { SharedChannel } from './shared-channel.ts'
import {
  newcomer,
  Outcome,
  receiveLocked,
  receiveReady,
  sendLocked,
  sendReady,
} from './shared-operations.ts'
import type { Staged } from './slots.ts'
import { discard, keep, landing, stage, unstage } from './values.ts'
import { ringOwed } from './wake.ts'

foreignSelect.run = (cases) => run(cases, null)

type Cases = readonly SelectCase[]

function run(cases: Cases, again: SelectRecord | null): Promise<Selected> {
  attendIfRung()
  const { world } = home()
  const channels = sharedOf(cases)
  const staged = stageAll(cases)
  if (staged === null || !lockAll(channels)) {
    for (const value of staged ?? []) if (value !== null) discard(world, value)
    return new Promise((resolve) => nextTurn(() => resolve(run(cases, again))))
  }
  let finish: () => Promise<Selected>
  try {
    const chosen = choose(cases)
    finish = chosen < 0 ? park(cases, channels, staged) : done(cases, chosen, staged)
  } finally {
    for (const channel of channels) unlockChannel(world, channel.at)
    ringOwed(world)
  }
  return finish()
}

/** Performs the chosen case; the rest happens once the locks are released. */
function done(cases: Cases, chosen: number, staged: Parked): () => Promise<Selected> {
  const { world } = home()
  const one = cases[chosen] as SelectCase // chosen is an index of cases
  const channel = sharedChannel(one)
  let settle: () => Selected
  let used: Staged | null = null
  if (channel === null) {
    // Once the locks are released, since it may end a select that stands on these channels. Nothing of this thread
    // happens in between.
    settle = () => perform(one, chosen) ?? { index: chosen, value: undefined, ok: false }
  } else if (one instanceof SendCase) {
    const value = staged[chosen] as Staged // staged for every send case
    if (sendLocked(world, channel, value, newcomer) === Outcome.closed) {
      settle = () => {
        throw sendOnClosed()
      }
    } else {
      used = value
      settle = () => ({ index: chosen, value: undefined, ok: true })
    }
  } else {
    const ok = receiveLocked(world, channel, landing, newcomer) === Outcome.done
    settle = () => ({
      index: chosen,
      value: ok ? unstage(world, channel.lane) : channel.zero(),
      ok,
    })
  }
  return async () => {
    for (const value of staged) if (value !== null && value !== used) discard(world, value)
    return settle()
  }
}

function park(
  cases: Cases,
  channels: readonly SharedChannel<unknown>[],
  staged: Parked,
): () => Promise<Selected> {
  const { world } = home()
  const record = new SelectRecord()
  record.onFired = () => {
    let forgotten = true
    for (const channel of channels) if (!channel.forget(record)) forgotten = false
    if (forgotten) freeRecord(world, record)
  }
  record.restart = () => {
    record.cancel()
    record.follow(run(cases, record))
  }
  enqueueAll(record, cases)
  for (const i of shuffled(cases.length)) {
    const one = cases[i] as SelectCase // i is in range
    const channel = sharedChannel(one)
    if (channel !== null) enqueueSelect(channel, record, i, staged[i] ?? null)
  }
  const promise = record.parkAwait('select')
  for (const channel of channels) listen(channel)
  return () => promise
}

/** Adds a waiting select; the channel's lock is held. */
function enqueueSelect(
  channel: SharedChannel<unknown>,
  record: SelectRecord,
  index: number,
  staged: Staged | null,
): void {
  const sudog = acquireSudog()
  record.add(sudog, index, staged !== null)
  if (staged !== null) sudog.elem = keep(staged, channel.lane)
  channel.park(sudog, staged === null ? channel.recvq : channel.sendq)
}

/** The index of one ready case, fairly, or of `otherwise`, or -1; all locks are held. */
function choose(cases: Cases): number {
  const { world } = home()
  let chosen = -1
  let ready = 0
  let fallback = -1
  for (let i = 0; i < cases.length; i++) {
    const one = cases[i] as SelectCase // i is in range
    if (one.direction === 'default') {
      fallback = i
      continue
    }
    const channel = sharedChannel(one)
    const can =
      channel === null
        ? isReady(one)
        : one.direction === 'send'
          ? channel.sendq.first === null && sendReady(world, channel, 0)
          : channel.recvq.first === null && receiveReady(world, channel, 0)
    if (can && (++ready === 1 || random(ready) === 0)) chosen = i
  }
  return chosen >= 0 ? chosen : fallback
}

type Parked = readonly (Staged | null)[]

/** The values of send cases on shared channels; null when the home thread has to try again later. */
function stageAll(cases: Cases): Parked | null {
  const values: (Staged | null)[] = []
  for (const one of cases) {
    const channel = sharedChannel(one)
    if (channel === null || !(one instanceof SendCase)) {
      values.push(null)
      continue
    }
    const staged = stage(one.value, channel.lane, channel.slotBytes)
    if (staged === null) return null
    values.push(keep(staged, channel.lane))
  }
  return values
}

function sharedChannel(one: SelectCase): SharedChannel<unknown> | null {
  if (one.direction === 'default') return null
  const channel: Channel<unknown> | object | null = one.channel
  return channel instanceof SharedChannel ? channel : null
}

/** The shared channels of the cases, each once, in the order in which they are locked. */
function sharedOf(cases: Cases): SharedChannel<unknown>[] {
  const channels = new Set<SharedChannel<unknown>>()
  for (const one of cases) {
    const channel = sharedChannel(one)
    if (channel !== null) channels.add(channel)
  }
  return [...channels].sort((a, b) => a.id - b.id)
}

function lockAll(channels: readonly SharedChannel<unknown>[]): boolean {
  const { world } = home()
  for (let i = 0; i < channels.length; i++) {
    if (lockChannel(world, (channels[i] as SharedChannel<unknown>).at)) continue // i is in range
    while (--i >= 0) unlockChannel(world, (channels[i] as SharedChannel<unknown>).at)
    return false
  }
  return true
}
