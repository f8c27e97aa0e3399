/**
 * Does the tasks of one queue in this process: claims some, runs as many at once as it may, and ends each one way (see
 * conclusions.ts). Invariants: at most `concurrency` run; short tasks are claimed ahead, long ones are not, so
 * that idle processes find them; all that was claimed under a lost name is aborted and its outcome dropped.
 */
import type { Clock } from '../clock.ts'
import { PermanentError } from '../errors.ts'
import type { ProcessPresence } from '../presence.ts'
import type { Storage } from '../storage.ts'
import { topics } from '../wakes.ts'
import { Attempt } from './attempt.ts'
import { Attempts } from './attempts.ts'
import type { CompletePolicy } from './backoff.ts'
import { Calls } from './calls.ts'
import { type Claimed, Conclusions, type Outcome, type TaskRunner } from './conclusions.ts'
import { FirstInLine } from './first-in-line.ts'
import type { InHand } from './in-hand.ts'
import { ReadAhead } from './read-ahead.ts'
import type { ClaimedTask, TaskKind } from './task.ts'
import type { TaskStore } from './task-store.ts'

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

export class QueueRunner implements AsyncDisposable, TaskRunner {
  readonly #context: RunnerContext
  readonly #options: RunnerOptions
  readonly #attempts: Attempts
  readonly #conclusions: Conclusions
  readonly #calls: Calls
  readonly #ahead: ReadAhead
  readonly #heads: FirstInLine
  #draining = false
  /** Tasks may be due that the last claim did not get. */
  #mayBeMore = true
  #passedOver = 0
  #running = 0
  #ended: (() => void) | undefined
  readonly #endListening: () => void
  #buffer: Claimed[] = []
  #releasing: Promise<void> | undefined
  readonly #loop: Promise<void>

  constructor(context: RunnerContext, options: RunnerOptions) {
    this.#context = context
    this.#options = options
    this.#ahead = new ReadAhead(options.concurrency)
    this.#heads = new FirstInLine(context, options.queue)
    this.#attempts = new Attempts(context.clock, options.timeout)
    this.#calls = new Calls(context.clock)
    this.#conclusions = new Conclusions(context, options, this)
    this.#endListening = context.storage.listen(topics.queue(options.queue), () => {
      this.#mayBeMore = true
      this.#heads.called()
      this.wake()
    })
    if (options.kind === 'message') context.runners.set(options.queue, this)
    this.#loop = this.#work()
  }

  /** Whether it takes no more tasks. */
  get isDraining(): boolean {
    return this.#draining
  }

  /** Whether it aborted its attempts. */
  get isStopped(): boolean {
    return this.#attempts.areStopped
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
    this.wake()
  }

  /** Takes tasks that were claimed in this process by others than its loop. */
  take(claimed: readonly Claimed[]): void {
    this.#hold(claimed)
    if (this.#draining) this.#releasing = this.#release()
    else this.#startBuffered()
  }

  wake(): void {
    this.#calls.call()
  }

  /** Stops claiming, gives what runs `grace` milliseconds to end, then aborts it; what was claimed and not begun goes back. */
  async stop(grace: number): Promise<void> {
    this.#endListening()
    this.#draining = true
    const { runners } = this.#context
    if (runners.get(this.#options.queue) === this) runners.delete(this.#options.queue)
    this.wake()
    await this.#loop
    await this.#release()
    const cancel = this.#context.clock.after(grace, () => this.#attempts.stop())
    if (this.#running > 0) {
      await new Promise<void>((resolve) => {
        this.#ended = resolve
      })
    }
    cancel()
    this.#attempts[Symbol.dispose]()
    await this.#conclusions.drained()
    await this.#releasing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop(10_000)
  }

  async #work(): Promise<void> {
    const { concurrency } = this.#options
    while (!this.#draining) {
      this.#startBuffered()
      const free = concurrency - this.#running + this.#ahead.limit - this.#buffer.length
      if (this.#buffer.length > this.#ahead.limit / 2 || free <= 0) {
        // It has not looked: whoever makes room calls it.
        this.#mayBeMore = true
        await this.#calls.next()
        continue
      }
      this.#calls.forget()
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
        await this.#calls.next(50 + 200 * this.#context.random())
      }
    }
  }

  #startBuffered(): void {
    while (this.#running < this.#options.concurrency && this.#buffer.length > 0) {
      const claimed = this.#buffer.shift() as Claimed
      this.#context.presence.check()
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
    if (this.#calls.waiting || this.#draining) return
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
    if (await this.#calls.next(pause)) this.#heads.called()
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
    this.#attempts.add(attempt)
    try {
      if (task.lost > this.#options.maxLost) {
        throw new PermanentError(`its process died ${task.lost} times while it was claimed`)
      }
      const outcome = await attempt.race(this.#options.run(task, attempt))
      this.#ahead.took(clock.monotonic() - attempt.began)
      await this.#conclusions.conclude(attempt, outcome)
    } catch (error) {
      await this.#conclusions.fail(attempt, error)
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
    if (this.#mayBeMore && this.#buffer.length <= this.#ahead.limit / 2) this.wake()
  }

  #hold(claimed: readonly Claimed[]): void {
    for (const { task } of claimed) this.#context.inHand.add(task.seq)
    this.#buffer.push(...claimed)
  }

  #release(): Promise<void> {
    return this.#conclusions.release(this.#buffer.splice(0))
  }
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'code') === '23505'
}
