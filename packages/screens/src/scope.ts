/**
 * A scope: what can be found, and who closes it. An instance belongs to the scope that registered it, is made at the
 * first `find` by a factory that sees that scope and those above only, and closes with it, in the reverse order of making.
 * Every mistake is an error that names the keys: registered twice, unknown, in a circle, or captive (it would outlive
 * what it depends on).
 */
import { clock } from './clock.ts'
import { ScreensError } from './errors.ts'
import {
  duplicateKey,
  type NamedEntry,
  refuseCaptive,
  refuseCycle,
  unknownKey,
} from './injection-errors.ts'
import { type Later, LifeCycle, phases } from './lifecycle.ts'
import { fail, Owner, onDispose, runOwned } from './owner.ts'
import { untracked } from './reactive-graph.ts'

/** What an instance is found by: its class, or a token where there is none. */
export type Key<T> = Token<T> | (abstract new (...args: never[]) => T)

/** A key for what has no class: `const baseUrl = token<string>('baseUrl')`. */
export interface Token<T> {
  readonly name: string
  readonly '~type'?: T
}

export function token<T>(name: string): Token<T> {
  return { name }
}

export interface PutOptions {
  /** Do nothing when the key is there already, instead of throwing. */
  readonly ifAbsent?: boolean
}

export interface ScopeOptions {
  readonly parent?: Scope
  /** Gets errors of reactions, life cycles and clean-ups; without it they go to the parent, then to `reportError`. */
  readonly onError?: (error: unknown) => void
  /** How long one `onClose` may take, in milliseconds; 5,000 by default. */
  readonly closeLimitMs?: number
}

interface Entry extends NamedEntry {
  readonly key: Key<unknown>
  readonly scope: Scope
  readonly make: (scope: Scope) => unknown
  made: { readonly value: unknown } | undefined
}

/** Entries whose factories are running, outermost first. */
const building: Entry[] = []

export class Scope implements AsyncDisposable {
  readonly name: string
  readonly parent: Scope | undefined
  /** @internal Owns the views and reactions of this scope. */
  readonly owner: Owner
  readonly #entries = new Map<Key<unknown>, Entry>()
  readonly #made: Entry[] = []
  readonly #children = new Set<Scope>()
  readonly #abort = new AbortController()
  readonly #closeLimitMs: number
  /** What `onInit` methods returned. */
  readonly #pending = new Set<Promise<void>>()
  #shown = false
  #closing: Promise<void> | undefined

