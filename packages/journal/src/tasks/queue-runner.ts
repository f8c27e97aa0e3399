/**
 * Does the tasks of one queue in this process: claims some, runs as many at once as it may, and ends each one way: finished,
 * put back, or a dead letter. Invariants: at most `concurrency` run; short tasks are claimed ahead, long ones are not, so
 * that idle processes find them; all that was claimed under a lost name is aborted and its outcome dropped.
 */
import { Batcher } from '../batcher.ts'
import type { Clock } from '../clock.ts'
import { JournalError, PermanentError, reasonOf } from '../errors.ts'
import type { Presence, ProcessPresence } from '../presence.ts'
import type { Storage } from '../storage.ts'
import { topics } from '../wakes.ts'
import { Attempt } from './attempt.ts'
import { backoff, type CompletePolicy } from './backoff.ts'
import { FirstInLine } from './first-in-line.ts'
import type { InHand } from './in-hand.ts'
import { ReadAhead } from './read-ahead.ts'
import type { ClaimedTask, TaskKind } from './task.ts'
import type { Ending, PutBack, TaskStore } from './task-store.ts'

/** What became of a run that did not throw. */
export type Outcome =
  | { readonly type: 'finished'; readonly record?: NonNullable<Ending['record']> }
  | { readonly type: 'waits'; readonly back: Omit<PutBack, 'seq' | 'queue' | 'key'> }

export interface RunnerOptions {
  readonly queue: string
  readonly kind: TaskKind
  readonly versions: readonly number[]
  readonly concurrency: number
  readonly retry: CompletePolicy
  /** Milliseconds that one attempt may take; its signal aborts then. */
  readonly timeout: number | undefined
  /** Deaths of processes that a task survives. */
  readonly maxLost: number
  readonly run: (task: ClaimedTask, attempt: Attempt) => Promise<Outcome>
  /** Told of each error that no caller gets. */
  readonly onError: (error: unknown, task: ClaimedTask | undefined) => void
}

export interface RunnerContext {
  readonly storage: Storage
  readonly tasks: TaskStore
  readonly inHand: InHand
  /** Of messages, by queue: who delivers in this process. */
  readonly runners: Map<string, QueueRunner>
  readonly presence: ProcessPresence
  readonly clock: Clock
  readonly random: () => number
  /** Milliseconds between looks without a wake-up. */
  readonly poll: number
}

export interface Claimed {
  readonly task: ClaimedTask
  readonly presence: Presence
}

export class QueueRunner implements AsyncDisposable {
  readonly #context: RunnerContext
  readonly #options: RunnerOptions
  readonly #finishes: Batcher<Claimed & { readonly ending: Ending }, boolean>
  readonly #ahead: ReadAhead
  readonly #heads: FirstInLine
  #draining = false
  /** Tasks may be due that the last claim did not get. */
  #mayBeMore = true
  #passedOver = 0
  #running = 0
  #ended: (() => void) | undefined
  readonly #attempts = new Set<Attempt>()
  #stopped: JournalError | undefined
  #watched: Presence | undefined
  #timer: (() => void) | undefined
  readonly #endListening: () => void
  #buffer: Claimed[] = []
  #releasing: Promise<void> | undefined
  #called = false
  #call: (() => void) | undefined
  readonly #loop: Promise<void>

