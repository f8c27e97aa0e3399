/** The format of values in shared memory: one tag byte, then what the tag says. Both ends are this package. */

/** What shared channels need to travel. */
export interface ChannelCodec {
  /** The id of a shared channel, -1 for anything else. */
  idOf(value: object): number
  channel(id: number): object
}

export const Tag = {
  undefined: 0,
  null: 1,
  true: 2,
  false: 3,
  int32: 4,
  float64: 5,
  latin1: 6,
  utf16: 7,
  bigint: 8,
  date: 9,
  array: 10,
  object: 11,
  map: 12,
  set: 13,
  error: 14,
  regexp: 15,
  buffer: 16,
  view: 17,
  reference: 18,
  channel: 19,
  hole: 20,
} as const

/** By index. */
export const views = [
  Uint8Array,
  Int8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
  DataView,
] as const