  constructor(name: string, options: ScopeOptions = {}) {
    const { parent, onError } = options
    if (parent !== undefined) parent.#refuseClosed()
    this.name = name
    this.parent = parent
    this.#closeLimitMs =
      options.closeLimitMs ?? (parent === undefined ? 5000 : parent.#closeLimitMs)
    this.owner = runOwned(parent?.owner, () => new Owner())
    if (onError !== undefined) {
      this.owner.handle = (error) => {
        onError(error)
        return true
      }
    }
    if (parent !== undefined) parent.#children.add(this)
  }

  /** A scope inside this one. */
  child(name: string, options: Omit<ScopeOptions, 'parent'> = {}): Scope {
    return new Scope(name, { ...options, parent: this })
  }

  /** Aborted when this scope begins to close. */
  get signal(): AbortSignal {
    return this.#abort.signal
  }

  get closed(): boolean {
    return this.#closing !== undefined
  }

  /** Registers an instance that exists. */
  put<T>(key: Key<T>, instance: T, options?: PutOptions): void {
    const entry = this.#register(key, () => instance, new Error(), options)
    if (entry !== undefined) this.#make(entry)
  }

  /** Registers how to make an instance when it is first found. */
  lazyPut<T>(key: Key<T>, make: (scope: Scope) => T, options?: PutOptions): void {
    this.#register(key, make, new Error(), options)
  }

  /**
   * The instance for a key, here or above.
   * @throws {ScreensError} `UNKNOWN_KEY`, `CYCLIC_DEPENDENCY`, `CAPTIVE_DEPENDENCY`, `SCOPE_CLOSED`; what its factory or
   * `onInit` throws
   */
  find<T>(key: Key<T>): T {
    this.#refuseClosed()
    const entry = this.#lookUp(key)
    if (entry === undefined) throw unknownKey(key.name, this.name, this.#allKeys())
    if (entry.made === undefined) refuseCycle(entry, building)
    refuseCaptive(entry, building)
    // Registered under Key<T> with a T.
    return (entry.made ?? entry.scope.#make(entry)).value as T
  }

  has(key: Key<unknown>): boolean {
    return this.#lookUp(key) !== undefined
  }

  /** Runs `work` when this scope closes. */
  own(work: () => void): void {
    if (this.closed) work()
    else onDispose(work, this.owner)
  }

  /** Runs `work` so that the reactions it creates belong to this scope. */
  run<T>(work: () => T): T {
    this.#refuseClosed()
    return runOwned(this.owner, work)
  }

  /**
   * Waits until everything made so far, here and above, is initialised.
   * @throws what an `onInit` threw; that instance is then gone, and made anew when it is found again
   */
  async ready(): Promise<void> {
    await this.parent?.ready()
    for (const pending of this.#pending) {
      try {
        await pending
      } finally {
        this.#pending.delete(pending)
      }
    }
  }

  /** Tells every instance that a view is shown, those made later as soon as they are initialised. */
  shown(): void {
    this.parent?.shown()
    if (this.#shown) return
    this.#shown = true
    for (const { made } of this.#made) if (made?.value instanceof LifeCycle) begin(made.value)
  }

  /** Closes inner scopes, aborts `signal`, awaits each `onClose` (within the limit), closes what is owned. Idempotent. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Keys registered here, for tools. */
  keys(): readonly string[] {
    return [...this.#entries.keys()].map(({ name }) => name)
  }

  #allKeys(): readonly string[] {
    const above = this.parent === undefined ? [] : this.parent.#allKeys()
    return [...this.keys(), ...above]
  }

  #register<T>(
    key: Key<T>,
    make: (scope: Scope) => T,
    place: Error,
    options: PutOptions = {},
  ): Entry | undefined {
    this.#refuseClosed()
    const existing = this.#lookUp(key)
    if (existing !== undefined && options.ifAbsent) return undefined
    const entry: Entry = { key, scope: this, make, place, made: undefined }
    if (existing !== undefined) throw duplicateKey(existing, entry)
    this.#entries.set(key, entry)
    return entry
  }

  #lookUp(key: Key<unknown>): Entry | undefined {
    for (let scope: Scope | undefined = this; scope !== undefined; scope = scope.parent) {
      const entry = scope.#entries.get(key)
      if (entry !== undefined) return entry
    }
    return undefined
  }

  #make(entry: Entry): { readonly value: unknown } {
    this.#refuseClosed()
    building.push(entry)
    try {
      const value = runOwned(this.owner, () => untracked(() => entry.make(this)))
      entry.made = { value }
      this.#made.push(entry)
      if (value instanceof LifeCycle) this.#initialise(entry, value)
      return entry.made
    } finally {
      building.pop()
    }
  }

  #initialise(entry: Entry, instance: LifeCycle): void {
    const forget = () => {
      entry.made = undefined
      this.#made.splice(this.#made.indexOf(entry), 1)
      phases.release(instance)
    }
    let init: Later
    try {
      init = untracked(() => phases.init(instance))
    } catch (error) {
      forget()
      throw error
    }
    const done = () => {
      if (this.#shown) begin(instance)
    }
    if (init === undefined) {
      done()
      return
    }
    const pending = init.then(done, (error: unknown) => {
      forget()
      throw error
    })
    // A failure stays until somebody has waited for it.
    pending.then(
      () => this.#pending.delete(pending),
      () => {},
    )
    this.#pending.add(pending)
  }

  async #close(): Promise<void> {
    for (const child of [...this.#children].reverse()) await child.close()
    this.#abort.abort()
    while (this.#made.length > 0) {
      const entry = this.#made.pop()
      if (entry?.made !== undefined) await this.#closeInstance(entry.key.name, entry.made.value)
    }
    this.#entries.clear()
    this.owner.dispose()
    if (this.parent !== undefined) this.parent.#children.delete(this)
  }

  async #closeInstance(name: string, value: unknown): Promise<void> {
    try {
      const end = closeOne(value)
      if (end !== undefined) await this.#within(name, end)
    } catch (error) {
      fail(this.owner, error)
    } finally {
      if (value instanceof LifeCycle) phases.release(value)
    }
  }

  async #within(name: string, end: Promise<void>): Promise<void> {
    let cancel: (() => void) | undefined
    const limit = new Promise<never>((_, reject) => {
      const late = `${name}.onClose took over ${this.#closeLimitMs} ms and was left behind: watch its signal, or raise closeLimitMs`
      cancel = clock.after(this.#closeLimitMs, () =>
        reject(new ScreensError('CLOSE_TIMEOUT', late)),
      )
    })
    try {
      await Promise.race([end, limit])
    } finally {
      cancel?.()
    }
  }

  #refuseClosed(): void {
    if (!this.closed) return
    throw new ScreensError(
      'SCOPE_CLOSED',
      `${this.name} is closed: stop using it when its signal aborts`,
    )
  }
}

/** Calls `onReady`; its errors go to the scope. */
function begin(instance: LifeCycle): void {
  try {
    untracked(() => phases.ready(instance))?.catch((error: unknown) => phases.fail(instance, error))
  } catch (error) {
    phases.fail(instance, error)
  }
}

function closeOne(value: unknown): Later {
  if (value instanceof LifeCycle) return phases.close(value)
  if (typeof value !== 'object' || value === null) return
  const { [Symbol.dispose]: dispose, [Symbol.asyncDispose]: disposeAsync }: Closable = value
  return disposeAsync === undefined ? dispose?.call(value) : disposeAsync.call(value)
}

interface Closable {
  [Symbol.dispose]?(): void
  [Symbol.asyncDispose]?(): Promise<void>
}
