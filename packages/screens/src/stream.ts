/** What all sources of values have in common: cells, computed values, event streams, and RxJS's Observables. */

export interface Observer<T> {
  next(value: T): void
  error?(reason: unknown): void
  complete?(): void
}

/** A whole observer, or only what takes values. */
export type Listener<T> = Partial<Observer<T>> | ((value: T) => void)

export interface Subscription extends Disposable {
  readonly closed: boolean
  /** Idempotent. */
  unsubscribe(): void
}

declare global {
  interface SymbolConstructor {
    /** As RxJS declares it: the name by which Observables know each other. */
    readonly observable: symbol
  }
}

/** Anything that can be subscribed to; RxJS's `Observable` is one. */
export interface Source<T> {
  subscribe(listener: Listener<T>): { unsubscribe(): void }
}

/**
 * A value that changes over time. Reading `value` in a reaction, a computed value or a view makes it depend on this one;
 * `peek()` reads without that. Subscribers get the value that is there now, then one value for each flush that changes it.
 */
export interface Readable<T> extends Source<T> {
  readonly value: T
  peek(): T
  subscribe(listener: Listener<T>): Subscription
  /** Itself, for RxJS's `from()`. */
  readonly [Symbol.observable]: () => Source<T>
}

/** A cell: a value that its owner sets. Give others `readonly()`. */
export interface Cell<T> extends Readable<T> {
  value: T
  set(value: T): void
  update(change: (value: T) => T): void
  /** The same value for all to read; nothing of it leads back to `set`. */
  readonly(): Readable<T>
}

/** What work may return: a function that takes back what it did, or nothing. */
// biome-ignore lint/suspicious/noConfusingVoidType: functions that return nothing have the type void
export type Cleanup = (() => void) | undefined | void

/** A whole observer for either form of a listener. */
export function toObserver<T>(listener: Listener<T>): Partial<Observer<T>> {
  return typeof listener === 'function' ? { next: listener } : listener
}

/** Where `Symbol.observable` is not defined, RxJS and others look for this name instead. */
export const observableKey: PropertyKey = Symbol.observable ?? '@@observable'
