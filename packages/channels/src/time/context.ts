/**
 * Go's `context`: a deadline, a cancellation and values that travel with a task. Cancelling a context cancels all
 * derived from it. Works with `AbortSignal` both ways: `context.signal`, and `withSignal(parent, signal)`.
 */
import type { RecvChan } from '../chan.ts'
import { Channel, type Traits } from '../channel.ts'
import { unit } from '../element.ts'
import { Panic } from '../panic.ts'
import { go } from '../scheduler.ts'
import { type Alarm, clearAlarm, now, setAlarm } from './clock.ts'

/** Why a context ended; one of the two objects `canceled` and `deadlineExceeded`. */
export class ContextError extends Error {
  override readonly name = 'ContextError'
  readonly code: 'ERR_CONTEXT_CANCELED' | 'ERR_CONTEXT_DEADLINE'

  constructor(code: ContextError['code'], message: string) {
    super(message)
    this.code = code
  }
}

/** Go's `context.Canceled`. */
export const canceled = new ContextError('ERR_CONTEXT_CANCELED', 'context canceled')
/** Go's `context.DeadlineExceeded`. */
export const deadlineExceeded = new ContextError(
  'ERR_CONTEXT_DEADLINE',
  'context deadline exceeded',
)

export type CancelFunc = () => void
export type CancelCause = (cause?: unknown) => void

const doneTraits: Traits<undefined> = { element: unit, name: 'context.done' }

export class Context {
  readonly #parent: Context | null
  readonly #label: string
  #done: Channel<undefined> | null = null
  #err: ContextError | null = null
  #cause: unknown = undefined
  #controller: AbortController | null = null
  readonly #ends = new Set<() => void>()
  #key: unknown = undefined
  #value: unknown = undefined
  #deadline: number | null = null
  #cancellable = false

  /** @internal use `background`, `withCancel`, … */
  constructor(parent: Context | null, label: string) {
    this.#parent = parent
    this.#label = label
    this.#deadline = parent === null ? null : parent.#deadline
  }

