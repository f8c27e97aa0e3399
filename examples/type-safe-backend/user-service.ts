/** What the application does with users. Resolvers get it through their context; it knows nothing of GraphQL. */
import { checkCreate, checkUpdate, metaOf, type Values } from '@typestead/entity'
import type { Transactional } from '@typestead/store'
import { User } from './user.ts'

export class UserService {
  readonly #db: Transactional

  constructor(db: Transactional) {
    this.#db = db
  }

  /** @throws {ValidationError} naming each wrong field; the password is checked before it is hashed */
  async create(given: Values): Promise<User> {
    checkCreate(metaOf(User), given)
    // Checked as a create's values just now.
    const values = given as unknown as Pick<User, 'email' | 'firstName' | 'lastName' | 'password'>
    return this.#db.create(User, { ...values, password: await hashed(values.password) })
  }

  /** The user as changed, or null when there is none. */
  async update(id: string, given: Values): Promise<User | null> {
    checkUpdate(metaOf(User), given)
    const { password } = given
    const changes =
      typeof password === 'string' ? { ...given, password: await hashed(password) } : given
    return this.#db.update(User, id, changes)
  }
}

async function hashed(password: string): Promise<string> {
  const user = new User()
  await user.hashPassword(password)
  return user.password
}
