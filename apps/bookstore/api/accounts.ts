/** Users made and changed with their passwords hashed: what a caller sends is checked as a password, and stored as a hash. */
import { checkCreate, checkUpdate, metaOf, type Values } from '@typestead/entity'
import { ApiError } from '@typestead/graphql'
import type { Transactional } from '@typestead/store'
import { User } from '../entities/user.ts'

/** @param db as the caller sees it: rules say who may give which role */
export async function createAccount(db: Transactional, given: Values): Promise<User> {
  const { password } = checkCreate(metaOf(User), given)
  // The values were checked as a create's just now.
  return db.create(User, { ...given, password: await hashed(password) } as never)
}

/** The user as changed; null when there is none. */
export async function updateAccount(
  db: Transactional,
  id: string,
  given: Values,
): Promise<User | null> {
  const { password } = checkUpdate(metaOf(User), given)
  const changes = password === undefined ? given : { ...given, password: await hashed(password) }
  return db.update(User, id, changes)
}

async function hashed(password: unknown): Promise<string> {
  try {
    // The entity's check let text through, nothing else.
    return await User.hashPassword(password as string)
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'BUSY')) throw cause
    throw new ApiError(
      'UNAVAILABLE',
      'too many passwords wait to be hashed; try again in a moment',
      {
        cause,
      },
    )
  }
}
