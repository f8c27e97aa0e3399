/**
 * Go's `time.Sleep`, `After`, `AfterFunc`, `Timer`, `Ticker`. Durations are milliseconds. As since Go 1.23, a timer's
 * channel looks unbuffered, and after `stop` or `reset` no stale time can be received from it.
 */
import type { RecvChan } from '../chan.ts'
import { Channel, type Traits } from '../channel.ts'
import { type Element, struct } from '../element.ts'
import { nilChan } from '../nil-channel.ts'
import { Panic } from '../panic.ts'
import { parkAwait, ready } from '../park.ts'
import { go } from '../scheduler.ts'
import { acquireSudog, Wait } from '../sudog.ts'
import { type Alarm, clearAlarm, dateNow, now, setAlarm } from './clock.ts'

const time: Element<Date> = struct('time.Time', 24, new Date(0))

const timerTraits: Traits<Date> = { element: time, name: 'timer' }

/** Waits for at least `ms`; 0 or less only lets other goroutines run. */
export function sleep(ms: number): Promise<void> {
  const sudog = acquireSudog()
  const promise = parkAwait(sudog, Wait.receive, 'sleep', null)
  setAlarm({ when: 0, at: -1, ring: () => ready(sudog, undefined, true) }, now() + Math.max(0, ms))
  return promise as Promise<void> // readied with undefined
}

/** A buffer of one that `len` and `cap` do not show. */
class TimerChannel extends Channel<Date> {
  constructor() {
    super(1, timerTraits)
  }

  override get length(): number {
    return 0
  }

  override get capacity(): number {
    return 0
  }

  drain(): void {
    while (this.qcount > 0) this.tryReceive()
  }
}

/** Go's `time.Timer`. */
export class Timer {
  readonly #channel = new TimerChannel()
  readonly #alarm: Alarm

  constructor(ms: number, ring?: () => void) {
    const tell = ring ?? (() => void this.#channel.trySend(dateNow()))
    this.#alarm = { when: 0, at: -1, ring: tell }
    setAlarm(this.#alarm, now() + Math.max(0, ms))
  }

  /** Receives the time once, when the timer fires. */
  get c(): RecvChan<Date> {
    return this.#channel
  }

  /** Prevents the timer from firing; false when it had fired and its time was received, or was stopped. */
  stop(): boolean {
    const unreceived = this.#channel.qcount > 0
    this.#channel.drain()
    return clearAlarm(this.#alarm) || unreceived
  }

  /** Fires `ms` from now instead; true when the timer had been active. */
  reset(ms: number): boolean {
    const active = this.stop()
    setAlarm(this.#alarm, now() + Math.max(0, ms))
    return active
  }
}

/** `time.NewTimer`. */
export function newTimer(ms: number): Timer {
  return new Timer(ms)
}

/** A channel that gets the time once, after `ms`. */
export function after(ms: number): RecvChan<Date> {
  return new Timer(ms).c
}

/** Runs `body` in a goroutine of its own after `ms`, unless the timer is stopped. */
export function afterFunc(ms: number, body: () => unknown): Timer {
  return new Timer(ms, () => void go(body))
}

/** Go's `time.Ticker`: a time every `ms`; ticks that nobody is ready for are dropped. */
export class Ticker {
  readonly #channel = new TimerChannel()
  #period: number
  readonly #alarm: Alarm = { when: 0, at: -1, ring: () => this.#tick() }

  /** @throws {Panic} `non-positive interval for NewTicker` */
  constructor(ms: number) {
    this.#period = checkPeriod(ms, 'NewTicker')
    setAlarm(this.#alarm, now() + ms)
  }

  get c(): RecvChan<Date> {
    return this.#channel
  }

  /** No more ticks; the channel is not closed. */
  stop(): void {
    clearAlarm(this.#alarm)
    this.#channel.drain()
  }

  /** @throws {Panic} `non-positive interval for Ticker.Reset` */
  reset(ms: number): void {
    this.#period = checkPeriod(ms, 'Ticker.Reset')
    this.#channel.drain()
    setAlarm(this.#alarm, now() + ms)
  }

  [Symbol.dispose](): void {
    this.stop()
  }

  #tick(): void {
    this.#channel.trySend(dateNow())
    const late = Math.max(0, now() - this.#alarm.when)
    // Like Go, stay on the grid of the first tick and skip what was missed.
    setAlarm(this.#alarm, this.#alarm.when + this.#period * (1 + Math.floor(late / this.#period)))
  }
}

export function newTicker(ms: number): Ticker {
  return new Ticker(ms)
}

/** The channel of a ticker that is never stopped; a nil channel when `ms` is not above 0, as in Go. */
export function tick(ms: number): RecvChan<Date> {
  return ms > 0 ? new Ticker(ms).c : nilChan<Date>()
}

function checkPeriod(ms: number, where: string): number {
  if (!(ms > 0)) throw new Panic('ERR_TICKER_INTERVAL', `non-positive interval for ${where}`)
  return ms
}
