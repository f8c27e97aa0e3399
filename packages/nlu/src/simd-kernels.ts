/**
 * The two inner loops of training, as a WebAssembly module with 128-bit lanes, assembled here byte by byte (no build step, nothing
 * fetched): gather adds rows of a weight matrix into one vector, scatter adds one vector into rows. Both stand in one linear
 * memory that this file hands out. Results do not depend on the machine: the order of additions is fixed.
 * Source: WebAssembly core specification 2.0, binary format and vector instructions.
 */
export interface Kernels {
  /** out[0..lanes) += Σ values[i] · weights[indices[i]·stride …]; all pointers and `stride` in bytes, stride a multiple of 64. */
  gather(
    indices: number,
    values: number,
    count: number,
    weights: number,
    stride: number,
    vector: number,
  ): void
  /** weights[indices[i]·stride …] += values[i] · vector, for each i. */
  scatter(
    indices: number,
    values: number,
    count: number,
    weights: number,
    stride: number,
    vector: number,
  ): void
  readonly memory: WebAssembly.Memory
}

/** A fresh instance with room for `bytes`. @throws {RangeError} past 2 GiB. */
export function createKernels(bytes: number): Kernels {
  if (bytes > 2 ** 31) {
    throw new RangeError(
      `the model would need ${Math.ceil(bytes / 2 ** 20)} MiB of weights; raise minDocuments or merge intents`,
    )
  }
  const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / 65536) + 1 })
  compiled ??= new WebAssembly.Module(moduleBytes())
  const instance = new WebAssembly.Instance(compiled, { m: { m: memory } })
  // The module above exports exactly these two functions.
  const { gather, scatter } = instance.exports as unknown as Pick<Kernels, 'gather' | 'scatter'>
  return { gather, scatter, memory }
}

let compiled: WebAssembly.Module | undefined

const I32 = 0x7f
const V128 = 0x7b
const get = (local: number) => [0x20, local]
const set = (local: number) => [0x21, local]
const i32 = (value: number) => [0x41, ...signed(value)]
const add = [0x6a]
const simd = (op: number) => [0xfd, ...unsigned(op)]
const load = (offset: number) => [...simd(0), 4, offset]
const store = (offset: number) => [...simd(11), 4, offset]

function moduleBytes(): Uint8Array<ArrayBuffer> {
  const type = [0x60, 6, I32, I32, I32, I32, I32, I32, 0]
  const memory = [...name('m'), ...name('m'), 0x02, 0x00, 0x01]
  const exported = [
    [...name('gather'), 0, 0],
    [...name('scatter'), 0, 1],
  ]
  return new Uint8Array([
    0x00,
    0x61,
    0x73,
    0x6d,
    1,
    0,
    0,
    0,
    ...section(1, vector([type])),
    ...section(2, vector([memory])),
    ...section(3, [2, 0, 0]),
    ...section(7, vector(exported)),
    ...section(10, vector([body('gather'), body('scatter')])),
  ])
}

/** Parameters 0..5 as in `Kernels`; 6 the end of the indices, 7 the row, 8 the place in the vector, 9 its end, 10 the factor. */
function body(kind: 'gather' | 'scatter'): number[] {
  const [target, source] = kind === 'gather' ? [8, 7] : [7, 8]
  const step = (local: number, by: number) => [...get(local), ...i32(by), ...add, ...set(local)]
  // Four lanes a turn: the counting costs as much as the arithmetic.
  const lanes = [0, 16, 32, 48].flatMap((offset) => [
    ...get(target),
    ...get(target),
    ...load(offset),
    ...get(10),
    ...get(source),
    ...load(offset),
    ...simd(0xe6),
    ...simd(0xe4),
    ...store(offset),
  ])
  const turn = [...lanes, ...step(7, 64), ...step(8, 64)]
  const row = [
    // row = weights + indices[i] * stride
    ...get(3),
    ...get(0),
    0x28,
    2,
    0,
    ...get(4),
    0x6c,
    ...add,
    ...set(7),
    // factor = splat(values[i])
    ...get(1),
    0x2a,
    2,
    0,
    ...simd(0x13),
    ...set(10),
    ...get(5),
    ...set(8),
    0x03,
    0x40,
    ...turn,
    ...get(8),
    ...get(9),
    0x49,
    0x0d,
    0,
    0x0b,
    ...step(0, 4),
    ...step(1, 4),
  ]
  const code = [
    2,
    4,
    I32,
    1,
    V128,
    ...get(0),
    ...get(2),
    ...i32(2),
    0x74,
    ...add,
    ...set(6),
    ...get(5),
    ...get(4),
    ...add,
    ...set(9),
    0x02,
    0x40,
    0x03,
    0x40,
    ...get(0),
    ...get(6),
    0x4f,
    0x0d,
    1,
    ...row,
    0x0c,
    0,
    0x0b,
    0x0b,
    0x0b,
  ]
  return [...unsigned(code.length), ...code]
}

function section(id: number, content: number[]): number[] {
  return [id, ...unsigned(content.length), ...content]
}

function vector(items: readonly (readonly number[])[]): number[] {
  return [...unsigned(items.length), ...items.flat()]
}

function name(text: string): number[] {
  return [text.length, ...new TextEncoder().encode(text)]
}

/** LEB128, unsigned. */
function unsigned(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...unsigned(value >>> 7)]
}

/** LEB128, signed, for the small non-negative constants used here. */
function signed(value: number): number[] {
  return value < 0x40 ? [value] : [(value & 0x7f) | 0x80, ...signed(value >> 7)]
}
