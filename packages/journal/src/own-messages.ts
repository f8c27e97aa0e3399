/**
 * Messages that their sender's process begins at once: put as claimed by it, in the sender's transaction, so that nobody has to
 * look for them. A message behind another of its key, or sent in a name that others may take for dead, is anybody's as usual.
 * What dies with its process is found like every claim of the dead.
 *
 * Each message that `send` gives as own ends in one way: delivered by this process's runner, finished by its holder, or released.
 */
import { type Message, messageTask } from './outbox.ts'
import type { Presence } from './presence.ts'
import { callersRunner, type SqlRunner } from './storage.ts'
import type { QueueRunner, RunnerContext } from './tasks/queue-runner.ts'
import type { ClaimedTask, NewTask } from './tasks/task.ts'
import type { Finished } from './tasks/task-endings.ts'
import { topics } from './wakes.ts'

export interface OwnMessage {
  readonly task: ClaimedTask
  readonly presence: Presence
}

export interface SentOwn {
  /** The ids that were not there yet. */
  readonly ids: ReadonlySet<string>
  /** By id; the others are anybody's. */
  readonly own: ReadonlyMap<string, OwnMessage>
}

export interface SendOwnOptions {
  readonly in: SqlRunner
  /** Taken before the transaction began. */
  readonly presence: Presence
  /** `runner`: those whose queue is delivered in this process now; `holder`: all, the caller does their work. */
  readonly for: 'runner' | 'holder'
}

/** Messages finished in a transaction, to be settled after its commit. */
export interface FinishedOwn {
  readonly messages: readonly OwnMessage[]
  readonly finished: readonly (readonly [Presence, Finished])[]
  /** Runners of their queues, each with its wake-ups before. */
  readonly began: readonly (readonly [QueueRunner, number])[]
}

export class OwnMessages {
  readonly #context: RunnerContext
  readonly #newId: () => string

  constructor(context: RunnerContext, newId: () => string) {
    this.#context = context
    this.#newId = newId
  }

  async send(messages: readonly Message[], options: SendOwnOptions): Promise<SentOwn> {
    const { storage, tasks, runners, inHand } = this.#context
    const { presence } = options
    const all = messages.map((one) => messageTask(one.queue, one.payload, one, this.#newId))
    const heads = firstOfKeys(all)
    const put = await tasks.put(all, callersRunner(storage.dialect, options.in), {
      owner: presence.owner,
      isOwn: (task) =>
        task.delay === 0 &&
        heads.has(task) &&
        (options.for === 'holder' || runners.get(task.queue)?.hasRoom === true),
    })
    const now = storage.time() ?? this.#context.clock.now()
    const own = new Map<string, OwnMessage>()
    for (const task of all) {
      const row = put.get(task.id)
      if (row === undefined || own.has(task.id)) continue
      if (row.owner !== presence.owner) {
        storage.wakeLater(topics.queue(task.queue))
        continue
      }
      inHand.add(row.seq)
      own.set(task.id, { presence, task: claimed(task, row.seq, now) })
    }
    return { ids: new Set(put.keys()), own }
  }

  /** After the commit: this process's runners take them. */
  deliver(messages: Iterable<OwnMessage>): void {
    const astray: OwnMessage[] = []
    for (const message of messages) {
      const runner = this.#context.runners.get(message.task.queue)
      if (runner) runner.take([message])
      else astray.push(message)
    }
    // The runner was stopped meanwhile.
    if (astray.length > 0) void this.release(astray)
  }

  /** In a transaction; call `settle` after its commit, or `release` the messages when it failed. */
  async finish(messages: readonly OwnMessage[], tx: SqlRunner): Promise<FinishedOwn> {
    const { storage, tasks, runners } = this.#context
    const runner = callersRunner(storage.dialect, tx)
    const queues = new Set(messages.map(({ task }) => task.queue))
    const began = [...queues].flatMap((queue) => {
      const one = runners.get(queue)
      return one === undefined ? [] : [[one, one.calls] as const]
    })
    const finished: (readonly [Presence, Finished])[] = []
    for (const presence of new Set(messages.map((one) => one.presence))) {
      const endings = messages
        .filter((one) => one.presence === presence)
        .map(({ task: { seq, queue, key } }) => ({ seq, queue, key }))
      const claims =
        !presence.signal.aborted && endings.every(({ queue }) => runners.get(queue)?.hasRoom)
      const result = await tasks.finishIn(runner, presence.owner, endings, {
        versions: [0],
        claims,
      })
      finished.push([presence, result])
    }
    return { messages, finished, began }
  }

  settle({ messages, finished, began }: FinishedOwn): void {
    const { tasks, inHand } = this.#context
    for (const { task } of messages) inHand.delete(task.seq)
    for (const [presence, result] of finished) {
      tasks.wake(result)
      for (const task of result.claimed) inHand.add(task.seq)
      this.deliver(result.claimed.map((task) => ({ task, presence })))
    }
    for (const [runner, calls] of began) runner.ended(calls)
  }

  /** They go back to their queues, if they are there at all. What can't be told to the database now is found astray later. */
  async release(messages: readonly OwnMessage[]): Promise<void> {
    const { tasks, inHand } = this.#context
    for (const { task } of messages) inHand.delete(task.seq)
    for (const owner of new Set(messages.map(({ presence }) => presence.owner))) {
      const seqs = messages
        .filter(({ presence }) => presence.owner === owner)
        .map(({ task }) => task.seq)
      await tasks.release(owner, seqs).catch(() => {})
    }
  }
}

/** Of each key the first: the others stand behind it. */
function firstOfKeys(tasks: readonly NewTask[]): ReadonlySet<NewTask> {
  const seen = new Set<string>()
  return new Set(
    tasks.filter(({ queue, key }) => {
      if (key === null) return true
      const line = JSON.stringify([queue, key])
      const isFirst = !seen.has(line)
      seen.add(line)
      return isFirst
    }),
  )
}

function claimed(task: NewTask, seq: number, now: number): ClaimedTask {
  const { id, kind, queue, key, payload, version } = task
  return {
    id,
    kind,
    queue,
    key,
    payload,
    version,
    seq,
    attempts: 0,
    lost: 0,
    created: now,
    began: 0,
    claimed: now,
  }
}
