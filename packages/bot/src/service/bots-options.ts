/** What a service of bots is opened with. */
import type { Journal, StorageSource } from '@typestead/journal'
import type { Registry } from 'prom-client'
import type { HookRunner } from '../hooks/hook-contract.ts'
import type { LambdaRef } from '../hooks/lambda-ref.ts'
import type { TurnHook } from '../hooks/turn.ts'
import type { Understander } from '../understanding/understanding.ts'
import type { StoreDatabase } from './kept/keep-turn.ts'

/** A runner with `register` is given the hooks of the bots that are built here. */
export interface BotHooks extends HookRunner {
  register?(name: string, hook: TurnHook | LambdaRef): void
  /** Whether there is one of this name: `build` warns where there is none. */
  has?(name: string): boolean
}

export interface BotsOptions<Tx = unknown> {
  /** The caller's journal, which stays open, or where to open one. */
  readonly journal: Journal | StorageSource
  /** Understands what users say; `nluUnderstanding()` by default, trained in memory at each start. */
  readonly understander?: Understander
  /** Runs hooks; a registry in this process by default. */
  readonly hooks?: BotHooks
  /** A store on the journal's PostgreSQL, for hooks whose work is done in the transaction that keeps their turn. */
  readonly db?: StoreDatabase<Tx>
  /** Milliseconds since 1970, the system's clock by default. */
  readonly now?: () => number
  /** Numbers in [0, 1). */
  readonly random?: () => number
  /** IANA name for dates and times in sentences, `UTC` by default. */
  readonly timeZone?: string
  /** Where turns, hooks, messages and deliveries are counted and timed, for one service alone; absent: they are not. */
  readonly metrics?: Registry
  /** Told of errors that no caller gets; a warning of the process by default. */
  readonly onError?: (error: unknown) => void
  /** Milliseconds that understanding a sentence may take, 10,000 by default; then the user gets an apology. */
  readonly understandingTimeout?: number
  /** Milliseconds that a turn waits for another process's turn of its conversation, 60,000 by default. */
  readonly patience?: number
  /** Days for which turns are logged (90 by default, 2 at least) and ids of messages are known (7 by default). */
  readonly keep?: { readonly turns?: number; readonly seenIds?: number }
  /** Attempts at a delivery (12 by default) and at a turn (5), and milliseconds between them: 500, doubled up to 300,000. */
  readonly retry?: {
    readonly deliver?: number
    readonly turn?: number
    readonly first?: number
    readonly longest?: number
  }
  /** Turns, and deliveries, at once in this process for each messenger, 32 by default. */
  readonly concurrency?: number
}