  /** Closed when the context ends; null (a nil channel) when it never can. */
  done(): RecvChan<undefined> | null {
    if (!this.#cancellable) return null
    if (this.#done === null) {
      this.#done = new Channel<undefined>(0, doneTraits)
      if (this.#err !== null) this.#done.close()
    }
    return this.#done
  }

  /** null until the context ends, then `canceled` or `deadlineExceeded`. */
  get err(): ContextError | null {
    return this.#err
  }

  /** The reason given to a `CancelCause`, else `err`. */
  get cause(): unknown {
    return this.#cause
  }

  /** When the context will end by itself. */
  get deadline(): Date | null {
    return this.#deadline === null ? null : new Date(Date.now() + this.#deadline - now())
  }

  /** Aborted, with the cause as its reason, when the context ends. */
  get signal(): AbortSignal {
    if (this.#controller === null) {
      this.#controller = new AbortController()
      if (this.#err !== null) this.#controller.abort(this.#cause)
    }
    return this.#controller.signal
  }

  /** The value nearest above that was set for `key`. */
  value(key: unknown): unknown {
    for (let context: Context | null = this; context !== null; context = context.#parent) {
      if (context.#key === key && key !== undefined) return context.#value
    }
    return undefined
  }

  toString(): string {
    return this.#parent === null ? this.#label : `${this.#parent.toString()}.${this.#label}`
  }

  /** @internal */
  static derive(parent: Context, label: string, cancellable: boolean): Context {
    if (parent == null) throw new Panic('ERR_NIL_CONTEXT', 'cannot create context from nil parent')
    const child = new Context(parent, label)
    child.#cancellable = cancellable || parent.#cancellable
    if (parent.#err !== null) child.end(parent.#err, parent.#cause)
    else if (parent.#cancellable) {
      const inherit = (): void => child.end(parent.#err ?? canceled, parent.#cause)
      parent.#ends.add(inherit)
      child.#ends.add(() => parent.#ends.delete(inherit))
    }
    return child
  }

  /** @internal */
  static withValue(parent: Context, key: unknown, value: unknown): Context {
    if (key === undefined || key === null) throw new Panic('ERR_NIL_CONTEXT', 'nil key')
    const child = Context.derive(parent, 'WithValue', false)
    child.#key = key
    child.#value = value
    return child
  }

  /** @internal values of the parent, but neither its end nor its deadline */
  static withoutCancel(parent: Context): Context {
    if (parent == null) throw new Panic('ERR_NIL_CONTEXT', 'cannot create context from nil parent')
    const child = new Context(parent, 'WithoutCancel')
    child.#deadline = null
    return child
  }

  /** @internal ends the context at `at` ms on the clock */
  endAt(at: number, cause: unknown): void {
    if (this.#deadline !== null && this.#deadline <= at) return
    this.#deadline = at
    const alarm: Alarm = { when: 0, at: -1, ring: () => this.end(deadlineExceeded, cause) }
    if (at <= now()) alarm.ring()
    else {
      setAlarm(alarm, at)
      this.#ends.add(() => clearAlarm(alarm))
    }
  }

  /** @internal */
  end(err: ContextError, cause: unknown): void {
    if (this.#err !== null) return
    this.#err = err
    this.#cause = cause ?? err
    this.#done?.close()
    this.#controller?.abort(this.#cause)
    const ends = [...this.#ends]
    this.#ends.clear()
    for (const end of ends) end()
  }

  /** @internal runs `end` when the context ends; the returned function takes that back, true if it had not run */
  onEnd(end: () => void): () => boolean {
    if (this.#err !== null) {
      end()
      return () => false
    }
    this.#ends.add(end)
    return () => this.#ends.delete(end)
  }
}

const root = new Context(null, 'context.Background')
const undecided = new Context(null, 'context.TODO')

/** The root: never ends, has no values. */
export const background = (): Context => root
export const todo = (): Context => undecided

/** A copy of `parent` that `cancel` ends. Call `cancel` when the work is over. */
export function withCancel(parent: Context): [Context, CancelFunc] {
  const context = Context.derive(parent, 'WithCancel', true)
  return [context, () => context.end(canceled, undefined)]
}

/** Like `withCancel`, with a reason. */
export function withCancelCause(parent: Context): [Context, CancelCause] {
  const context = Context.derive(parent, 'WithCancel', true)
  return [context, (cause) => context.end(canceled, cause)]
}

/** Ends at `deadline` at the latest, with `cause` as its reason. */
export function withDeadline(
  parent: Context,
  deadline: Date,
  cause?: unknown,
): [Context, CancelFunc] {
  return withTimeout(parent, deadline.getTime() - Date.now(), cause)
}

/** Ends `ms` from now at the latest, with `cause` as its reason. */
export function withTimeout(parent: Context, ms: number, cause?: unknown): [Context, CancelFunc] {
  const context = Context.derive(parent, 'WithDeadline', true)
  context.endAt(now() + ms, cause)
  return [context, () => context.end(canceled, undefined)]
}

/** @throws {Panic} `nil key` */
export function withValue(parent: Context, key: unknown, value: unknown): Context {
  return Context.withValue(parent, key, value)
}

/** Keeps the values of `parent` but does not end with it. */
export function withoutCancel(parent: Context): Context {
  return Context.withoutCancel(parent)
}

/** Ends when `signal` is aborted, its reason being the cause. */
export function withSignal(parent: Context, signal: AbortSignal): [Context, CancelFunc] {
  const context = Context.derive(parent, 'WithSignal', true)
  const abort = (): void => context.end(canceled, signal.reason)
  if (signal.aborted) abort()
  else {
    signal.addEventListener('abort', abort, { once: true })
    context.onEnd(() => signal.removeEventListener('abort', abort))
  }
  return [context, () => context.end(canceled, undefined)]
}

/** Go's `context.Cause`. */
export const cause = (context: Context): unknown => context.cause ?? null

/** Runs `body` in a goroutine when the context ends; the returned function prevents that, true if it did. */
export function contextAfterFunc(context: Context, body: () => unknown): () => boolean {
  return context.onEnd(() => void go(body))
}
