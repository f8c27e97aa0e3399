/** The seeded users: two for demonstrations, who can sign in, and many whose sign-in is closed. */
import { ascendingInstants, instantBetween, openedAt } from './calendar.ts'
import { Random } from './random.ts'
import { seedId } from './seed-id.ts'
import { firstNames, lastNames } from './words/people.ts'

export interface SeededUser {
  readonly id: string
  readonly email: string
  readonly firstName: string
  readonly lastName: string | null
  readonly password: string
  readonly role: 'admin' | 'reader'
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** No hash of any password, so nobody signs in with it. */
const closed = 'no password: sign-in is closed'

/** The demonstration's users; what they sign in with lies in `secrets.json`. */
export const demoUsers = [
  { email: 'admin@bookstore.example', firstName: 'Ada', lastName: 'Admin', role: 'admin' },
  { email: 'reader@bookstore.example', firstName: 'Rita', lastName: 'Reader', role: 'reader' },
] as const

/** @param hashes of the passwords of `demoUsers`, in their order */
export function seedUsers(many: number, hashes: readonly string[]): SeededUser[] {
  const random = new Random('users')
  const taken = new Map<string, number>()
  const demo = demoUsers.map((user, index) => ({
    ...user,
    id: seedId('user', index, openedAt),
    password: hashes[index] ?? closed,
    createdAt: openedAt,
    updatedAt: openedAt,
  }))
  const others = ascendingInstants(random, many - demo.length).map(
    (createdAt, index): SeededUser => {
      const firstName = random.pick(firstNames)
      const lastName = random.pick(lastNames)
      const domain = random.pick(['example.com', 'example.org', 'example.net'])
      return {
        id: seedId('user', index + demo.length, createdAt),
        email: unique(`${ascii(firstName)}.${ascii(lastName)}@${domain}`, taken),
        firstName,
        lastName: random.chance(0.03) ? null : lastName,
        password: closed,
        role: 'reader',
        createdAt,
        updatedAt: random.chance(0.3) ? instantBetween(random, createdAt) : createdAt,
      }
    },
  )
  return [...demo, ...others]
}

/** `ann.lee@example.com`, then `ann.lee2@example.com`. */
function unique(email: string, taken: Map<string, number>): string {
  const count = (taken.get(email) ?? 0) + 1
  taken.set(email, count)
  return count === 1 ? email : email.replace('@', `${count}@`)
}

function ascii(name: string): string {
  return name
    .replaceAll('Ł', 'L')
    .normalize('NFD')
    .replace(/[^A-Za-z]/g, '')
    .toLowerCase()
}
