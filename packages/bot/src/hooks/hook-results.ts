/** What went wrong with a hook, as a result: it names the hook and says what to change. */
import { BotError } from '../bot-error.ts'
import type { HookResult } from './hook-contract.ts'
import { isRefusal, thrownMessage } from './hook-protocol.ts'
import { HandlerMissing } from './load-handler.ts'

export type HookFailureCode = (HookResult & { ok: false })['error']['code']

export function failed(code: HookFailureCode, message: string): HookResult {
  return { ok: false, error: { code, message } }
}

export function failedBy(hook: string, error: unknown): HookResult {
  const isMissing =
    error instanceof HandlerMissing || (error instanceof BotError && error.code === 'NOT_FOUND')
  const code = isRefusal(error) ? 'BAD_ANSWER' : isMissing ? 'MISSING' : 'THROWN'
  return failed(code, described(hook, code, thrownMessage(error)))
}

export function described(hook: string, code: HookFailureCode, message: string): string {
  if (code === 'THROWN') return `hook "${hook}" failed: ${message}`
  if (code === 'BAD_ANSWER') return `hook "${hook}" gave an answer that is not allowed: ${message}`
  if (code === 'MISSING') return `hook "${hook}" cannot be called: ${message}`
  return `hook ${message}`
}
