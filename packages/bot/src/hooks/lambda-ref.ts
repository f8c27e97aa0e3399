/** A Lambda function that a bot names: where its code is, which event it takes, which export is called. Code is loaded at first use. */
import { BotError } from '../bot-error.ts'

/** `v1`, `v2`: Lex's events; `turn`: a hook of this package in a file of its own. */
export type LambdaEvent = 'v1' | 'v2' | 'turn'

export interface LambdaRef {
  readonly type: 'lambda'
  /** A `.cjs`, `.js`, `.mjs` or `.ts` file, or a `.zip`; relative ones lie under the registry's `root`. */
  readonly file: string
  readonly event: LambdaEvent
  /** `<file in the zip>.<export>`, or the name of the export alone. */
  readonly handler: string
}

export interface LambdaOptions {
  /** `v1` by default. */
  readonly event?: LambdaEvent
  /** `index.handler` by default, `handler` for files. */
  readonly handler?: string
}

/** @throws {BotError} BAD_INPUT */
export function lambda(file: string | URL, options: LambdaOptions = {}): LambdaRef {
  const { event = 'v1', handler = 'index.handler' } = options
  const path = file instanceof URL ? file.href : file
  if (!/\.(?:[cm]?js|ts|[cm]ts|zip)$/i.test(path)) {
    throw new BotError(
      'BAD_INPUT',
      `lambda(): "${path}" is not a .cjs, .js, .mjs, .ts or .zip file; name the file that holds the handler`,
    )
  }
  if (!['v1', 'v2', 'turn'].includes(event)) {
    throw new BotError('BAD_INPUT', `lambda("${path}"): event is v1, v2 or turn, got "${event}"`)
  }
  if (!/^(?:[\w./-]+\.)?[\w$]+$/.test(handler)) {
    throw new BotError(
      'BAD_INPUT',
      `lambda("${path}"): handler is written file.export, such as index.handler; got "${handler}"`,
    )
  }
  return { type: 'lambda', file: path, event, handler }
}
