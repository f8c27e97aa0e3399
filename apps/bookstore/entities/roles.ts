/** The roles of the shop. Who is not signed in has the role `anonymous`, which no user has. */
import { when } from '@typestead/entity'

export const roles = ['admin', 'reader'] as const

/** Those who run the shop. */
export const admin = when({ role: 'admin' })
