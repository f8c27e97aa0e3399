/** The other end of `encoder.ts`. */
import { Panic } from '../panic.ts'
import { ShortStrings } from './short-strings.ts'
import { type ChannelCodec, Tag, views } from './wire.ts'

/** Reads what an `Encoder` wrote; the bytes are this thread's own copy. */
export class Decoder {
  readonly #channels: ChannelCodec
  #bytes: Buffer<ArrayBuffer> = Buffer.alloc(0)
  #view = new DataView(this.#bytes.buffer)
  #at = 0
  #objects: object[] = []

  constructor(channels: ChannelCodec) {
    this.#channels = channels
  }

  decode(bytes: Buffer<ArrayBuffer>): unknown {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    }
    this.#at = 0
    const value = this.#read()
    if (this.#objects.length > 0) this.#objects = []
    return value
  }

  #read(): unknown {
    const tag = this.#byte()
    switch (tag) {
      case Tag.undefined:
      case Tag.hole:
        return undefined
      case Tag.null:
        return null
      case Tag.true:
        return true
      case Tag.false:
        return false
      case Tag.int32:
        return this.#int32()
      case Tag.float64:
        return this.#float64()
      case Tag.latin1:
        return this.#latin1()
      case Tag.utf16:
        return this.#utf16()
      case Tag.bigint:
        return parseBigint(this.#read() as string) // a string was written
      case Tag.array:
        return this.#array()
      case Tag.object:
        return this.#plain()
      case Tag.reference:
        return this.#objects[this.#int32()]
      default:
        return this.#special(tag)
    }
  }

  #array(): unknown[] {
    const length = this.#int32()
    const array: unknown[] = []
    this.#objects.push(array)
    for (let i = 0; i < length; i++) {
      if (this.#bytes[this.#at] === Tag.hole) {
        this.#at++
        array.length = i + 1
      } else array[i] = this.#read()
    }
    return array
  }

  #plain(): object {
    const count = this.#int32()
    const object: Record<string, unknown> = {}
    this.#objects.push(object)
    for (let i = 0; i < count; i++) {
      const key = this.#key()
      if (key === '__proto__') {
        Object.defineProperty(object, key, {
          value: this.#read(),
          enumerable: true,
          writable: true,
          configurable: true,
        })
      } else object[key] = this.#read()
    }
    return object
  }

  #special(tag: number): unknown {
    if (tag === Tag.channel) return this.#channels.channel(this.#int32())
    const place = this.#objects.push({}) - 1
    const keep = <O extends object>(object: O): O => {
      this.#objects[place] = object
      return object
    }
    switch (tag) {
      case Tag.date:
        return keep(new Date(this.#float64()))
      case Tag.map: {
        const map = keep(new Map<unknown, unknown>())
        for (let size = this.#int32(); size > 0; size--) map.set(this.#read(), this.#read())
        return map
      }
      case Tag.set: {
        const set = keep(new Set<unknown>())
        for (let size = this.#int32(); size > 0; size--) set.add(this.#read())
        return set
      }
      case Tag.error:
        return this.#error(keep)
      case Tag.regexp:
        return keep(new RegExp(this.#read() as string, this.#read() as string)) // strings were written
      case Tag.buffer:
        return keep(this.#raw())
      case Tag.view: {
        const type = views[this.#byte()] as (typeof views)[number] // its index was written
        return keep(new (type as new (buffer: ArrayBuffer) => ArrayBufferView)(this.#raw()))
      }
      default:
        throw new Panic('ERR_SHARED', `unknown tag ${tag} in a message; shared memory is damaged`)
    }
  }

  #error(keep: (error: Error) => Error): Error {
    // The five parts that the encoder wrote, in its order.
    const name = this.#read() as string
    const message = this.#read() as string
    const stack = this.#read() as string
    const error = keep(makeError(name, message))
    Object.defineProperty(error, 'stack', { value: stack, configurable: true, writable: true })
    const code = this.#read()
    if (code !== undefined && !('code' in error)) Object.assign(error, { code })
    const cause = this.#read()
    if (cause !== undefined)
      Object.defineProperty(error, 'cause', { value: cause, configurable: true, writable: true })
    return error
  }

  #raw(): ArrayBuffer {
    const length = this.#int32()
    const copy = new Uint8Array(length)
    copy.set(this.#bytes.subarray(this.#at, this.#at + length))
    this.#at += length
    return copy.buffer
  }

  #latin1(): string {
    const length = this.#byte()
    if (length <= ShortStrings.longest) {
      this.#at += length
      return texts.at(this.#bytes, this.#at - length, length)
    }
    const start = this.#at + 4
    this.#at = start + this.#int32()
    return this.#bytes.toString('latin1', start, this.#at)
  }

  #utf16(): string {
    const start = this.#at + 4
    this.#at = start + this.#int32()
    return this.#bytes.toString('utf16le', start, this.#at)
  }

  #key(): string {
    const length = this.#bytes[this.#at + 1] as number // inside
    if (this.#bytes[this.#at] !== Tag.latin1 || length > ShortStrings.longest) {
      return this.#read() as string // a string was written
    }
    this.#at += 2 + length
    return names.at(this.#bytes, this.#at - length, length)
  }

  #byte(): number {
    return this.#bytes[this.#at++] as number // within what the encoder wrote
  }

  #int32(): number {
    const value = this.#view.getInt32(this.#at, true)
    this.#at += 4
    return value
  }

  #float64(): number {
    const value = this.#view.getFloat64(this.#at, true)
    this.#at += 8
    return value
  }
}

/** Property names come again and again, and are stored under faster once the engine knows them as such. */
const names = new ShortStrings((name) => Object.keys({ [name]: 0 })[0] as string)
const texts = new ShortStrings((text) => text)

function makeError(name: string, message: string): Error {
  const types = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError }
  const error = new (types[name as keyof typeof types] ?? Error)(message) // a name not listed gives undefined
  if (error.name !== name)
    Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true })
  return error
}

function parseBigint(text: string): bigint {
  const negative = text.startsWith('-')
  let value = 0n
  for (const digit of negative ? text.slice(1) : text) {
    value = value * 36n + BigInt(Number.parseInt(digit, 36))
  }
  return negative ? -value : value
}
