/** Wall clocks of time zones, by the platform's zone data (Intl). Pure; the process's own zone is never asked. */
import { JournalError } from '../errors.ts'

/** A wall clock's date and time, counted as if it were UTC: milliseconds since 1970-01-01T00:00 on that clock. */
export type WallTime = number

const formats = new Map<string, Intl.DateTimeFormat>()

/** @throws {JournalError} BAD_INPUT for a zone that the platform does not know */
export function zoneFormat(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone)
  if (format) return format
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      era: 'short',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch (cause) {
    throw new JournalError(
      'BAD_INPUT',
      `"${zone}" is no time zone; give a name of the IANA data, such as "Europe/Berlin"`,
      { cause },
    )
  }
  formats.set(zone, format)
  return format
}

/** What the wall clock shows at an instant. */
export function wallTime(zone: string, instant: number): WallTime {
  const parts: Record<string, number> = {}
  for (const { type, value } of zoneFormat(zone).formatToParts(instant)) parts[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((instant % 1000) + 1000) % 1000)
}

/** How far the wall clock is ahead of UTC at an instant, in milliseconds. */
export function offsetAt(zone: string, instant: number): number {
  return wallTime(zone, instant) - instant
}

/**
 * The instants at which the wall clock shows a time: one mostly, two (earlier first) where it is set back, none where it is
 * set forward over it.
 */
export function instantsOf(zone: string, wall: WallTime): number[] {
  const day = 86_400_000
  // Offsets differ by less than a day, and change at most once around one time.
  const offsets = new Set([offsetAt(zone, wall - day), offsetAt(zone, wall + day)])
  return [...offsets]
    .map((offset) => wall - offset)
    .filter((instant) => wallTime(zone, instant) === wall)
    .sort((a, b) => a - b)
}

/** The first instant after the gap in which a wall time was left out. */
export function endOfGap(zone: string, wall: WallTime): number {
  const day = 86_400_000
  // Before the gap the clock is behind `wall`, after it ahead: the change is between these two instants.
  let before = wall - offsetAt(zone, wall + day)
  let after = wall - offsetAt(zone, wall - day)
  if (before > after) [before, after] = [after, before]
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (wallTime(zone, middle) < wall) before = middle
    else after = middle
  }
  return after
}
