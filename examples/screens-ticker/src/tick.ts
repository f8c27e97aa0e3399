/** What the worker sends: the new price of one of the symbols, by its place. */
export interface Tick {
  readonly symbol: number
  /** In cents. */
  readonly price: number
}

export const symbolCount = 1000
