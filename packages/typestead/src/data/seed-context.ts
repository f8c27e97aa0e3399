/** What a seed gets beside the store: a bar that also stops it, secrets, a log. */
import { progress } from '../cli/progress.ts'
import type { AppLog, SeedContext } from '../config/define-config.ts'
import type { Secrets } from '../config/secrets.ts'

export interface SeedContextOptions {
  readonly secrets: Secrets
  readonly signal: AbortSignal
  /** By default what a seed logs goes to stderr as plain lines. */
  readonly log?: AppLog
}

export function seedContext({ secrets, signal, log = plainLog }: SeedContextOptions): {
  readonly context: SeedContext
  readonly end: () => void
} {
  const bar = progress('seeding')
  const context: SeedContext = {
    secrets,
    log,
    progress(done, total, what) {
      signal.throwIfAborted()
      bar.at(done, total, what)
    },
  }
  return { context, end: () => bar.end() }
}

const plainLog: AppLog = { info: line, warn: line, error: line }

function line(_fields: object, message: string): void {
  process.stderr.write(`${message}\n`)
}
