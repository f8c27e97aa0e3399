/**
 * UUID version 7 (RFC 9562, section 5.7): 48 bits of Unix milliseconds, then a 12-bit counter and 62 random
 * bits. Within a process the ids ascend, also inside one millisecond and when the clock steps back.
 */

/** A new UUIDv7 in lower case. `now` is Unix time in milliseconds. */
export const uuidv7: (now?: number) => string = uuidv7Source()

/**
 * A series of its own, which knows nothing of other series.
 * @throws {RangeError} from the series, when `now` is not a time of 48 bits
 */
export function uuidv7Source(): (now?: number) => string {
  let lastMilliseconds = -1
  let time = ''
  let counter = 0
  const random = new Uint8Array(1024)
  let used = random.length

  return (now = Date.now()) => {
    const milliseconds = Math.floor(now)
    if (!(milliseconds >= 0 && milliseconds < 2 ** 48)) {
      throw new RangeError(`now is Unix time in milliseconds, below 2^48, not ${now}`)
    }
    if (used === random.length) {
      crypto.getRandomValues(random)
      used = 0
    }
    const start = used
    used += 8
    if (milliseconds > lastMilliseconds) setTime(milliseconds)
    // The counter is spent: borrow the next millisecond, as the RFC allows (section 6.2, method 1).
    else if (++counter > 0xfff) setTime(lastMilliseconds + 1)

    let text = `${time}-7${hexadecimal[counter >> 8]?.slice(1)}${hexadecimal[counter & 0xff]}-`
    // The variant of the RFC: the two bits 10 at the top.
    text += hexadecimal[(byteAt(start) & 0x3f) | 0x80]
    text += `${hexadecimal[byteAt(start + 1)]}-`
    for (let at = start + 2; at < start + 8; at++) text += hexadecimal[byteAt(at)]
    return text
  }

  /** The counter starts in the lower half, so that at least 2,048 ids fit in the millisecond. */
  function setTime(milliseconds: number): void {
    lastMilliseconds = milliseconds
    const digits = milliseconds.toString(16).padStart(12, '0')
    time = `${digits.slice(0, 8)}-${digits.slice(8)}`
    counter = Math.floor(Math.random() * 0x800)
  }

  function byteAt(at: number): number {
    return random[at] ?? 0
  }
}

const hexadecimal = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
