/**
 * Workers for hooks. A call goes to an idle worker, else into the inbox of a busy one, else waits in a bounded queue; a worker without
 * work takes calls back from other inboxes. One that is over its time ends with its worker, and a new one stands in at once; what had
 * not begun goes elsewhere, so no call begins twice.
 */
import { Worker } from 'node:worker_threads'
import { claimed, type HookCode, type HookReport, type HookWorkerData } from './hook-protocol.ts'
import {
  isStarting,
  type PooledCall,
  type PoolReply,
  type Seat,
  type Task,
  tell,
  whyEnded,
  workerFile,
} from './hook-seat.ts'

export interface HookPoolOptions {
  readonly workers: number
  /** Calls that lie with a worker, the running one included. */
  readonly depth: number
  /** Calls that wait when every inbox is full. */
  readonly queue: number
  readonly memoryMb: number
  readonly onWarning: (hook: string, message: string) => void
}

/** Workers that end before they are ready, in a row, until calls are refused. */
const mostFailedStarts = 3
const highestId = 0x7fff_ffff

export class HookPool implements AsyncDisposable {
  readonly #options: HookPoolOptions
  readonly #seats: Seat[] = []
  readonly #waiting: Task[] = []
  readonly #ending = new Set<Promise<unknown>>()
  readonly #codes = new Map<string, HookCode>()
  #lastId = 0
  #failedStarts = 0
  #lastError: unknown
  #closed = false

  constructor(options: HookPoolOptions) {
    this.#options = options
    for (let i = 0; i < options.workers; i++) this.#open()
  }

