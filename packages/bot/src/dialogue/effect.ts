/** What a step asks the world to do, and what the caller is told. */
import type { HookCall } from '../hooks/hook-contract.ts'
import type { UnderstoodIntent } from '../understanding/understanding.ts'
import type { ActiveIntent, DialogState, Said, Session } from './session.ts'

export type Effect =
  | { readonly type: 'callHook'; readonly call: HookCall }
  /** Keep for the user beyond the session; null forgets. */
  | { readonly type: 'remember'; readonly entries: Readonly<Record<string, string | null>> }
  | { readonly type: 'askForPerson' }
  /** Something for operators: `degraded`, `hookFailed`, `aborted`, `cancelled`, `digressed`, `resumed`, `corrected`,
   * `skipped`, `notUnderstood`, `expired`. */
  | { readonly type: 'note'; readonly name: string; readonly detail: string }

/** The answer of a turn, complete: both Lex generations and every adapter are made of it. */
export interface Reply {
  readonly dialogState: DialogState
  readonly intent: ActiveIntent | null
  readonly slotToElicit: string | null
  /** Null: nothing is said (a person has taken over). */
  readonly said: Said | null
  /** `Composite` when it came of several groups. */
  readonly messageFormat: 'PlainText' | 'SSML' | 'CustomPayload' | 'Composite' | null
  readonly interpretations: readonly UnderstoodIntent[]
  readonly sessionAttributes: Readonly<Record<string, string>>
  /** The request's, or those that a hook gave in their place; absent where there are none. */
  readonly requestAttributes?: Readonly<Record<string, string>>
}

/** Why a turn has no answer, for the caller to map: Lex gives 424 or 400. */
export interface TurnFailure {
  readonly code: 'HOOK_FAILED' | 'BAD_HOOK_ANSWER' | 'BAD_REQUEST'
  readonly message: string
}

export interface StepResult {
  readonly session: Session
  readonly effects: readonly Effect[]
  /** Null while a hook is waited for, or when the turn failed. */
  readonly reply: Reply | null
  readonly failure: TurnFailure | null
}
