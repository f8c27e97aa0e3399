/** What one request's resolvers share. */
import type { Context } from './context.ts'
import type { Limits } from './limits.ts'
import type { RelationBatches } from './relation-batches.ts'

export interface RequestState {
  readonly context: Context
  readonly batches: RelationBatches
  readonly limits: Limits
}
