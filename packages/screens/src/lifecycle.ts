/**
 * What managers and page controllers have in common: `onInit` when a scope has made them (awaited before anything is
 * shown), `onReady` once it is shown, `onClose` at the end; what they own is closed after that, newest first.
 */
import { fail, getOwner, Owner, onDispose, runOwned } from './owner.ts'
import { untracked } from './reactive-graph.ts'

/** What `own` takes: something to dispose, a subscription, or a function. */
export type Ownable = Disposable | { unsubscribe(): void } | (() => void)

/** Nothing, or a promise to wait for; a method that returns nothing has the type void. */
export type Later = void | Promise<void>

/** @internal What a scope does with an instance; not for subclasses, so not methods. */
export let phases: {
  run(instance: LifeCycle, phase: 'onInit' | 'onReady'): Later
  close(instance: LifeCycle): Later
  release(instance: LifeCycle): void
  fail(instance: LifeCycle, error: unknown): void
}

export abstract class LifeCycle {
  readonly #owner = new Owner(getOwner())
  #abort: AbortController | undefined
  #closed = false

  /** Set up; the page waits for the promise. Reactions and workers started before the first `await` belong to this. */
  protected onInit(): Later {}
  /** The first view that uses this is shown. */
  protected onReady(): Later {}
  /** The end; the scope waits for the promise, within a limit. `signal` was aborted before. */
  protected onClose(): Later {}

  /** Closes `thing` when this closes, at once if it has closed already. */
  protected own<T extends Ownable>(thing: T): T {
    if (this.#closed) release(thing)
    else onDispose(() => release(thing), this.#owner)
    return thing
  }

  /** Aborted when this closes: give it to `fetch` and whatever waits. */
  get signal(): AbortSignal {
    this.#abort ??= new AbortController()
    if (this.#closed) this.#abort.abort()
    return this.#abort.signal
  }

  static {
    phases = {
      run: (instance, phase) => runOwned(instance.#owner, () => untracked(() => instance[phase]())),
      close(instance) {
        instance.#closed = true
        instance.#abort?.abort()
        return instance.onClose()
      },
      release: (instance) => instance.#owner.dispose(),
      fail: (instance, error) => fail(instance.#owner, error),
    }
  }
}

/** Lives as long as the app: owns streams that any screen reads. */
export abstract class Manager extends LifeCycle {}

/** Lives as long as its page is open: one for each screen. */
export abstract class PageController extends LifeCycle {}

function release(thing: Ownable): void {
  if (typeof thing === 'function') thing()
  else if ('unsubscribe' in thing) thing.unsubscribe()
  else thing[Symbol.dispose]()
}
