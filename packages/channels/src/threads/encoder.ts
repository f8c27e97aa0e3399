/**
 * Values as bytes, for the message lane: what structured clone can copy, with shared and circular references kept;
 * shared channels travel as values. A value that cannot be copied is refused with the path of its property. Written
 * for small messages: `v8.serialize` costs 2.4 to 4.7 µs for those.
 */
import { Uncloneable } from './uncloneable.ts'
import { type ChannelCodec, Tag, views } from './wire.ts'

/** Writes into a scratch buffer that grows; `bytes` to `length` is the last value. */
export class Encoder {
  bytes: Buffer<ArrayBuffer> = Buffer.alloc(4096)
  length = 0
  #view = new DataView(this.bytes.buffer)
  #seen: object[] = []
  #places: Map<object, number> | null = null
  #depth = 0
  readonly #channels: ChannelCodec

  constructor(channels: ChannelCodec) {
    this.#channels = channels
  }

  /** @throws {Panic} ERR_NOT_CLONEABLE, naming the path of the property */
  encode(value: unknown): void {
    this.length = 0
    this.#seen.length = 0
    this.#places = null
    this.#depth = 0
    this.#write(value)
  }

  #write(value: unknown): void {
    switch (typeof value) {
      case 'undefined':
        this.#tag(Tag.undefined)
        return
      case 'boolean':
        this.#tag(value ? Tag.true : Tag.false)
        return
      case 'number':
        this.#number(value)
        return
      case 'string':
        this.#string(value)
        return
      case 'bigint':
        this.#tag(Tag.bigint)
        this.#string(value.toString(36))
        return
      case 'object':
        if (value === null) {
          this.#tag(Tag.null)
          return
        }
        this.#object(value)
        return
      default:
        throw new Uncloneable(`a ${typeof value}`)
    }
  }

  #object(value: object): void {
    const place = this.#placeOf(value)
    if (place >= 0) {
      this.#tag(Tag.reference)
      this.#uint32(place)
      return
    }
    if (Array.isArray(value)) {
      this.#array(value)
      return
    }
    const prototype = Object.getPrototypeOf(value)
    if (prototype === Object.prototype || prototype === null) {
      this.#plain(value)
      return
    }
    const id = this.#channels.idOf(value)
    if (id >= 0) {
      this.#tag(Tag.channel)
      this.#uint32(id)
      return
    }
    this.#special(value)
  }

  #array(value: readonly unknown[]): void {
    this.#tag(Tag.array)
    this.#uint32(value.length)
    for (let i = 0; i < value.length; i++) {
      if (value[i] === undefined && !(i in value)) this.#tag(Tag.hole)
      else this.#member(i, value[i])
    }
  }

  #plain(value: object): void {
    this.#tag(Tag.object)
    const countAt = this.length
    this.#uint32(0)
    let count = 0
    // Faster than Object.keys, which makes an array.
    for (const key in value) {
      if (!hasOwn.call(value, key)) continue
      this.#string(key)
      this.#member(key, (value as Record<string, unknown>)[key]) // its own key
      count++
    }
    this.#view.setInt32(countAt, count, true)
  }

  #member(key: string | number, value: unknown): void {
    try {
      if (++this.#depth > mostLevels) {
        throw new Uncloneable(`more than ${mostLevels} levels deep; send a list instead`)
      }
      this.#write(value)
      this.#depth--
    } catch (error) {
      if (error instanceof Uncloneable) error.path.unshift(key)
      throw error
    }
  }

  #special(value: object): void {
    if (value instanceof Date) {
      this.#tag(Tag.date)
      this.#float64(value.getTime())
      return
    }
    if (value instanceof Map) {
      this.#tag(Tag.map)
      this.#uint32(value.size)
      for (const [key, member] of value) {
        this.#member('(key)', key)
        this.#member(String(key), member)
      }
      return
    }
    if (value instanceof Set) {
      this.#tag(Tag.set)
      this.#uint32(value.size)
      for (const member of value) this.#member('(member)', member)
      return
    }
    if (value instanceof Error) {
      this.#error(value)
      return
    }
    if (value instanceof RegExp) {
      this.#tag(Tag.regexp)
      this.#string(value.source)
      this.#string(value.flags)
      return
    }
    if (value instanceof ArrayBuffer) {
      if (value.detached) throw new Uncloneable(detached)
      this.#tag(Tag.buffer)
      this.#raw(new Uint8Array(value))
      return
    }
    if (ArrayBuffer.isView(value)) {
      this.#view_(value)
      return
    }
    if (value instanceof Boolean || value instanceof Number || value instanceof String) {
      this.#write(value.valueOf())
      return
    }
    const tag = Object.prototype.toString.call(value).slice(8, -1)
    // Like structured clone: an instance of a class of the program arrives as a plain object.
    if (tag === 'Object' && !('foreign' in value) && !isChannelOfOneThread(value)) {
      this.#plain(value)
      return
    }
    if (isChannelOfOneThread(value)) {
      throw new Uncloneable('a channel of one thread; make it with makeSharedChan')
    }
    throw new Uncloneable(`a ${tag}`)
  }

  #error(error: Error): void {
    this.#tag(Tag.error)
    this.#string(error.name)
    this.#string(error.message)
    this.#string(error.stack ?? '')
    const { code } = error as { code?: unknown }
    this.#member('code', typeof code === 'string' || typeof code === 'number' ? code : undefined)
    this.#member('cause', error.cause)
  }

  #view_(view: ArrayBufferView): void {
    if (!(view.buffer instanceof ArrayBuffer)) {
      throw new Uncloneable('a view of a SharedArrayBuffer; send a copy of it, such as its slice()')
    }
    if (view.buffer.detached) throw new Uncloneable(detached)
    this.#tag(Tag.view)
    const kind = views.findIndex((type) => view instanceof type)
    this.#tag(kind)
    this.#raw(new Uint8Array(view.buffer, view.byteOffset, view.byteLength))
  }

  /** The number of an object that was written before, -1 for a new one, which gets the next number. */
  #placeOf(value: object): number {
    const seen = this.#seen
    if (this.#places !== null) {
      const place = this.#places.get(value)
      if (place !== undefined) return place
      this.#places.set(value, seen.length)
    } else {
      const place = seen.indexOf(value)
      if (place >= 0) return place
      if (seen.length === 16) {
        this.#places = new Map(seen.map((one, at) => [one, at]))
        this.#places.set(value, seen.length)
      }
    }
    seen.push(value)
    return -1
  }

  #number(value: number): void {
    if ((value | 0) === value && (value !== 0 || 1 / value > 0)) {
      this.#tag(Tag.int32)
      this.#uint32(value)
    } else {
      this.#tag(Tag.float64)
      this.#float64(value)
    }
  }

  #string(value: string): void {
    const { length } = value
    if (length <= 24) {
      this.#room(length + 2)
      const { bytes } = this
      let at = this.length + 2
      for (let i = 0; i < length; i++) {
        const code = value.charCodeAt(i)
        if (code > 255) {
          this.#wide(value)
          return
        }
        bytes[at++] = code
      }
      bytes[this.length] = Tag.latin1
      bytes[this.length + 1] = length
      this.length = at
    } else if (isLatin1(value)) {
      this.#tag(Tag.latin1)
      this.#tag(255)
      this.#uint32(length)
      this.#room(length)
      this.length += this.bytes.write(value, this.length, length, 'latin1')
    } else this.#wide(value)
  }

  #wide(value: string): void {
    this.#tag(Tag.utf16)
    this.#uint32(value.length * 2)
    this.#room(value.length * 2)
    this.length += this.bytes.write(value, this.length, value.length * 2, 'utf16le')
  }

  #raw(bytes: Uint8Array): void {
    this.#uint32(bytes.byteLength)
    this.#room(bytes.byteLength)
    this.bytes.set(bytes, this.length)
    this.length += bytes.byteLength
  }

  #tag(tag: number): void {
    this.#room(1)
    this.bytes[this.length++] = tag
  }

  #uint32(value: number): void {
    this.#room(4)
    this.#view.setInt32(this.length, value, true)
    this.length += 4
  }

  #float64(value: number): void {
    this.#room(8)
    this.#view.setFloat64(this.length, value, true)
    this.length += 8
  }

  #room(more: number): void {
    if (this.length + more <= this.bytes.length) return
    const larger = Buffer.alloc(Math.max(this.bytes.length * 2, this.length + more))
    larger.set(this.bytes.subarray(0, this.length))
    this.bytes = larger
    this.#view = new DataView(larger.buffer)
  }
}

/** Fewer than the stack of any thread holds, here or where it is read. */
const mostLevels = 1000
const detached = 'a detached buffer; it was transferred before'

const hasOwn = Object.prototype.hasOwnProperty

function isLatin1(value: string): boolean {
  for (let i = 0; i < value.length; i++) if (value.charCodeAt(i) > 255) return false
  return true
}

function isChannelOfOneThread(value: object): boolean {
  return 'recvq' in value && 'sendq' in value
}
