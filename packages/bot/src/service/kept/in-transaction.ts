/**
 * A transaction of the service's own, asked for again where others' locks undid it, and what is to be done after its commit:
 * messages that it put as this process's own are handed to their runners, or released where it failed.
 */
import type { Journal, SqlRunner } from '@typestead/journal'
import { type AfterCommit, afterCommit } from './commit-turns.ts'
import { isTransient } from './storage-error.ts'

const attempts = 10

/** A group that met another's locks did nothing, and is sent again. */
export async function inTransaction<R>(
  journal: Journal,
  work: (tx: SqlRunner) => Promise<R>,
): Promise<R> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await journal.transaction(work)
    } catch (error) {
      if (!isTransient(error) || attempt >= attempts) throw error
    }
  }
}

/** Of work that gives what to do after its commit. */
export async function committed<R extends { readonly after: AfterCommit }>(
  journal: Journal,
  work: (tx: SqlRunner) => Promise<R>,
): Promise<R> {
  for (let attempt = 0; ; attempt++) {
    let result: R | undefined
    try {
      await journal.transaction(async (tx) => {
        result = await work(tx)
      })
    } catch (error) {
      // Its commit may have come to be although its answer was lost.
      if (result) await journal.own.release(result.after.own)
      if (!isTransient(error) || attempt >= attempts) throw error
      continue
    }
    // The work ran, or the transaction would have thrown.
    const done = result as R
    afterCommit(journal, done.after)
    return done
  }
}
