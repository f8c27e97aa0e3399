/**
 * Events: every one reaches every subscriber, in the order of emission, also those emitted while another is being
 * delivered. A subscriber that throws is reported to its owner; the others still get the event.
 */
import { type ValuesOptions, valuesOf } from './async-values.ts'
import { fault } from './fault.ts'
import { fail, getOwner, Owned, type Owner } from './owner.ts'
import { detached, graphStats } from './reactive-graph.ts'
import {
  type Cleanup,
  type Listener,
  type Observer,
  observableKey,
  type Source,
  type Subscription,
  toObserver,
} from './stream.ts'

/** Starts a stream for one subscriber; what it returns stops it. */
export type Connect<T> = (observer: Observer<T>) => Cleanup

/** What others may do with events: subscribe, iterate, pass on to RxJS. */
export interface Events<T> extends Source<T>, AsyncIterable<T> {
  subscribe(listener: Listener<T>): Subscription
  /** Every event; a reader that falls more than `limit` behind gets an error. */
  values(options?: ValuesOptions): AsyncIterable<T>
  /** Itself, for RxJS's `from()`. */
  readonly [Symbol.observable]: () => Source<T>
}

/** Events that the holder of this object emits. Give others `readonly()`. */
export class EventStream<T> implements Events<T> {
  #subscribers = new Set<EventSubscription<T>>()
  /** Events that wait for the one being delivered. */
  #waiting: Delivery<T>[] = []
  #delivering = false
  #end: Delivery<T> | undefined
  declare readonly [Symbol.observable]: () => Source<T>

  /** @throws {ScreensError} `STREAM_ENDED` after `complete` or `error` */
  emit(event: T): void {
    this.#refuseEnded()
    this.#deliver((subscription) => subscription.next(event))
  }

  complete(): void {
    this.#finish((subscription) => subscription.complete())
  }

  error(reason: unknown): void {
    this.#finish((subscription) => subscription.error(reason))
  }

  /** Who listens now. */
  get subscribers(): number {
    return this.#subscribers.size
  }

  subscribe(listener: Listener<T>): Subscription {
    const subscription = new EventSubscription(listener, () => {
      this.#subscribers.delete(subscription)
    })
    if (this.#end !== undefined) this.#end(subscription)
    else this.#subscribers.add(subscription)
    return subscription
  }

  /** The same events for all to hear; nothing of it leads back to `emit`. */
  readonly(): Events<T> {
    return stream((observer) => {
      const subscription = this.subscribe(observer)
      return () => subscription.unsubscribe()
    })
  }

  values(options: ValuesOptions = {}): AsyncIterable<T> {
    return valuesOf(this, options)
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return valuesOf(this)[Symbol.asyncIterator]()
  }

  #finish(delivery: Delivery<T>): void {
    this.#refuseEnded()
    this.#end = delivery
    this.#deliver(delivery)
  }

  #refuseEnded(): void {
    if (this.#end !== undefined) throw fault('STREAM_ENDED')
  }

  #deliver(delivery: Delivery<T>): void {
    this.#waiting.push(delivery)
    if (this.#delivering) return
    this.#delivering = true
    for (let at = 0; at < this.#waiting.length; at++) {
      const next = this.#waiting[at] as Delivery<T> // below the length
      for (const subscription of [...this.#subscribers]) next(subscription)
    }
    this.#waiting.length = 0
    this.#delivering = false
  }
}

type Delivery<T> = (subscription: EventSubscription<T>) => void

/** Events from a source that is connected anew for each subscriber. */
export function stream<T>(connect: Connect<T>): Events<T> {
  return new ConnectedStream(connect)
}

class ConnectedStream<T> implements Events<T> {
  readonly #connect: Connect<T>
  declare readonly [Symbol.observable]: () => Source<T>

  constructor(connect: Connect<T>) {
    this.#connect = connect
  }

  subscribe(listener: Listener<T>): Subscription {
    let stop: Cleanup
    const subscription = new EventSubscription<T>(listener, () => stop?.())
    try {
      stop = this.#connect(subscription)
    } catch (error) {
      subscription.error(error)
    }
    // It may have ended before there was anything to stop.
    if (subscription.closed) stop?.()
    return subscription
  }

  values(options: ValuesOptions = {}): AsyncIterable<T> {
    return valuesOf(this, options)
  }

  [Symbol.asyncIterator](): AsyncIterator<T, undefined> {
    return valuesOf(this)[Symbol.asyncIterator]()
  }
}

for (const { prototype } of [EventStream, ConnectedStream]) {
  // Not a method with a computed name: the name is known only at run time, and may be a string.
  Object.defineProperty(prototype, observableKey, {
    value(this: unknown) {
      return this
    },
  })
}

/** One listener; it ends once, and belongs to the owner that was running when it subscribed. */
class EventSubscription<T> extends Owned implements Subscription, Observer<T> {
  #closed = false
  readonly #observer: Partial<Observer<T>>
  readonly #stop: () => void
  readonly #reportTo: Owner | undefined

  constructor(listener: Listener<T>, stop: () => void) {
    const owner = getOwner()
    super(owner)
    this.#reportTo = owner
    this.#observer = toObserver(listener)
    this.#stop = stop
    graphStats.subscriptions++
  }

  get closed(): boolean {
    return this.#closed
  }

  next(event: T): void {
    if (!this.#closed) this.#guard(() => this.#observer.next?.(event))
  }

  /** An error that nobody listens to goes to the owner. */
  error(reason: unknown): void {
    if (this.#closed) return
    this.dispose()
    if (this.#observer.error === undefined) fail(this.#reportTo, reason)
    else this.#guard(() => this.#observer.error?.(reason))
  }

  complete(): void {
    if (this.#closed) return
    this.dispose()
    this.#guard(() => this.#observer.complete?.())
  }

  unsubscribe(): void {
    this.dispose()
  }

  dispose(): void {
    if (this.#closed) return
    this.#closed = true
    graphStats.subscriptions--
    this.detach()
    this.#guard(this.#stop)
  }

  #guard(work: () => void): void {
    try {
      detached(work)
    } catch (error) {
      fail(this.#reportTo, error)
    }
  }
}
