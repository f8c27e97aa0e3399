/**
 * State: `cell` is set by its owner, `computed` follows from others, `reaction` is run by them.
 * Values are compared by `Object.is`, or by `equals`; an equal one is no change.
 */
import { fault } from './fault.ts'
import {
  Dirty,
  type Link,
  letGo,
  Mutable,
  propagate,
  Running,
  type SourceNode,
  settle,
} from './graph-links.ts'
import { type Owner, onDispose } from './owner.ts'
import {
  type ComputedSource,
  changed,
  compute,
  detached,
  isTracking,
  Reaction,
  refuseWriteInComputed,
  track,
  writeCount,
} from './reactive-graph.ts'
import {
  type Cell,
  type Cleanup,
  type Listener,
  observableKey,
  type Readable,
  type Source,
  type Subscription,
  toObserver,
} from './stream.ts'

export interface ValueOptions<T> {
  readonly equals?: (previous: T, next: T) => boolean
}

/** A value that its owner sets; it changes at the next flush for all readers at once. */
export function cell<T>(initial: T, options?: ValueOptions<T>): Cell<T> {
  return new CellNode(initial, options?.equals ?? Object.is)
}

/** A value that follows from others: computed when read, kept while something watches it and nothing changed. */
export function computed<T>(read: () => T, options?: ValueOptions<T>): Readable<T> {
  return new ComputedNode(read, options?.equals ?? Object.is)
}

/**
 * Runs `work` now and after each change of what it read, until the owner around it closes. A function that it returns
 * runs before the next run and at the end.
 */
export function reaction(work: () => Cleanup): Subscription {
  return new WorkReaction(work).start()
}

/** Whether `value` is a cell, a computed value or a read-only view of one. */
export function isReadable(value: unknown): value is Readable<unknown> {
  return value instanceof ReadableBase
}

/** What a function or a readable says now. */
export function currentOf<T>(source: Readable<T> | (() => T)): T {
  return typeof source === 'function' ? source() : source.value
}

/** A function or a readable as one readable. */
export function toReadable<T>(source: Readable<T> | (() => T)): Readable<T> {
  return typeof source === 'function' ? computed(source) : source
}

abstract class ReadableBase<T> implements Readable<T> {
  abstract readonly value: T
  abstract peek(): T
  declare readonly [Symbol.observable]: () => Source<T>

  subscribe(listener: Listener<T>): Subscription {
    const observer = toObserver(listener)
    return reaction(() => {
      const { value } = this
      detached(() => observer.next?.(value))
    })
  }

  toString(): string {
    return String(this.peek())
  }
}

// Not a method with a computed name: the name is known only at run time, and may be a string.
Object.defineProperty(ReadableBase.prototype, observableKey, {
  value(this: unknown) {
    return this
  },
})

class CellNode<T> extends ReadableBase<T> implements Cell<T>, SourceNode {
  /** @internal */ flags = Mutable
  /** @internal */ subs: Link | undefined = undefined
  /** @internal */ subsTail: Link | undefined = undefined
  /** @internal what readers see */ current: T
  /** @internal what they see after the next look */ next: T
  /** @internal */ readonly equals: (previous: T, next: T) => boolean

  constructor(initial: T, equals: (previous: T, next: T) => boolean) {
    super()
    this.current = this.next = initial
    this.equals = equals
  }

  get value(): T {
    track(this)
    return this.peek()
  }

  set value(value: T) {
    this.set(value)
  }

  peek(): T {
    if (this.flags & Dirty) settle(this)
    return this.current
  }

  set(value: T): void {
    refuseWriteInComputed()
    if (this.equals(this.next, value)) return
    this.next = value
    this.flags = Mutable | Dirty
    changed(this)
  }

  update(change: (value: T) => T): void {
    this.set(change(this.next))
  }

  readonly(): Readable<T> {
    return new ReadonlyView(this)
  }

  refresh(): boolean {
    this.flags = Mutable
    const previous = this.current
    this.current = this.next
    return !Object.is(previous, this.next)
  }
}

/** The mark of one key of a selector, which is forgotten when nobody watches it any more. */
export class WatchedCell<K> extends CellNode<boolean> {
  readonly #key: K
  readonly #marks: { forget(key: K): void }

  constructor(initial: boolean, key: K, marks: { forget(key: K): void }) {
    super(initial, Object.is)
    this.#key = key
    this.#marks = marks
  }

  unwatched(): void {
    this.#marks.forget(this.#key)
  }
}

class ReadonlyView<T> extends ReadableBase<T> {
  readonly #cell: CellNode<T>

  constructor(source: CellNode<T>) {
    super()
    this.#cell = source
  }

  get value(): T {
    return this.#cell.value
  }

  peek(): T {
    return this.#cell.peek()
  }
}

class ComputedNode<T> extends ReadableBase<T> implements ComputedSource {
  /** @internal */ flags = Mutable | Dirty
  /** @internal */ deps: Link | undefined = undefined
  /** @internal */ depsTail: Link | undefined = undefined
  /** @internal */ version = 0
  /** @internal */ subs: Link | undefined = undefined
  /** @internal */ subsTail: Link | undefined = undefined
  /** The value, or what computing it threw. */
  #current: unknown
  #state: 'none' | 'value' | 'thrown' = 'none'
  /** Writes when it was last computed unwatched. */
  #seen = -1
  readonly #read: () => T
  readonly #equals: (previous: T, next: T) => boolean

  constructor(read: () => T, equals: (previous: T, next: T) => boolean) {
    super()
    this.#read = read
    this.#equals = equals
  }

  get value(): T {
    if (!isTracking()) return this.peek()
    this.#refuseCycle()
    settle(this)
    track(this)
    return this.#result()
  }

  peek(): T {
    this.#refuseCycle()
    if (this.subs !== undefined) settle(this)
    else if (this.#seen !== writeCount()) {
      this.#seen = writeCount()
      this.refresh()
      this.unwatched()
    }
    return this.#result()
  }

  notify(): void {
    propagate(this)
  }

  refresh(): boolean {
    const state = this.#state
    const previous = this.#current
    this.flags = Mutable | Running
    compute(this)
    this.flags &= ~Running
    if (state !== this.#state) return true
    if (state === 'thrown') return previous !== this.#current
    // Both are values then.
    if (!this.#equals(previous as T, this.#current as T)) return true
    this.#current = previous
    return false
  }

  evaluate(): void {
    try {
      this.#current = this.#read()
      this.#state = 'value'
    } catch (error) {
      this.#current = error
      this.#state = 'thrown'
    }
  }

  unwatched(): void {
    letGo(this)
    this.flags = Mutable | Dirty
  }

  #result(): T {
    if (this.#state === 'thrown') throw this.#current
    return this.#current as T // the state is 'value' once it was computed
  }

  #refuseCycle(): void {
    if (this.flags & Running) throw fault('COMPUTED_CYCLE')
  }
}

class WorkReaction extends Reaction implements Subscription {
  readonly #work: () => Cleanup

  constructor(work: () => Cleanup, owner?: Owner) {
    super(owner)
    this.#work = work
  }

  protected execute(): void {
    const cleanup = this.#work()
    if (typeof cleanup === 'function') onDispose(cleanup, this)
  }

  unsubscribe(): void {
    this.dispose()
  }
}
