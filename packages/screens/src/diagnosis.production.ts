/**
 * `diagnosis.ts` for production: the code of an error and the names of what it is about. Mistakes of the source text were
 * found when it was developed, and are not looked for again.
 */
import type { ScreensErrorCode } from './errors.ts'

export function explain(code: ScreensErrorCode, about: readonly unknown[]): string {
  // Keys and scopes have names; what has none stands as text.
  return [
    code,
    ...about.map((one) => (one as { readonly name?: string } | null)?.name ?? one),
  ].join(' ')
}

export function here(): undefined {}
export function checkPattern(_pattern: string): void {}
export function checkRoutes(_pages: unknown): void {}
export function warnUnread(_view: unknown): void {}
