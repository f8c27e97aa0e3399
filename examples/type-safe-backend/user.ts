/** The one place where a user is stated: row types, checks, tables, migrations, inputs and API all follow from it. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { createdAt, Entity, id, string, updatedAt } from '@typestead/entity'

export class User extends Entity('User', {
  id: id(),
  email: string().email('Please give an e-mail address, such as ann@example.com').unique(),
  firstName: string().min(1, 'Please give a first name'),
  lastName: string().nullable(),
  password: string()
    .min(8, 'A password has at least 8 characters')
    .max(200, 'A password has at most 200 characters')
    .secret(),
  createdAt: createdAt(),
  updatedAt: updatedAt(),
}) {
  /** Puts the hash of a password in place of what this user had. */
  async hashPassword(password: string): Promise<void> {
    const salt = randomBytes(16)
    this.password = `scrypt:${salt.toString('hex')}:${(await derive(password, salt)).toString('hex')}`
  }

  async hasPassword(password: string): Promise<boolean> {
    const [, salt = '', hash = ''] = this.password.split(':')
    const derived = await derive(password, Buffer.from(salt, 'hex'))
    const stored = Buffer.from(hash, 'hex')
    return stored.length === derived.length && timingSafeEqual(stored, derived)
  }
}

const scryptAsync = promisify<string, Buffer, number, Buffer>(scrypt)

function derive(password: string, salt: Buffer): Promise<Buffer> {
  return scryptAsync(password.normalize('NFKC'), salt, 32)
}
