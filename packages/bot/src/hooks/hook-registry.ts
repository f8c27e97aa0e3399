/**
 * Hooks by name: functions of the process, Lambda handlers in files and zip archives, also under their ARNs. A hook that fails is a
 * result, never a rejection. Files run in workers unless told otherwise: one that loops or eats memory ends with its worker. A worker
 * is no boundary against code that means harm; run only code that you trust with the machine.
 */
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BotError } from '../bot-error.ts'
import { functionName, HookCodes, isZip } from './hook-code.ts'
import type { HookCall, HookDuring, HookResult, HookRunner } from './hook-contract.ts'
import { HookPool } from './hook-pool.ts'
import { failed, failedBy } from './hook-results.ts'
import type { LambdaRef } from './lambda-ref.ts'
import { type Entry, type FileEntry, InProcessHooks } from './run-in-process.ts'
import { runInWorker } from './run-in-worker.ts'
import type { TurnHook } from './turn.ts'

export interface HookRegistryOptions {
  /** Where relative files lie; the working folder by default. */
  readonly root?: string | URL
  /** Where files run: `worker` by default. Functions always run in process. */
  readonly isolation?: 'worker' | 'process'
  /** Milliseconds that a hook has, 30,000 by default. */
  readonly timeoutMs?: number
  /** By default as many as the machine has cores, at most 4. Each runs one call at a time. */
  readonly workers?: number
  /** Memory of a worker's heap, 128 by default. */
  readonly memoryMb?: number
  /** Calls that wait for a worker (in process: that run at once), 1,000 by default; one more is answered `BUSY`. */
  readonly queue?: number
  /** By name. */
  readonly hooks?: Readonly<Record<string, TurnHook | LambdaRef>>
  /** A second answer, a field that was passed over. */
  readonly onWarning?: (hook: string, message: string) => void
}

export interface HookRegistry extends HookRunner, AsyncDisposable {
  /** A name that is there already is replaced, and its code loaded anew. */
  register(name: string, hook: TurnHook | LambdaRef): void
  unregister(name: string): boolean
  /** By name or ARN. */
  has(name: string): boolean
  readonly names: readonly string[]
  /** Ends the workers and removes what was unpacked. Calls under way fail. */
  close(): Promise<void>
}

/** Calls that lie with one worker, the running one included. */
const depth = 16

/** @throws {BotError} BAD_INPUT */
export function hookRegistry(options: HookRegistryOptions = {}): HookRegistry {
  return new Registry(options)
}

class Registry implements HookRegistry {
  readonly #isolation: 'worker' | 'process'
  readonly #limits: {
    readonly timeoutMs: number
    readonly workers: number
    readonly memoryMb: number
    readonly queue: number
  }
  readonly #root: string
  readonly #warn: (hook: string, message: string) => void
  readonly #entries = new Map<string, Entry>()
  readonly #codes = new HookCodes()
  readonly #inProcess: InProcessHooks
  #pool: HookPool | undefined
  #generation = 0
  #closed = false

  constructor({ root, hooks, onWarning, isolation, ...limits }: HookRegistryOptions) {
    this.#root = root instanceof URL ? fileURLToPath(root) : resolve(root ?? '.')
    this.#warn = onWarning ?? (() => {})
    this.#isolation = isolation ?? 'worker'
    this.#limits = {
      timeoutMs: whole('timeoutMs', limits.timeoutMs ?? 30_000, 1, 900_000),
      workers: whole('workers', limits.workers ?? Math.min(4, availableParallelism()), 1, 64),
      memoryMb: whole('memoryMb', limits.memoryMb ?? 128, 8, 16_384),
      queue: whole('queue', limits.queue ?? 1_000, 1, 100_000),
    }
    this.#inProcess = new InProcessHooks(this.#codes, this.#limits)
    for (const [name, hook] of Object.entries(hooks ?? {})) this.register(name, hook)
  }

  register(name: string, hook: TurnHook | LambdaRef): void {
    if (this.#closed) throw new BotError('CLOSED', 'the hook registry is closed')
    if (name === '') throw new BotError('BAD_INPUT', "a hook's name is not empty")
    if (typeof hook === 'function') this.#entries.set(name, { kind: 'turn', hook })
    else if (typeof hook.code === 'function')
      this.#entries.set(name, { kind: 'inline', ref: hook, handler: hook.code })
    else this.#registerFile(name, hook, hook.code)
  }

  unregister(name: string): boolean {
    return this.#entries.delete(name)
  }

  has(name: string): boolean {
    return this.#find(name) !== undefined
  }

  get names(): readonly string[] {
    return [...this.#entries.keys()]
  }

  async run(call: HookCall, signal: AbortSignal, during: HookDuring = {}): Promise<HookResult> {
    const entry = this.#find(call.hook)
    const warn = (message: string): void => {
      this.#warn(call.hook, message)
      during.warn?.(message)
    }
    if (this.#closed) return failed('THROWN', 'the hook registry is closed')
    if (!entry) {
      return failed(
        'MISSING',
        `no hook "${call.hook}" is registered; register it under this name, or under its function's`,
      )
    }
    try {
      return entry.kind === 'file' && this.#isolation === 'worker'
        ? await this.#runInWorker(entry, call, signal, warn)
        : await this.#inProcess.run(entry, call, signal, { ...during, warn })
    } catch (error) {
      return failedBy(call.hook, error)
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#pool?.close()
    await this.#codes.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  #registerFile(name: string, ref: LambdaRef, code: string): void {
    const file = code.startsWith('file:') ? fileURLToPath(code) : resolve(this.#root, code)
    const before = this.#entries.get(name)
    const isAgain = before?.kind === 'file' && before.file === file
    const entry: FileEntry = {
      kind: 'file',
      ref,
      file,
      generation: isAgain ? ++this.#generation : 0,
    }
    this.#entries.set(name, entry)
    if (this.#isolation === 'worker' && !isZip(file))
      this.#workers().load(name, this.#codes.plain(entry))
  }

  /** Nothing is waited for where nothing need be: a call leaves in the same turn of the loop. */
  async #runInWorker(
    entry: FileEntry,
    call: HookCall,
    signal: AbortSignal,
    warn: (message: string) => void,
  ): Promise<HookResult> {
    const code = isZip(entry.file) ? await this.#codes.of(entry) : this.#codes.plain(entry)
    return runInWorker(
      this.#workers(),
      code,
      entry.ref.event,
      call,
      this.#limits.timeoutMs,
      signal,
      warn,
    )
  }

  #find(name: string): Entry | undefined {
    return this.#entries.get(name) ?? this.#entries.get(functionName(name))
  }

  #workers(): HookPool {
    const { workers, queue, memoryMb } = this.#limits
    this.#pool ??= new HookPool({ workers, depth, queue, memoryMb, onWarning: this.#warn })
    return this.#pool
  }
}

function whole(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new BotError(
    'BAD_INPUT',
    `hookRegistry({ ${name} }): a whole number from ${least} to ${most}, got ${value}`,
  )
}
