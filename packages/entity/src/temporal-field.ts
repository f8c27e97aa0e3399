/** Instants and days: `datetime()`, `date()`, `createdAt()`, `updatedAt()`. The process's time zone is never consulted. */
import { z } from 'zod'
import { Field } from './field.ts'

/** An instant with milliseconds, a `Date` in TypeScript and ISO 8601 in UTC in JSON. Inputs may carry any offset. */
export function datetime(): Field<Date> {
  return new Field({ type: 'datetime', schema: instant })
}

/** A day without a zone, as text: `'2026-02-28'`; years 0001 to 9999. */
export function date(): Field<string> {
  return new Field({ type: 'date', schema: day })
}

/** The instant of the row's creation, set by itself. */
export function createdAt(): Field<Date, 'optional' | 'readonly'> {
  return datetime().default(now).readonly()
}

/** The instant of the row's last change, moved by itself on every update. */
export function updatedAt(): Field<Date, 'optional' | 'readonly'> {
  return new Field({ ...createdAt().definition, onUpdate: now })
}

/** The default of `createdAt()` and `updatedAt()`. */
export function now(): Date {
  return new Date()
}

/** What `instant` and `day` say of anything else. */
export const instantExample = 'an instant such as 2026-02-28T12:00:00.000Z'
export const dayExample = 'a day such as 2026-02-28'

const text = z.iso.datetime({ offset: true }).transform((value) => new Date(value))

/** The end of the year 9999. */
export const lastMillisecond = 253_402_300_799_999

/** Reads a `Date` or ISO 8601 with an offset, in the years 0001 to 9999: what ISO writes with four digits and every store holds. */
export const instant = z
  .union([z.date(), text], `must be ${instantExample}`)
  .refine(
    (value) => value.getTime() >= -62_135_596_800_000 && value.getTime() <= lastMillisecond,
    `must be ${instantExample}`,
  )

/** Reads a day that the calendar has; there is no year 0. */
export const day = z.iso
  .date(`must be ${dayExample}`)
  .refine((value) => !value.startsWith('0000'), `must be ${dayExample}`)