  /** Loads a hook's code in every worker, also in those to come. */
  load(name: string, code: HookCode): void {
    this.#codes.set(name, code)
    for (const { worker } of this.#seats) tell(worker, { kind: 'load', code })
  }

  /** Never rejects. A call whose signal aborts is answered at once; if it runs, it goes on until its time is over. */
  run(call: PooledCall, signal: AbortSignal): Promise<PoolReply> {
    return new Promise((resolve) => {
      if (this.#closed) return resolve(refusal('THROWN', 'the hooks are closed'))
      if (signal.aborted) return resolve(refusal('TIMEOUT', 'the caller has gone'))
      if (this.#failedStarts >= mostFailedStarts) return resolve(this.#cannotStart())
      const gone = () => this.#abandon(task)
      this.#lastId = this.#lastId === highestId ? 1 : this.#lastId + 1
      const task: Task = {
        id: this.#lastId,
        call,
        timer: setTimeout(() => this.#timeOut(task), call.timeoutMs),
        settle: (reply) => {
          signal.removeEventListener('abort', gone)
          resolve(reply)
        },
        seat: undefined,
        claim: -1,
        waitedLong: false,
      }
      signal.addEventListener('abort', gone)
      this.#place(task)
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    const tasks = [...this.#waiting.splice(0), ...this.#seats.flatMap((seat) => seat.tasks)]
    for (const task of tasks) this.#finish(task, refusal('THROWN', 'the hooks were closed'))
    for (const seat of this.#seats.splice(0)) this.#end(seat)
    await Promise.all(this.#ending)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #place(task: Task): void {
    const seat = this.#seatFor()
    if (seat) this.#hand(seat, task)
    else if (this.#waiting.length < this.#options.queue) this.#waiting.push(task)
    else this.#finish(task, refusal('BUSY', `${this.#options.queue} calls of hooks wait already`))
  }

  /** One that is ready and idle, else the one with most room; undefined when all are full. */
  #seatFor(): Seat | undefined {
    let best: Seat | undefined
    for (const seat of this.#seats) {
      if (seat.ready && seat.tasks.length === 0) return seat
      if (seat.free.length > 0 && (!best || seat.free.length > best.free.length)) best = seat
    }
    return best
  }

  #hand(seat: Seat, task: Task): void {
    const place = seat.free.pop()
    if (place === undefined) throw new Error('a worker without room was handed a call')
    task.claim = place
    task.seat = seat
    Atomics.store(seat.claims, place, task.id)
    seat.tasks.push(task)
    if (seat.tasks.length === 1) task.timer.refresh()
    try {
      tell(seat.worker, { kind: 'call', id: task.id, claim: place, ...task.call })
    } catch (error) {
      const message = error instanceof Error ? error.message : 'the event cannot be copied'
      this.#finish(task, refusal('THROWN', message))
    }
  }

  /** Answers, and takes the call from wherever it lies; the one behind it begins its time. */
  #finish(task: Task, reply: PoolReply): void {
    clearTimeout(task.timer)
    this.#leave(task)
    task.settle(reply)
  }

  #leave(task: Task): void {
    const { seat } = task
    const list = seat?.tasks ?? this.#waiting
    const at = list.indexOf(task)
    if (at >= 0) list.splice(at, 1)
    if (!seat) return
    task.seat = undefined
    seat.free.push(task.claim)
    if (at === 0) seat.tasks[0]?.timer.refresh()
  }

  /** Whether it had not begun, and now will not. */
  #takeBack({ seat, claim, id }: Task): boolean {
    return !seat || claimed(seat.claims, claim, id)
  }

  #hear(seat: Seat, report: HookReport): void {
    if (report.kind === 'warning') this.#options.onWarning(report.name, report.message)
    else if (report.kind === 'ready') {
      seat.ready = true
      this.#failedStarts = 0
      seat.tasks[0]?.timer.refresh()
    } else {
      const task = seat.tasks.find(({ id }) => id === report.id)
      if (task) this.#finish(task, report)
    }
    this.#feed(seat)
  }

  /** Gives a worker with room what waits; one without work also what lies with another and has not begun. */
  #feed(seat: Seat): void {
    while (seat.free.length > 0) {
      const task = this.#waiting.shift()
      if (!task) break
      this.#hand(seat, task)
    }
    if (seat.tasks.length > 0) return
    for (const { tasks } of this.#seats) {
      const last = tasks.at(-1)
      if (tasks.length < 2 || !last || !this.#takeBack(last)) continue
      this.#leave(last)
      this.#hand(seat, last)
      return
    }
  }

  #timeOut(task: Task): void {
    const { timeoutMs, name } = task.call
    const { seat } = task
    const isFirst = seat?.tasks[0] === task
    if (isFirst ? isStarting(seat) : !task.waitedLong) {
      task.waitedLong = !isFirst
      task.timer.refresh()
      return
    }
    if (this.#takeBack(task)) {
      const message = `"${name}" had to wait for a free worker longer than ${timeoutMs} ms`
      this.#finish(task, refusal('TIMEOUT', message))
      // A worker that is ready and does not begin its first call is kept busy by what an earlier call left behind.
      if (!(seat?.ready && isFirst)) return
    } else {
      this.#finish(task, refusal('TIMEOUT', `"${name}" did not answer within ${timeoutMs} ms`))
    }
    if (seat) this.#end(seat)
  }

  #abandon(task: Task): void {
    const reply = refusal('TIMEOUT', `the caller of "${task.call.name}" has gone`)
    if (this.#takeBack(task)) {
      this.#finish(task, reply)
      return
    }
    if (task.seat) tell(task.seat.worker, { kind: 'abort', id: task.id })
    // It keeps its seat and its timer: what never ends must still be ended.
    task.settle(reply)
  }

  #open(): void {
    const { depth, memoryMb } = this.#options
    const claims = new Int32Array(
      new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT * Math.max(1, depth)),
    )
    const workerData: HookWorkerData = { claims, memoryMb }
    const worker = new Worker(workerFile(), {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    })
    const free = [...claims.keys()]
    const seat: Seat = {
      worker,
      claims,
      free,
      tasks: [],
      ready: false,
      since: performance.now(),
      error: undefined,
    }
    worker.unref()
    worker.on('message', (report: HookReport) => this.#hear(seat, report))
    worker.on('error', (error) => {
      seat.error = error
    })
    worker.on('exit', (code) => this.#ended(seat, code))
    for (const code of this.#codes.values()) tell(worker, { kind: 'load', code })
    this.#seats.push(seat)
    if (this.#waiting.length > 0) this.#feed(seat)
  }

  /** Ends a worker; another stands in for it at once. */
  #end(seat: Seat): void {
    const at = this.#seats.indexOf(seat)
    if (at >= 0) this.#seats.splice(at, 1)
    const ending = seat.worker.terminate().finally(() => this.#ending.delete(ending))
    this.#ending.add(ending)
    if (at >= 0 && !this.#closed) this.#replace(seat)
  }

  /** A worker ended by itself: out of memory, `process.exit`, an error that nobody caught. */
  #ended(seat: Seat, code: number): void {
    const at = this.#seats.indexOf(seat)
    if (at < 0) return
    this.#seats.splice(at, 1)
    if (!seat.ready) this.#failedStarts++
    const [first] = seat.tasks
    if (first && !this.#takeBack(first)) {
      const why = whyEnded(seat.error, code, this.#options.memoryMb)
      this.#finish(first, refusal('THROWN', `"${first.call.name}" ended its worker: ${why}`))
    }
    if (this.#failedStarts < mostFailedStarts) this.#replace(seat)
    else {
      this.#lastError = seat.error
      for (const task of [...seat.tasks, ...this.#waiting]) this.#finish(task, this.#cannotStart())
    }
  }

  /** What had not begun goes elsewhere. */
  #replace(seat: Seat): void {
    const tasks = [...seat.tasks]
    this.#open()
    for (const task of tasks) {
      if (this.#takeBack(task)) {
        this.#leave(task)
        this.#place(task)
      } else {
        const message = `"${task.call.name}" had just begun when its worker ended`
        this.#finish(task, refusal('THROWN', message))
      }
    }
  }

  #cannotStart(): PoolReply {
    const why = this.#lastError instanceof Error ? this.#lastError.message : 'they end at once'
    return refusal('THROWN', `the workers of hooks cannot start: ${why}`)
  }
}

function refusal(code: 'TIMEOUT' | 'THROWN' | 'BUSY', message: string): PoolReply {
  return { ok: false, code, message }
}
