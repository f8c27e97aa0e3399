/** The entity of who is signed in where. An app with `signIn` puts it into its model; no rule lets anyone see it. */
import { createdAt, datetime, Entity, string } from '@typestead/entity'

const nobody = { read: false, create: false, update: false, delete: false } as const

export class Session extends Entity(
  'Session',
  {
    /** SHA-256 of the token in the cookie, base64url: the token itself is nowhere stored. */
    hash: string().max(64).readonly(),
    /** The key of the user. Not a relation, since the user's entity is the app's. */
    userId: string().max(128).index().readonly(),
    createdAt: createdAt(),
    expiresAt: datetime().index(),
  },
  {
    key: ['hash'],
    table: 'session',
    allow: nobody,
    description: 'A browser in which someone is signed in.',
  },
) {}
