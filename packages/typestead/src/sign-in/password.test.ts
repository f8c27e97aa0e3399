import { describe, expect, it } from 'vitest'
import { hashPassword, needsRehash, verifyPassword } from './password.ts'

describe('a password', () => {
  it('is stored as scrypt with its parameters and a salt of its own', async () => {
    const [first, second] = await Promise.all([
      hashPassword('secret word'),
      hashPassword('secret word'),
    ])
    expect(first).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(first).not.toBe(second)
    expect(needsRehash(first)).toBe(false)
  })

  it('is known again, in either Unicode form, and no other is', async () => {
    const stored = await hashPassword('Caf\u00e9 1')
    expect(await verifyPassword('Cafe\u0301 1', stored)).toBe(true)
    expect(await verifyPassword('Cafe 1', stored)).toBe(false)
    expect(await verifyPassword('', stored)).toBe(false)
  })

  it('is never known by what is no hash', async () => {
    for (const stored of [
      null,
      '',
      'Caf\u00e9',
      '$scrypt$ln=40,r=8,p=3$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    ]) {
      expect(await verifyPassword('', stored)).toBe(false)
    }
  })

  it('that was hashed with weaker parameters is known, and asks for another hash', async () => {
    // RFC 7914, section 12: scrypt('pleaseletmein', 'SodiumChloride', 16384, 8, 1), its first 32 bytes.
    const hash = Buffer.from(
      '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2',
      'hex',
    )
    const text = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')
    const stored = `$scrypt$ln=14,r=8,p=1$${text(Buffer.from('SodiumChloride'))}$${text(hash)}`
    expect(await verifyPassword('pleaseletmein', stored)).toBe(true)
    expect(needsRehash(stored)).toBe(true)
  })

  it('longer than 1024 characters is not cut to one that is known', async () => {
    const stored = await hashPassword('a'.repeat(1024))
    expect(await verifyPassword('a'.repeat(1025), stored)).toBe(false)
  })
})
