/** UUIDs of version 7 (RFC 9562, 5.7): those of one process sort as they were made. */
import { randomBytes } from 'node:crypto'

let lastMs = 0
let counter = 0
let pool = Buffer.alloc(0)
let at = 0

export function uuid7(now: number): string {
  // 12 bits of counter after the milliseconds; when they run out the next millisecond is borrowed (6.2, method 1).
  if (now > lastMs) {
    lastMs = now
    counter = 0
  } else if (++counter > 0xfff) {
    lastMs++
    counter = 0
  }
  if (at + 8 > pool.length) {
    pool = randomBytes(2_048)
    at = 0
  }
  const tail = pool.subarray(at, at + 8)
  at += 8
  tail[0] = ((tail[0] ?? 0) & 0x3f) | 0x80
  const time = lastMs.toString(16).padStart(12, '0')
  const rest = tail.toString('hex')
  return `${time.slice(0, 8)}-${time.slice(8)}-7${counter.toString(16).padStart(3, '0')}-${rest.slice(0, 4)}-${rest.slice(4)}`
}
