/**
 * The channels of this thread that are in use, for a page that draws their contents. Opt-in: nothing is noted, and
 * nothing costs anything, until somebody watches; a channel is then known from its first send, receive or close on, and
 * is held weakly, so that watching keeps none alive.
 */
import { Channel } from './channel.ts'
import { type HchanView, inspect } from './inspect.ts'
import { isNil } from './nil-channel.ts'
import { type Observer, observation } from './observer.ts'
import { observe } from './tracker.ts'

type AnyChannel = Channel<unknown>

/** In the order in which they were first used. */
const known = new Set<WeakRef<AnyChannel>>()
let noted = new WeakSet<AnyChannel>()
const collected = new FinalizationRegistry<WeakRef<AnyChannel>>((gone) => known.delete(gone))
let watchers = 0
let unwatch: (() => void) | null = null

/**
 * Notes the channels that are used from now on until the returned function is called; watchers may overlap. Costs what
 * `trace` costs.
 */
export function watchChannels(): () => void {
  if (watchers++ === 0) unwatch = begin()
  let stopped = false
  return () => {
    if (stopped) return
    stopped = true
    if (--watchers > 0) return
    unwatch?.()
    unwatch = null
  }
}

/**
 * What is inside each channel that was used while it was watched and is still alive, at this instant: as `inspect`
 * shows it, in the order of first use. Empty while nobody watches.
 */
export function inspectChannels(): HchanView[] {
  return [...known].flatMap((reference) => {
    const channel = reference.deref()
    return channel === undefined ? [] : [inspect(channel)]
  })
}

function begin(): () => void {
  const { tracker, stop } = observe()
  const noting = noteOn(tracker)
  observation.observer = noting
  return () => {
    if (observation.observer === noting) observation.observer = tracker
    stop()
    known.clear()
    noted = new WeakSet()
  }
}

/** The observer, with a look at the channels that it is told of. */
function noteOn(observer: Observer): Observer {
  return {
    created: (goroutine) => observer.created(goroutine),
    ended: (goroutine) => observer.ended(goroutine),
    running: (goroutine) => observer.running(goroutine),
    rest: () => observer.rest(),
    follow: (goroutine, result, finished, panicked) =>
      observer.follow(goroutine, result, finished, panicked),
    park(sudog, reason, on, promise) {
      note(on)
      observer.park(sudog, reason, on, promise)
    },
    ready: (...woken) => observer.ready(...woken),
    moved(how, channel, value) {
      note(channel)
      observer.moved(how, channel, value)
    },
    keep: (promise) => observer.keep(promise),
  }
}

function note(on: object | null): void {
  if (!(on instanceof Channel) || noted.has(on) || isNil(on)) return
  noted.add(on)
  const reference = new WeakRef<AnyChannel>(on)
  known.add(reference)
  collected.register(on, reference)
}
