/** How many rows a list may be asked for. */
import { ApiError } from './api-error.ts'

/**
 * The size asked for, or the default where the caller does not say.
 * @throws {ApiError} `BAD_INPUT` outside 0 to `most`
 */
export function sizeOf<D>(given: unknown, fallback: D, most: number, name = 'first'): number | D {
  if (given === undefined || given === null) return fallback
  if (typeof given === 'number' && Number.isInteger(given) && given >= 0 && given <= most) {
    return given
  }
  const message = `must be a whole number from 0 to ${most}`
  throw new ApiError('BAD_INPUT', `${name}: ${message}`, { fields: [{ path: [name], message }] })
}
