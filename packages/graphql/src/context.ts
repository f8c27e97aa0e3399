/** What resolvers know of the request: what the application's `context` made of it, and the store as the caller sees it. */
import type { Current, Database } from '@typestead/store'

/** What `context(request)` returns. `current` holds the values that rules call `current(name)`; without it the caller is nobody. */
export interface RequestContext {
  readonly current?: Current
}

/** `db` is scoped to the caller: their rules and their tenant hold in all that goes through it. */
export type Context<C extends RequestContext = RequestContext> = C & { readonly db: Database }
