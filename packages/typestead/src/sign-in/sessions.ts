/**
 * Sign-in over the store: a password checked, a session made, found and ended. An unknown login and a wrong password
 * get the same answer after the same work.
 */
import { createHash, randomBytes } from 'node:crypto'
import type { EntityLike, EntityMeta } from '@typestead/entity'
import type { Database } from '@typestead/store'
import type { SignedIn, SignInConfig } from '../config/define-config.ts'
import { hashPassword, needsRehash, verifyPassword } from './password.ts'
import { Session } from './session.ts'

export const sessionDays = 30
const sessionMilliseconds = sessionDays * 24 * 3_600_000

export const anonymous: SignedIn = Object.freeze({ role: 'anonymous' })

export interface Opened {
  /** For the cookie; 256 random bits. */
  readonly token: string
  readonly current: SignedIn & { readonly userId: string }
}

/** Rows by name: the config names fields of the app's own entity, so the compiler knows none of them. */
type Row = Readonly<Record<string, unknown>>

/** The store with its types taken off, for the same reason. */
interface Rows {
  first(entity: EntityLike, options: { where: Row }): Promise<Row | null>
  update(entity: EntityLike, key: Row, input: Row): Promise<unknown>
}

export class Sessions {
  readonly #db: Database
  readonly #rows: Rows
  readonly #config: SignInConfig
  readonly #key: string

  constructor(db: Database, config: SignInConfig, user: EntityMeta) {
    this.#db = db
    this.#rows = db as unknown as Rows
    this.#config = config
    const [key] = user.key
    if (key === undefined) throw new TypeError(`${user.name} has no key`)
    this.#key = key
  }

  /** A new session when login and password belong together. */
  async signIn(login: string, password: string): Promise<Opened | undefined> {
    const { user, login: loginField, password: passwordField, normalize } = this.#config
    const trimmed = login.trim().slice(0, 1024)
    const found = await this.#rows.first(user, {
      where: { [loginField]: { eq: normalize ? normalize(trimmed) : trimmed } },
    })
    const stored = found?.[passwordField]
    const right = await verifyPassword(password, typeof stored === 'string' ? stored : null)
    if (!right || found === null || typeof stored !== 'string') return undefined
    if (needsRehash(stored)) {
      const key = { [this.#key]: found[this.#key] }
      await this.#rows.update(user, key, { [passwordField]: await hashPassword(password) })
    }
    return this.#open(found)
  }

  /** Who a token belongs to; undefined when it is unknown or has expired, or the user is gone. */
  async find(token: string): Promise<SignedIn | undefined> {
    if (!tokenPattern.test(token)) return undefined
    const session = await this.#db.get(Session, { hash: hashOf(token) })
    if (session === null || session.expiresAt.getTime() <= Date.now()) return undefined
    const user = await this.#rows.first(this.#config.user, {
      where: { [this.#key]: { eq: session.userId } },
    })
    return user === null ? undefined : this.#current(user)
  }

  async signOut(token: string): Promise<void> {
    if (tokenPattern.test(token)) await this.#db.delete(Session, { hash: hashOf(token) })
  }

  /** Takes away the sessions that have expired. */
  removeExpired(): Promise<number> {
    return this.#db.deleteMany(Session, { expiresAt: { lt: new Date() } })
  }

  async #open(user: Row): Promise<Opened> {
    const current = this.#current(user)
    const token = randomBytes(32).toString('base64url')
    const expiresAt = new Date(Date.now() + sessionMilliseconds)
    await this.#db.create(Session, {
      hash: hashOf(token),
      userId: current.userId,
      expiresAt,
    } as never)
    return { token, current }
  }

  #current(user: Row): SignedIn & { readonly userId: string } {
    const { role } = this.#config
    return {
      userId: String(user[this.#key]),
      role: role === undefined ? 'user' : String(user[role]),
    }
  }
}

const tokenPattern = /^[A-Za-z0-9_-]{43}$/

function hashOf(token: string): string {
  return createHash('sha256').update(token).digest('base64url')
}
