/**
 * Passwords at rest: scrypt (RFC 7914) with its parameters in the stored text, in the PHC string format
 * `$scrypt$ln=15,r=8,p=3$<salt>$<hash>`. Hashing runs off the event loop, at most two at a time: each takes 32 MiB.
 */
import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { Turns } from './turns.ts'

interface Parameters {
  /** The binary logarithm of scrypt's N. */
  readonly ln: number
  readonly r: number
  readonly p: number
}

/** OWASP's Password Storage Cheat Sheet: N=2^15, r=8, p=3. */
const parameters: Parameters = { ln: 15, r: 8, p: 3 }
const saltBytes = 16
const hashBytes = 32
const longestPassword = 1024

/** Two at a time; who comes when 64 wait is refused with `BUSY`. */
const turns = new Turns(2, 64)

/**
 * The text to store for a password.
 * @throws {TurnsError} `BUSY` when too many hashings wait
 */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltBytes)
  const hash = await derive(password, salt, parameters, hashBytes)
  const { ln, r, p } = parameters
  return `$scrypt$ln=${ln},r=${r},p=${p}$${base64(salt)}$${base64(hash)}`
}

/** Whether `stored` was made from `password`. A text that is no hash takes as long, and is never right. */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const read = readHash(stored)
  const { salt, hash, used } = read ?? impossible
  const derived = await derive(password, salt, used, hash.length)
  return timingSafeEqual(derived, hash) && read !== undefined && password.length <= longestPassword
}

/** Whether the hash was made with weaker parameters than today's. */
export function needsRehash(stored: string): boolean {
  const used = readHash(stored)?.used
  return (
    used === undefined || used.ln < parameters.ln || used.r < parameters.r || used.p < parameters.p
  )
}

interface StoredHash {
  readonly used: Parameters
  readonly salt: Buffer
  readonly hash: Buffer
}

const impossible: StoredHash = {
  used: parameters,
  salt: randomBytes(saltBytes),
  hash: randomBytes(hashBytes),
}

const pattern =
  /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/

function readHash(stored: string | null): StoredHash | undefined {
  const parts = stored?.match(pattern)
  if (!parts) return undefined
  const [, ln, r, p, salt = '', hash = ''] = parts
  const used = { ln: Number(ln), r: Number(r), p: Number(p) }
  // Stronger ones than these would let a damaged row take the machine's memory.
  if (used.ln < 1 || used.ln > 18 || used.r < 1 || used.r > 16 || used.p < 1 || used.p > 16)
    return undefined
  return { used, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') }
}

const scryptAsync = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt)

function derive(
  password: string,
  salt: Buffer,
  { ln, r, p }: Parameters,
  length: number,
): Promise<Buffer> {
  const N = 2 ** ln
  // The same password typed on another keyboard may come in another normal form (NIST SP 800-63B, 5.1.1.2).
  const text = password.slice(0, longestPassword).normalize('NFKC')
  return turns.run(() => scryptAsync(text, salt, length, { N, r, p, maxmem: 256 * N * r }))
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}
