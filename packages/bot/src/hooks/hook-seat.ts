/** What a pool keeps of each of its workers and of each call. */
import type { Worker } from 'node:worker_threads'
import type { HookCallOrder, HookOrder, HookReply } from './hook-protocol.ts'

export type PooledCall = Omit<HookCallOrder, 'kind' | 'id' | 'claim'>

export type PoolReply =
  | HookReply
  | { readonly ok: false; readonly code: 'TIMEOUT' | 'THROWN' | 'BUSY'; readonly message: string }

export interface Task {
  readonly id: number
  readonly call: PooledCall
  readonly timer: NodeJS.Timeout
  readonly settle: (reply: PoolReply) => void
  /** The worker that it lies with. */
  seat: Seat | undefined
  /** Its place among that worker's claims. */
  claim: number
  /** Has waited as long as a call may take: now those before it must be over. */
  waitedLong: boolean
}

/** One worker and what lies with it, the running call first. */
export interface Seat {
  readonly worker: Worker
  readonly claims: Int32Array<SharedArrayBuffer>
  readonly free: number[]
  readonly tasks: Task[]
  ready: boolean
  readonly since: number
  error: unknown
}

/** Milliseconds. */
const longestStart = 10_000

/** Its start is not the hook's time. */
export function isStarting({ ready, since }: Seat): boolean {
  return !ready && performance.now() - since < longestStart
}

export function whyEnded(error: unknown, code: number, memoryMb: number): string {
  if (error instanceof Error) {
    return 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY'
      ? `it used more than ${memoryMb} MB of memory`
      : `an error that nothing caught: ${error.message}`
  }
  return error === undefined
    ? `it exited with code ${code}`
    : 'something was thrown that is no Error'
}

export function tell(worker: Worker, order: HookOrder): void {
  worker.postMessage(order)
}

/** The worker beside this file, as source and as built. */
export function workerFile(): URL {
  return new URL(`./hook-worker.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url)
}
