/** The few statistics that the harness prints. */

/** @throws {RangeError} when there are no values */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** Between the nearest two values, linearly (type 7 of Hyndman and Fan, 1996). @param q from 0 to 1 */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const position = (sorted.length - 1) * q
  const below = sorted[Math.floor(position)]
  const above = sorted[Math.ceil(position)]
  if (below === undefined || above === undefined) {
    throw new RangeError('a quantile needs at least one value')
  }
  return below + (above - below) * (position - Math.floor(position))
}

/** Half the distance between the quartiles, as a part of the median: how far to trust it. 0 for a median of 0. */
export function spread(values: readonly number[]): number {
  const middle = median(values)
  return middle === 0 ? 0 : (quantile(values, 0.75) - quantile(values, 0.25)) / 2 / middle
}
