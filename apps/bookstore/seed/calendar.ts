/** The days of the seeded shop: fixed, so that every run makes the same rows. */
import type { Random } from './random.ts'

export const openedAt: Date = new Date('2023-03-01T08:00:00.000Z')
export const seededUntil: Date = new Date('2026-06-30T20:00:00.000Z')

/** An instant between two, to the millisecond. */
export function instantBetween(random: Random, from: Date, to: Date = seededUntil): Date {
  const span = to.getTime() - from.getTime()
  return new Date(from.getTime() + Math.floor(random.unit() * span))
}

/** Readers come, write and buy from this day on, when the shop has some books and some readers. */
export const busyFrom: Date = new Date('2023-06-01T08:00:00.000Z')

/** `many` instants in ascending order, evenly spread over the time between two. */
export function ascendingInstants(
  random: Random,
  many: number,
  from: Date = openedAt,
  to: Date = seededUntil,
): Date[] {
  const step = (to.getTime() - from.getTime()) / many
  return Array.from(
    { length: many },
    (_, index) => new Date(from.getTime() + Math.floor((index + random.unit()) * step)),
  )
}

/** How many of the first of `many` rows, spread over the shop's whole time, were made by then. */
export function madeBy(many: number, at: Date): number {
  const passed = at.getTime() - openedAt.getTime()
  return Math.floor((passed / (seededUntil.getTime() - openedAt.getTime())) * many)
}

export function isoDay(at: Date): string {
  return at.toISOString().slice(0, 10)
}
