/**
 * A matrix of 32-bit weights, one row a feature and one column a label, in WebAssembly memory beside the buffers that its kernels
 * read. Rows are padded to whole lanes; padding columns stay zero. Memory: rows · columns · 4 bytes.
 */
import { createKernels, type Kernels } from './simd-kernels.ts'

/** Features active in one product, at most. */
export const maxActive = 49152

export class WeightMatrix {
  readonly rows: number
  readonly columns: number
  /** Columns with padding: a multiple of 16. */
  readonly stride: number
  /** Row-major, `stride` apart. */
  readonly weights: Float32Array
  /** The active features of the next product, and their values. */
  readonly indices: Uint32Array
  readonly values: Float32Array
  /** Output vectors, `stride` apart; as many as the constructor was asked for. */
  readonly outputs: Float32Array
  readonly #kernels: Kernels
  readonly #at: { readonly indices: number; readonly values: number; readonly outputs: number }

  constructor(rows: number, columns: number, outputs = 1) {
    this.rows = rows
    this.columns = columns
    this.stride = Math.ceil(columns / 16) * 16
    const weights = rows * this.stride
    const align = (bytes: number) => Math.ceil(bytes / 64) * 64
    const indices = align(weights * 4)
    const values = indices + maxActive * 4
    const out = values + maxActive * 4
    this.#at = { indices, values, outputs: out }
    this.#kernels = createKernels(out + outputs * this.stride * 4)
    const { buffer } = this.#kernels.memory
    this.weights = new Float32Array(buffer, 0, weights)
    this.indices = new Uint32Array(buffer, indices, maxActive)
    this.values = new Float32Array(buffer, values, maxActive)
    this.outputs = new Float32Array(buffer, out, outputs * this.stride)
  }

  /** The output vector of that number, `columns` long, live. */
  output(number = 0): Float32Array {
    return this.outputs.subarray(number * this.stride, number * this.stride + this.columns)
  }

  /** output += Σ values[i] · row(indices[i]) over `count` active features from place `from` on. */
  gather(count: number, output = 0, from = 0): void {
    const { indices, values, outputs } = this.#at
    const bytes = this.stride * 4
    this.#kernels.gather(
      indices + from * 4,
      values + from * 4,
      count,
      0,
      bytes,
      outputs + output * bytes,
    )
  }

  /** row(indices[i]) += values[i] · output, for each of `count` active features from place `from` on. */
  scatter(count: number, output = 0, from = 0): void {
    const { indices, values, outputs } = this.#at
    const bytes = this.stride * 4
    this.#kernels.scatter(
      indices + from * 4,
      values + from * 4,
      count,
      0,
      bytes,
      outputs + output * bytes,
    )
  }

  /** The weights without padding, row-major. */
  compact(): Float32Array {
    const { rows, columns, stride, weights } = this
    const out = new Float32Array(rows * columns)
    for (let row = 0; row < rows; row++) {
      out.set(weights.subarray(row * stride, row * stride + columns), row * columns)
    }
    return out
  }

  /** Takes weights as `compact` gives them. */
  fill(weights: Float32Array): void {
    const { rows, columns, stride } = this
    for (let row = 0; row < rows; row++) {
      this.weights.set(weights.subarray(row * columns, (row + 1) * columns), row * stride)
    }
  }
}
