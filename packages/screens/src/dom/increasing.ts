/**
 * The longest increasing subsequence, by patience sorting (Fredman 1975), O(n log n): rows that need not move.
 * Places with 0 take no part. Returns places, ascending.
 */
export function increasing(values: Int32Array): readonly number[] {
  /** `tails[length - 1]`: the place with the smallest value that ends a sequence of this length. */
  const tails: number[] = []
  const previous = new Int32Array(values.length)
  for (const [place, value] of values.entries()) {
    if (value === 0) continue
    let low = 0
    let high = tails.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((values[tails[middle] ?? 0] ?? 0) < value) low = middle + 1
      else high = middle
    }
    previous[place] = low > 0 ? (tails[low - 1] ?? -1) : -1
    tails[low] = place
  }
  const found: number[] = []
  for (let place = tails.at(-1) ?? -1; place >= 0; place = previous[place] ?? -1) found.push(place)
  return found.reverse()
}
