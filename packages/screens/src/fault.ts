/** Errors of the core, whose sentences only development builds carry: see `diagnosis.ts`. */
import { explain } from '@typestead/screens/diagnosis'
import { ScreensError, type ScreensErrorCode } from './errors.ts'

/** `about` are keys, scopes, numbers or texts, in the order in which the sentence names them. */
export function fault(code: ScreensErrorCode, ...about: readonly unknown[]): ScreensError {
  return new ScreensError(code, explain(code, about))
}
