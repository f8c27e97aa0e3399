/**
 * Keeps a played turn: grouped with those of other conversations, or, where its hooks gave work for the transaction, in one of
 * its own with that work: both are kept, or neither.
 */
import type { Journal, SqlRunner } from '@typestead/journal'
import type { TransactionalWork } from '../../hooks/hook-contract.ts'
import type { TransactionHost } from '../../hooks/turn.ts'
import { type AfterCommit, afterCommit } from './commit-turns.ts'
import type { TurnCommit } from './conversation-rows.ts'
import type { ConversationStore } from './conversation-store.ts'

/** A store on the journal's own database. */
export interface StoreDatabase<Tx> {
  readonly host: TransactionHost<Tx>
  /** A transaction's statements: `sqlStore` of `@typestead/store/sql`. */
  runner(tx: Tx): SqlRunner | null
}

export type Kept = 'kept' | 'moved on' | { readonly failed: string }

/** Undoes the transaction of a turn that lost its conversation. */
class MovedOn extends Error {}

/** Undoes the transaction whose work failed. */
class WorkFailed extends Error {}

export async function keepTurn(
  parts: {
    readonly journal: Journal
    readonly store: ConversationStore
    readonly db: StoreDatabase<unknown> | undefined
  },
  work: readonly TransactionalWork[],
  commit: TurnCommit,
): Promise<Kept> {
  const { journal, store, db } = parts
  const [first] = work
  if (first === undefined) return (await store.commit(commit)) ? 'kept' : 'moved on'
  if (work.some((one) => one.db !== first.db))
    return { failed: 'the hooks of one turn named several databases in inTransaction' }
  const isOwn: boolean = first.db === (journal as TransactionHost<unknown>)
  if (!isOwn && first.db !== db?.host) {
    return {
      failed:
        'inTransaction names a database that this service does not have; open the bots with it as `db`',
    }
  }
  // Not within the transaction, where it would wait for it.
  const presence = await journal.database.presence()
  // An object, as the compiler does not see that the transaction runs `all`.
  const done: { after: AfterCommit | null } = { after: null }
  const all = async (tx: unknown): Promise<void> => {
    for (const one of work) {
      try {
        await one.run(tx)
      } catch (error) {
        throw new WorkFailed(error instanceof Error ? error.message : String(error), {
          cause: error,
        })
      }
    }
    // `first.db` made `tx`: the journal's transactions are runners, the store's are made one.
    const runner = isOwn ? (tx as SqlRunner) : (db?.runner(tx) ?? null)
    if (runner === null)
      throw new WorkFailed('the database of inTransaction is not the PostgreSQL of the journal')
    done.after = await store.commitIn(runner, commit, presence)
    if (done.after === null) throw new MovedOn()
  }
  try {
    await first.db.transaction(all)
  } catch (error) {
    // Its commit may have come to be although its answer was lost.
    if (done.after !== null) await journal.own.release(done.after.own)
    if (error instanceof MovedOn) return 'moved on'
    if (error instanceof WorkFailed) return { failed: error.message }
    throw error
  }
  // The transaction ran to its end.
  if (done.after !== null) afterCommit(journal, done.after)
  return 'kept'
}
