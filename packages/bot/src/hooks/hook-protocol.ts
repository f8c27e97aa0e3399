/** What the pool of workers and its workers say to each other, and how they agree on who begins a call. */
import type { LambdaEvent } from './lambda-ref.ts'

/** What the pool says. */
export type HookOrder =
  | { readonly kind: 'load'; readonly code: HookCode }
  | HookCallOrder
  | { readonly kind: 'abort'; readonly id: number }

export interface HookCallOrder {
  readonly kind: 'call'
  readonly id: number
  /** Its place among the claims. */
  readonly claim: number
  readonly code: HookCode
  readonly event: LambdaEvent
  /** An event, or for `turn` a HookCall. */
  readonly input: unknown
  readonly name: string
  readonly arn: string
  readonly requestId: string
  readonly timeoutMs: number
}

export interface HookCode {
  readonly file: string
  readonly handler: string
  readonly generation: number
}

/** What a worker says. */
export type HookReport =
  | { readonly kind: 'ready' }
  /** A warning after the answer. */
  | { readonly kind: 'warning'; readonly name: string; readonly message: string }
  | HookReply

export type HookReply = {
  readonly kind: 'reply'
  readonly id: number
  readonly warnings: readonly string[]
} & (
  | { readonly ok: true; readonly json: string | undefined }
  | {
      readonly ok: false
      readonly code: 'THROWN' | 'BAD_ANSWER' | 'MISSING'
      readonly message: string
    }
)

export interface HookWorkerData {
  /**
   * A claim holds the id of a call that has not begun. Whoever makes it 0 first has the call: the worker to begin it, the pool to
   * take it back. A place may then be used again, as the old call's id never comes back.
   */
  readonly claims: Int32Array<SharedArrayBuffer>
  readonly memoryMb: number
}

/** Characters of JSON that an answer may have. */
export const longestAnswer = 256 * 1024

/** Whether the call is the asker's now. */
export function claimed(claims: Int32Array<SharedArrayBuffer>, place: number, id: number): boolean {
  return Atomics.compareExchange(claims, place, id, 0) === id
}

/** What was thrown, as text that is not too long. */
export function thrownMessage(error: unknown): string {
  const text =
    error instanceof Error
      ? error.message || error.name
      : typeof error === 'string'
        ? error
        : 'something that is no Error'
  return text.length > 1_000 ? `${text.slice(0, 1_000)}…` : text
}

/** What `refuse` of the answer reader throws, told without importing it. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'HOOK_FAILED'
}
