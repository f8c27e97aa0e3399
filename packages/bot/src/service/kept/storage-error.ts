/** Errors of the journal and its databases, as this package throws them. */
import { JournalError } from '@typestead/journal'
import { BotError } from '../../bot-error.ts'

/**
 * PostgreSQL's deadlock and serialization failures, and a line of the journal that another process began at the same moment:
 * nothing was done, and it may be asked again.
 */
export function isTransient(error: unknown): boolean {
  const code = error instanceof Error ? Reflect.get(error, 'code') : undefined
  return code === '40P01' || code === '40001' || code === '23505'
}

const away = new Set(['UNAVAILABLE', 'BUSY', 'FULL', 'LOST'])

/** What callers get: a store that is away is UNAVAILABLE, a closed one CLOSED. */
export function asBotError(error: unknown): unknown {
  if (!(error instanceof JournalError)) return error
  if (error.code === 'CLOSED') return new BotError('CLOSED', error.message, { cause: error })
  if (error.code === 'FORMAT') return new BotError('FORMAT', error.message, { cause: error })
  if (!away.has(error.code)) return error
  return new BotError('UNAVAILABLE', `the bots' database is away: ${error.message}`, {
    cause: error,
  })
}
