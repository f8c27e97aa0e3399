/**
 * Who a visitor is: an opaque id, signed so that nobody can speak as another, in an HttpOnly cookie or handed over by the page.
 * `<visitor>.<expiry, seconds>.<HMAC-SHA256>`
 */
import { createHmac, randomBytes } from 'node:crypto'
import { sameText } from '../webhook-request.ts'

export class VisitorTokens {
  readonly #secret: string
  readonly #lifetime: number

  /** @param lifetime seconds */
  constructor(secret: string, lifetime: number) {
    this.#secret = secret
    this.#lifetime = lifetime
  }

  newVisitor(): string {
    return randomBytes(16).toString('base64url')
  }

  /** @param now milliseconds since 1970 */
  issue(visitor: string, now: number): string {
    const signed = `${visitor}.${Math.floor(now / 1_000) + this.#lifetime}`
    return `${signed}.${this.#sign(signed)}`
  }

  /** The visitor, or null for a token that is not ours or is over. */
  read(token: string, now: number): string | null {
    const [, signed, visitor, expires, signature] =
      /^(([\w-]{22})\.(\d{1,12}))\.([\w-]{43})$/.exec(token) ?? []
    if (signed === undefined || visitor === undefined || signature === undefined) return null
    if (!sameText(signature, this.#sign(signed))) return null
    return now / 1_000 < Number(expires) ? visitor : null
  }

  #sign(signed: string): string {
    return createHmac('sha256', this.#secret).update(`typestead-chat:${signed}`).digest('base64url')
  }
}
