/** Who asks, as every operation of the shop's API knows them. */
import { ApiError, type Context } from '@typestead/graphql'
import type { SignedIn } from 'typestead'

export interface ShopContext {
  readonly current: SignedIn & Readonly<Record<string, unknown>>
}

export type Caller = Context<ShopContext>

/** @throws {ApiError} `UNAUTHENTICATED` for who is not signed in */
export function signedInUser({ current }: Pick<Caller, 'current'>): string {
  if (current.userId !== undefined) return current.userId
  throw new ApiError('UNAUTHENTICATED', 'sign in first, at /sign-in')
}