  constructor(context: RunnerContext, options: RunnerOptions) {
    this.#context = context
    this.#options = options
    this.#ahead = new ReadAhead(options.concurrency)
    this.#heads = new FirstInLine(context, options.queue)
    this.#finishes = new Batcher((items) => this.#finish(items), { size: 500, capacity: 2_000 })
    this.#endListening = context.storage.listen(topics.queue(options.queue), () => {
      this.#mayBeMore = true
      this.#heads.called()
      this.#wake()
    })
    if (options.kind === 'message') context.runners.set(options.queue, this)
    this.#loop = this.#work()
  }

  /** Whether a task that is put as this process's own would begin soon. */
  get hasRoom(): boolean {
    return !this.#draining && this.#buffer.length <= this.#options.concurrency
  }

  /** Wake-ups so far: take it before a transaction that ends tasks, and give it to `ended` after its commit. */
  get calls(): number {
    return this.#heads.calls
  }

  /** What woke this runner meanwhile may stand behind what has ended, and was not seen there. */
  ended(calls: number): void {
    if (calls === this.#heads.calls) return
    this.#heads.called()
    this.#wake()
  }

  /** Takes tasks that were claimed in this process by others than its loop. */
  take(claimed: readonly Claimed[]): void {
    this.#hold(claimed)
    if (this.#draining) this.#releasing = this.#release()
    else this.#startBuffered()
  }

  /** Stops claiming, gives what runs `grace` milliseconds to end, then aborts it; what was claimed and not begun goes back. */
  async stop(grace: number): Promise<void> {
    this.#endListening()
    this.#draining = true
    const { runners } = this.#context
    if (runners.get(this.#options.queue) === this) runners.delete(this.#options.queue)
    this.#wake()
    await this.#loop
    await this.#release()
    const cancel = this.#context.clock.after(grace, () => this.#abortAll())
    if (this.#running > 0) {
      await new Promise<void>((resolve) => {
        this.#ended = resolve
      })
    }
    cancel()
    this.#timer?.()
    await this.#finishes.drained()
    await this.#releasing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop(10_000)
  }

  #abortAll(): void {
    this.#stopped = new JournalError('CLOSED', 'the worker stops; this is tried again elsewhere')
    for (const attempt of this.#attempts) attempt.abort(this.#stopped)
  }

  async #work(): Promise<void> {
    const { concurrency } = this.#options
    while (!this.#draining) {
      this.#startBuffered()
      const free = concurrency - this.#running + this.#ahead.limit - this.#buffer.length
      if (this.#buffer.length > this.#ahead.limit / 2 || free <= 0) {
        // It has not looked: whoever makes room calls it.
        this.#mayBeMore = true
        await this.#nextCall(undefined)
        continue
      }
      this.#called = false
      try {
        const presence = await this.#context.presence.current()
        const limit = Math.min(free, 500)
        this.#mayBeMore = false
        const claimed = await this.#context.tasks.claim({
          ...this.#options,
          owner: presence.owner,
          limit,
        })
        if (claimed.length === limit) this.#mayBeMore = true
        this.#hold(claimed.map((task) => ({ task, presence })))
        this.#startBuffered()
        await this.#passOver()
        if (!this.#mayBeMore) await this.#idle()
      } catch (error) {
        // Another taker was first with a key: then there is nothing to report, only to look again.
        this.#mayBeMore = true
        if (!isTaken(error)) this.#options.onError(error, undefined)
        await this.#nextCall(50 + 200 * this.#context.random())
      }
    }
  }

  #startBuffered(): void {
    while (this.#running < this.#options.concurrency && this.#buffer.length > 0) {
      const claimed = this.#buffer.shift() as Claimed
      if (claimed.presence.signal.aborted) {
        this.#context.inHand.delete(claimed.task.seq)
        continue
      }
      this.#running++
      void this.#runOne(claimed)
    }
  }

  /** Nothing to do now: until a wake-up, the next due task, or the net below both. */
  async #idle(): Promise<void> {
    const { queue, kind, versions } = this.#options
    if (this.#called || this.#draining) return
    let due = await this.#context.tasks.nextDue(queue, kind, versions)
    if (due !== undefined && due <= 0) {
      // Due and not to be had: behind others of their keys.
      await this.#context.tasks.passOver(queue)
      due = await this.#context.tasks.nextDue(queue, kind, versions)
    }
    let pause = this.#context.poll * (0.75 + 0.5 * this.#context.random())
    if (due !== undefined) {
      const look = await this.#heads.look()
      if (look === 0) return
      pause = Math.min(pause, Math.max(due, 10), look ?? pause)
    }
    if (await this.#nextCall(pause)) this.#heads.called()
  }

  /** Now and then: long lines behind one key must not be looked through at each claim. */
  async #passOver(): Promise<void> {
    const now = this.#context.clock.monotonic()
    if (now - this.#passedOver < this.#context.poll) return
    this.#passedOver = now
    await this.#context.tasks.passOver(this.#options.queue)
  }

  async #runOne({ task, presence }: Claimed): Promise<void> {
    const { clock } = this.#context
    const attempt = new Attempt(task, presence, clock.monotonic())
    this.#watch(attempt)
    try {
      if (task.lost > this.#options.maxLost) {
        throw new PermanentError(`its process died ${task.lost} times while it was claimed`)
      }
      const outcome = await attempt.race(this.#options.run(task, attempt))
      this.#ahead.took(clock.monotonic() - attempt.began)
      await this.#conclude(attempt, outcome)
    } catch (error) {
      await this.#fail(attempt, error)
    } finally {
      this.#attempts.delete(attempt)
      this.#afterOne()
    }
  }

  #afterOne(): void {
    this.#running--
    if (this.#draining) {
      if (this.#running === 0) this.#ended?.()
      return
    }
    this.#startBuffered()
    if (this.#mayBeMore && this.#buffer.length <= this.#ahead.limit / 2) this.#wake()
  }

  #hold(claimed: readonly Claimed[]): void {
    for (const { task } of claimed) this.#context.inHand.add(task.seq)
    this.#buffer.push(...claimed)
  }

  #watch(attempt: Attempt): void {
    this.#attempts.add(attempt)
    if (this.#stopped) attempt.abort(this.#stopped)
    const { presence } = attempt
    if (presence !== this.#watched) {
      this.#watched = presence
      presence.signal.addEventListener('abort', () => {
        for (const one of this.#attempts) {
          if (one.presence === presence) one.abort(presence.signal.reason)
        }
      })
    }
    if (presence.signal.aborted) attempt.abort(presence.signal.reason)
    if (this.#options.timeout !== undefined) this.#watchTime(this.#options.timeout)
  }

  /** All attempts have the same time, so the oldest one's runs out first: one timer does for all. */
  #watchTime(timeout: number): void {
    if (this.#timer !== undefined) return
    const [oldest] = this.#attempts
    if (oldest === undefined) return
    const { clock } = this.#context
    this.#timer = clock.after(oldest.began + timeout - clock.monotonic(), () => {
      this.#timer = undefined
      for (const attempt of this.#attempts) {
        if (attempt.began + timeout > clock.monotonic()) break
        attempt.abort(new JournalError('LOST', `an attempt may take ${timeout} ms`))
        this.#attempts.delete(attempt)
      }
      this.#watchTime(timeout)
    })
  }

  async #conclude(claimed: Claimed, outcome: Outcome): Promise<void> {
    const { seq, queue, key } = claimed.task
    if (outcome.type === 'waits') {
      await this.#context.tasks.putBack(claimed.presence.owner, [
        { seq, queue, key, ...outcome.back },
      ])
      this.#context.inHand.delete(seq)
      return this.#wake()
    }
    const ending: Ending = {
      seq,
      queue,
      key,
      ...(outcome.record ? { record: outcome.record } : {}),
    }
    // The next task begins while this one's end is on its way; the batcher bounds how many ends are.
    const ended = this.#finishes.add({ ...claimed, ending })
    if (this.#finishes.waiting < 1_000) {
      ended.catch((error: unknown) => this.#options.onError(error, claimed.task))
      return
    }
    await ended
  }

  async #finish(items: readonly (Claimed & { readonly ending: Ending })[]): Promise<boolean[]> {
    try {
      return await this.#finishAll(items)
    } finally {
      for (const { task } of items) this.#context.inHand.delete(task.seq)
    }
  }

  async #finishAll(items: readonly (Claimed & { readonly ending: Ending })[]): Promise<boolean[]> {
    const done = new Set<number>()
    const { versions } = this.#options
    const { calls } = this
    for (const presence of new Set(items.map((item) => item.presence))) {
      const endings = items.filter((item) => item.presence === presence).map(({ ending }) => ending)
      const { ended, claimed } = await this.#retried(() =>
        this.#context.tasks.finish(presence.owner, endings, {
          versions,
          claims: !this.#draining && !presence.signal.aborted,
        }),
      )
      for (const seq of ended) done.add(seq)
      if (claimed.length > 0) this.take(claimed.map((task) => ({ task, presence })))
    }
    this.ended(calls)
    return items.map(({ ending }) => done.has(ending.seq))
  }

  async #fail(claimed: Claimed, error: unknown): Promise<void> {
    const { task, presence } = claimed
    const { seq, queue, key } = task
    try {
      // Whoever has the claim now runs it again; this attempt has no say.
      if (presence.signal.aborted) return
      const stopped = this.#stopped !== undefined
      const { retry } = this.#options
      const isLast =
        task.attempts + 1 >= retry.attempts || error instanceof PermanentError || isMismatch(error)
      if (isLast && !stopped) {
        await this.#retried(() =>
          this.#context.tasks.bury(presence.owner, { seq, queue, key }, reasonOf(error)),
        )
        this.#options.onError(error, task)
        return
      }
      const after = stopped ? 0 : backoff(retry, task.attempts + 1, this.#context.random())
      const back = {
        seq,
        queue,
        key,
        due: { after },
        ...(stopped ? {} : { error: reasonOf(error) }),
      }
      await this.#retried(() => this.#context.tasks.putBack(presence.owner, [back]))
    } catch (failure) {
      this.#options.onError(failure, task)
    } finally {
      this.#context.inHand.delete(seq)
    }
  }

  /** The database may be away for a while; the claim is held meanwhile, or lost and then dropped by its owner's name. */
  async #retried<R>(work: () => Promise<R>): Promise<R> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await work()
      } catch (error) {
        const again =
          error instanceof JournalError && ['UNAVAILABLE', 'BUSY', 'FULL'].includes(error.code)
        if (!again || attempt >= 20) throw error
        await new Promise<void>((resolve) =>
          this.#context.clock.after(Math.min(50 * 2 ** attempt, 2_000), resolve),
        )
      }
    }
  }

  async #release(): Promise<void> {
    const buffered = this.#buffer.splice(0)
    for (const owner of new Set(buffered.map(({ presence }) => presence.owner))) {
      const own = buffered.filter(({ presence }) => presence.owner === owner)
      const back = own.map(({ task: { seq, queue, key } }) => ({
        seq,
        queue,
        key,
        due: { after: 0 },
      }))
      try {
        await this.#context.tasks.putBack(owner, back)
      } catch (error) {
        this.#options.onError(error, undefined)
      } finally {
        for (const { seq } of back) this.#context.inHand.delete(seq)
      }
    }
  }

  #wake(): void {
    this.#called = true
    this.#call?.()
  }

  /** @returns whether it was time that ended the wait */
  #nextCall(ms: number | undefined): Promise<boolean> {
    if (this.#called) {
      this.#called = false
      return Promise.resolve(false)
    }
    return new Promise((resolve) => {
      const cancel = ms === undefined ? undefined : this.#context.clock.after(ms, () => end(true))
      const end = (isLate: boolean) => {
        cancel?.()
        this.#call = undefined
        this.#called = false
        resolve(isLate)
      }
      this.#call = () => end(false)
    })
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'code') === '23505'
}

function isMismatch(error: unknown): boolean {
  return error instanceof JournalError && error.code === 'STEP_MISMATCH'
}
