/**
 * Hooks that run in this process: functions in TypeScript, handlers given as functions, and files where workers are not wanted. They
 * are trusted: one that never gives way holds the process, and no time limit can help.
 */
import { arnOf, functionName, type HookCodes } from './hook-code.ts'
import type { HookCall, HookDuring, HookResult, TransactionalWork } from './hook-contract.ts'
import { failed } from './hook-results.ts'
import { invokeLambda, type LambdaHandler } from './invoke-lambda.ts'
import type { LambdaRef } from './lambda-ref.ts'
import { readV1Answer } from './lambda-v1.ts'
import { v1Event } from './lambda-v1-event.ts'
import { readV2Answer } from './lambda-v2.ts'
import { v2Event } from './lambda-v2-event.ts'
import { loadHandler } from './load-handler.ts'
import { makeTurn } from './make-turn.ts'
import type { TurnHook } from './turn.ts'

export interface FileEntry {
  readonly kind: 'file'
  readonly ref: LambdaRef
  /** Absolute. */
  readonly file: string
  /** A new one loads the code anew. */
  readonly generation: number
}

export type Entry =
  | { readonly kind: 'turn'; readonly hook: TurnHook }
  | { readonly kind: 'inline'; readonly ref: LambdaRef; readonly handler: LambdaHandler }
  | FileEntry

export interface InProcessLimits {
  /** Calls at once. */
  readonly queue: number
  readonly timeoutMs: number
  /** What handlers are told. */
  readonly memoryMb: number
}

export class InProcessHooks {
  readonly #codes: HookCodes
  readonly #limits: InProcessLimits
  #running = 0

  constructor(codes: HookCodes, limits: InProcessLimits) {
    this.#codes = codes
    this.#limits = limits
  }

  /** @throws what the hook throws; {BotError} HOOK_FAILED when its answer is not allowed */
  async run(
    entry: Entry,
    call: HookCall,
    signal: AbortSignal,
    during: HookDuring,
  ): Promise<HookResult> {
    const { queue, timeoutMs } = this.#limits
    if (signal.aborted) return failed('TIMEOUT', `the caller of hook "${call.hook}" has gone`)
    if (this.#running >= queue) return failed('BUSY', `${queue} calls of hooks run already`)
    this.#running++
    const works: TransactionalWork[] = []
    const ended = new AbortController()
    const { promise: over, resolve: end } = Promise.withResolvers<HookResult>()
    const late = `hook "${call.hook}" did not answer within ${timeoutMs} ms`
    const timer = setTimeout(() => end(failed('TIMEOUT', late)), timeoutMs)
    const gone = () => end(failed('TIMEOUT', `the caller of hook "${call.hook}" has gone`))
    signal.addEventListener('abort', gone)
    try {
      const result = await Promise.race([
        this.#call(entry, call, ended.signal, {
          ...during,
          ...(during.inTransaction ? { inTransaction: (work) => void works.push(work) } : {}),
        }),
        over,
      ])
      // What a hook asked for counts once it has answered in time.
      if (result.ok) for (const work of works) during.inTransaction?.(work)
      return result
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', gone)
      this.#running--
      ended.abort()
    }
  }

  async #call(
    entry: Entry,
    call: HookCall,
    signal: AbortSignal,
    during: HookDuring,
  ): Promise<HookResult> {
    if (entry.kind === 'turn') return callTurn(entry.hook, call, signal, during)
    const handler = entry.kind === 'inline' ? entry.handler : await this.#load(entry)
    const { event } = entry.ref
    // A file says by its event what it holds; what it returns is checked.
    if (event === 'turn') return callTurn(handler as unknown as TurnHook, call, signal, during)
    const warn = during.warn ?? (() => {})
    const value = await invokeLambda(handler, event === 'v1' ? v1Event(call) : v2Event(call), {
      name: functionName(call.hook),
      arn: arnOf(call.hook),
      requestId: call.id,
      memoryMb: this.#limits.memoryMb,
      deadline: Date.now() + this.#limits.timeoutMs,
      clock: Date.now,
      warn,
    })
    return { ok: true, answer: (event === 'v1' ? readV1Answer : readV2Answer)(value, call, warn) }
  }

  async #load(entry: FileEntry): Promise<LambdaHandler> {
    const { file, handler, generation } = await this.#codes.of(entry)
    return loadHandler(file, handler, generation)
  }
}

async function callTurn(
  hook: TurnHook,
  call: HookCall,
  signal: AbortSignal,
  during: HookDuring,
): Promise<HookResult> {
  const { turn, answerOf } = makeTurn(call, signal, during)
  return { ok: true, answer: answerOf(await hook(turn)) }
}
