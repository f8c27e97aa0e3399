/**
 * A scope: what can be found, and who closes it. An instance belongs to the scope that registered it, is made at the
 * first `find` by a factory that sees that scope and those above only, and closes with it, in the reverse order of making.
 * Every mistake is an error that names the keys: registered twice, unknown, in a circle, or captive (it would outlive
 * what it depends on).
 */
import { here } from '@typestead/screens/diagnosis'
import { clock } from './clock.ts'
import { fault } from './fault.ts'
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

interface Entry {
  readonly key: Key<unknown>
  readonly scope: Scope
  readonly make: (scope: Scope) => unknown
  /** Where it was registered; not known in production. */
  readonly place: Error | undefined
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
    this.name = name
    this.parent = parent
    this.#closeLimitMs = options.closeLimitMs ?? 5000
    if (parent !== undefined) {
      parent.#refuseClosed()
      parent.#children.add(this)
      this.#closeLimitMs = options.closeLimitMs ?? parent.#closeLimitMs
    }
    this.owner = runOwned(parent?.owner, () => new Owner())
    if (onError !== undefined) {
      this.owner.handle = (error) => {
        onError(error)
        return true
      }
    }
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
    const entry = this.#register(key, () => instance, here(), options)
    if (entry !== undefined) this.#make(entry)
  }

  /** Registers how to make an instance when it is first found. */
  lazyPut<T>(key: Key<T>, make: (scope: Scope) => T, options?: PutOptions): void {
    this.#register(key, make, here(), options)
  }

  /**
   * The instance for a key, here or above.
   * @throws {ScreensError} `UNKNOWN_KEY`, `CYCLIC_DEPENDENCY`, `CAPTIVE_DEPENDENCY`, `SCOPE_CLOSED`; what its factory or
   * `onInit` throws
   */
  find<T>(key: Key<T>): T {
    this.#refuseClosed()
    const entry = this.#lookUp(key)
    if (entry === undefined) throw fault('UNKNOWN_KEY', key, this)
    refuseCycle(entry)
    refuseCaptive(entry)
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
    for (const { made } of this.#made) if (made?.value instanceof LifeCycle) void begin(made.value)
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

  #register<T>(
    key: Key<T>,
    make: (scope: Scope) => T,
    place: Error | undefined,
    options: PutOptions | undefined,
  ): Entry | undefined {
    this.#refuseClosed()
    const existing = this.#lookUp(key)
    if (existing !== undefined) {
      if (options?.ifAbsent) return undefined
      throw fault('DUPLICATE_KEY', key, existing.scope, existing.place, this, place)
    }
    const entry: Entry = { key, scope: this, make, place, made: undefined }
    this.#entries.set(key, entry)
    return entry
  }

  #lookUp(key: Key<unknown>): Entry | undefined {
    const { parent } = this
    return this.#entries.get(key) ?? (parent === undefined ? undefined : parent.#lookUp(key))
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
      init = phases.run(instance, 'onInit')
    } catch (error) {
      forget()
      throw error
    }
    const done = () => {
      if (this.#shown) void begin(instance)
    }
    if (init === undefined) {
      done()
      return
    }
    const pending = init.then(done, (error: unknown) => {
      forget()
      throw error
    })
    this.#pending.add(pending)
    // A failure stays until somebody has waited for it.
    pending.then(
      () => this.#pending.delete(pending),
      () => {},
    )
  }

  async #close(): Promise<void> {
    for (const child of [...this.#children].reverse()) await child.close()
    this.#abort.abort()
    while (this.#made.length > 0) {
      const entry = this.#made.pop()
      if (entry?.made !== undefined) await this.#closeInstance(entry.key, entry.made.value)
    }
    this.#entries.clear()
    this.owner.dispose()
    if (this.parent !== undefined) this.parent.#children.delete(this)
  }

  async #closeInstance(key: Key<unknown>, value: unknown): Promise<void> {
    let cancel: (() => void) | undefined
    try {
      const end = closeOne(value)
      if (end !== undefined) {
        const limit = this.#closeLimitMs
        const late = new Promise<never>((_, reject) => {
          cancel = clock.after(limit, () => reject(fault('CLOSE_TIMEOUT', key, limit)))
        })
        await Promise.race([end, late])
      }
    } catch (error) {
      fail(this.owner, error)
    } finally {
      cancel?.()
      if (value instanceof LifeCycle) phases.release(value)
    }
  }

  #refuseClosed(): void {
    if (this.closed) throw fault('SCOPE_CLOSED', this)
  }
}

/** @throws {ScreensError} `CYCLIC_DEPENDENCY` when `entry` is being made already */
function refuseCycle(entry: Entry): void {
  const at = building.indexOf(entry)
  if (at < 0) return
  throw fault('CYCLIC_DEPENDENCY', ...[...building.slice(at), entry].map(({ key }) => key))
}

/** @throws {ScreensError} `CAPTIVE_DEPENDENCY` when what is being made lives longer than `entry` */
function refuseCaptive({ key, scope }: Entry): void {
  const maker = building.at(-1)
  for (let { parent } = scope; maker !== undefined && parent !== undefined; { parent } = parent) {
    if (parent === maker.scope) throw fault('CAPTIVE_DEPENDENCY', maker.key, parent, key, scope)
  }
}

/** Calls `onReady`; its errors go to the scope. */
async function begin(instance: LifeCycle): Promise<void> {
  try {
    await phases.run(instance, 'onReady')
  } catch (error) {
    phases.fail(instance, error)
  }
}

function closeOne(value: unknown): Later {
  if (value instanceof LifeCycle) return phases.close(value)
  // Asked by name of whatever it is; nothing else of it is used.
  const closable = value as Closable | null | undefined
  if (closable?.[Symbol.asyncDispose] === undefined) return closable?.[Symbol.dispose]?.()
  return closable[Symbol.asyncDispose]?.()
}

interface Closable {
  [Symbol.dispose]?(): void
  [Symbol.asyncDispose]?(): Promise<void>
}
