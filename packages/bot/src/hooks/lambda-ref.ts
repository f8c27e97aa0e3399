/** A Lambda function that a bot names: where its code is, which event it takes, which export is called. Code is loaded at first use. */
import { BotError } from '../bot-error.ts'
import type { LambdaHandler } from './invoke-lambda.ts'

/** `v1`, `v2`: Lex's events; `turn`: a hook of this package in a file of its own. */
export type LambdaEvent = 'v1' | 'v2' | 'turn'

export interface LambdaRef {
  readonly type: 'lambda'
  /**
   * A `.cjs`, `.js`, `.mjs` or `.ts` file, or a `.zip`; relative ones lie under the registry's `root`. Or the handler itself,
   * which runs in process whatever the isolation is.
   */
  readonly code: string | LambdaHandler
  readonly event: LambdaEvent
  /** The export that is called, in a zip with its file: `index.handler`. */
  readonly handler: string
}

export interface LambdaOptions {
  /** `v1` by default. */
  readonly event?: LambdaEvent
  /** `index.handler` by default. Of a file only the part after the last dot counts. */
  readonly handler?: string
}

/** @throws {BotError} BAD_INPUT */
export function lambda(code: string | URL | LambdaHandler, options: LambdaOptions = {}): LambdaRef {
  const { event = 'v1', handler = 'index.handler' } = options
  const named = code instanceof URL ? code.href : code
  const name = typeof named === 'string' ? JSON.stringify(named) : 'a function'
  if (typeof named === 'string' && !/\.(?:[cm]?[jt]s|zip)$/i.test(named)) {
    throw new BotError(
      'BAD_INPUT',
      `lambda(${name}): not a .cjs, .js, .mjs, .ts or .zip file; name the file that holds the handler`,
    )
  }
  if (event !== 'v1' && event !== 'v2' && event !== 'turn') {
    throw new BotError('BAD_INPUT', `lambda(${name}): event is v1, v2 or turn, got "${event}"`)
  }
  if (event === 'turn' && typeof named === 'function') {
    throw new BotError('BAD_INPUT', 'lambda(a function): give a hook in TypeScript as it is')
  }
  if (!/^(?:[\w-]+(?:[./][\w-]+)*\.)?[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(handler)) {
    throw new BotError(
      'BAD_INPUT',
      `lambda(${name}): handler is written file.export, such as index.handler; got "${handler}"`,
    )
  }
  return { type: 'lambda', code: named, event, handler }
}
