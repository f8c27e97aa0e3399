/** One call of a hook in a worker: its event goes over, and the JSON that comes back is read by the rules of its version. */
import { arnOf, functionName } from './hook-code.ts'
import type { HookAnswer, HookCall, HookResult } from './hook-contract.ts'
import type { HookPool } from './hook-pool.ts'
import type { HookCode } from './hook-protocol.ts'
import { described, failed } from './hook-results.ts'
import type { LambdaEvent } from './lambda-ref.ts'
import { readV1Answer } from './lambda-v1.ts'
import { v1Event } from './lambda-v1-event.ts'
import { readV2Answer } from './lambda-v2.ts'
import { v2Event } from './lambda-v2-event.ts'

/** @throws {BotError} HOOK_FAILED when the answer is not allowed */
export async function runInWorker(
  pool: HookPool,
  code: HookCode,
  event: LambdaEvent,
  call: HookCall,
  timeoutMs: number,
  signal: AbortSignal,
  warn: (message: string) => void,
): Promise<HookResult> {
  const input = event === 'turn' ? call : event === 'v1' ? v1Event(call) : v2Event(call)
  const name = functionName(call.hook)
  const reply = await pool.run(
    { code, event, input, name, arn: arnOf(call.hook), requestId: call.id, timeoutMs },
    signal,
  )
  if ('warnings' in reply) for (const warning of reply.warnings) warn(warning)
  if (!reply.ok) return failed(reply.code, described(call.hook, reply.code, reply.message))
  const value: unknown = reply.json === undefined ? undefined : JSON.parse(reply.json)
  // A turn's answer was made in the worker by this package's own code.
  if (event === 'turn') return { ok: true, answer: value as HookAnswer }
  return { ok: true, answer: (event === 'v1' ? readV1Answer : readV2Answer)(value, call, warn) }
}
