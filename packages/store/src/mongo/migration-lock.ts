/**
 * One migration at a time: a document that names its owner and when the lock runs out, moved on while the owner lives. A lock
 * that ran out (its owner was killed) is removed by whoever waits, and then taken by one of them: `_id` is unique.
 * Times are the server's own, so that clocks of different machines need not agree.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Document } from 'mongodb'
import { StoreError } from '../errors.ts'
import { type MongoContext, settings } from './context.ts'
import { isDuplicate } from './errors.ts'

/** Milliseconds. */
const holdsFor = 15_000
const renewEvery = 4_000
const lookEvery = 150

/** Runs `work` with the lock; `check` throws when the lock was lost meanwhile. */
export async function withMigrationLock<R>(
  context: MongoContext,
  signal: AbortSignal | undefined,
  work: (check: () => void) => Promise<R>,
): Promise<R> {
  const locks = context.db.collection('typestead_locks')
  const owner = randomUUID()
  const mine = { _id: 'migration', owner } as unknown as Document
  await take(context, owner, signal)
  let lost = false
  const renew = async () => {
    try {
      const expires = new Date((await serverTime(context)) + holdsFor)
      const { matchedCount } = await context.write(() =>
        locks.updateOne(mine, { $set: { expires } }, settings(context)),
      )
      if (Number(matchedCount) === 0) lost = true
    } catch {
      // The next renewal tries again; when all fail the lock runs out, and the update above then finds it gone.
    }
  }
  const timer = setInterval(() => void renew(), renewEvery)
  try {
    return await work(() => {
      signal?.throwIfAborted()
      if (lost)
        throw new StoreError(
          'MIGRATION_FAILED',
          'another process took over this migration; run "typestead db migrate" again',
        )
    })
  } finally {
    clearInterval(timer)
    // When the server is gone the lock runs out by itself.
    await context.write(() => locks.deleteOne(mine, settings(context))).catch(() => {})
  }
}

async function take(
  context: MongoContext,
  owner: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const locks = context.db.collection('typestead_locks')
  for (;;) {
    signal?.throwIfAborted()
    const now = await serverTime(context)
    try {
      await locks.insertOne({ _id: 'migration' as never, owner, expires: new Date(now + holdsFor) })
      return
    } catch (error) {
      if (!isDuplicate(error)) throw error
    }
    const ranOut = { _id: 'migration', expires: { $lt: new Date(now) } } as unknown as Document
    const { deletedCount } = await context.write(() => locks.deleteOne(ranOut, settings(context)))
    if (Number(deletedCount) === 0) await sleep(lookEvery)
  }
}

async function serverTime(context: MongoContext): Promise<number> {
  const hello = await context.db.command({ hello: 1 })
  return hello.localTime instanceof Date ? hello.localTime.getTime() : Date.now()
}
