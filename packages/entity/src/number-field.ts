/** Numbers and booleans: `int()`, `int8()`, `float()`, `decimal()` and `boolean()`. */
import { z } from 'zod'
import { invalid } from './errors.ts'
import { Field } from './field.ts'

/** A number with bounds. `T` is `number` for int and float, `bigint` for int8. */
export class NumberField<
  T extends number | bigint | null = number,
  M extends string = never,
> extends Field<T, M> {
  // The methods of Field, giving this kind of field.
  declare nullable: () => NumberField<T | null, M | 'optional'>
  declare default: (
    value: NonNullable<T> | (() => NonNullable<T>),
  ) => NumberField<T, M | 'optional'>
  declare readonly: () => NumberField<T, M | 'readonly'>
  declare secret: () => NumberField<T, M | 'secret'>

  /** At least `least`. */
  min(least: NonNullable<T>, message?: string): this {
    return this.bound('min', least, (value) => value >= least, message)
  }

  /** At most `most`. */
  max(most: NonNullable<T>, message?: string): this {
    return this.bound('max', most, (value) => value <= most, message)
  }

  private bound(
    side: 'min' | 'max',
    limit: NonNullable<T>,
    holds: (value: NonNullable<T>) => boolean,
    message?: string,
  ): this {
    const { schema } = this.definition
    // The limit of a ZodNumber is a number.
    if (schema instanceof z.ZodNumber)
      return this.with({ schema: schema[side](limit as never, message) })
    // int8 reads numbers and digits into a bigint: its bounds are a check on what was read.
    return this.check(holds, message ?? `must be at ${side === 'min' ? 'least' : 'most'} ${limit}`)
  }
}

/** A whole number of 32 bits: from -2147483648 to 2147483647. */
export function int(): NumberField {
  return new NumberField({ type: 'int4', schema: z.int32() })
}

/** A whole number of 64 bits, a `bigint` in TypeScript and a text of digits in JSON. */
export function int8(): NumberField<bigint> {
  return new NumberField<bigint>({ type: 'int8', schema: long })
}

/** Reads a bigint, a safe whole number or up to 19 digits. */
export const digits = z
  .union(
    [z.bigint(), z.int(), z.string().regex(/^-?\d{1,19}$/)],
    'must be a whole number, or its digits as text',
  )
  .transform((value) => BigInt(value))

/** Reads what of these has 64 bits. */
export const long = z.pipe(digits, z.int64())

export function fits64(value: bigint): boolean {
  return BigInt.asIntN(64, value) === value
}

/** A double; NaN and infinities are refused. */
export function float(): NumberField {
  return new NumberField({ type: 'double', schema: z.number() })
}

/**
 * An exact decimal number as text, such as `'12.50'`: at most `precision` digits, `scale` of them after the point.
 * The text is put into the store's own form: `scale` digits after the point, no other padding.
 */
export function decimal(precision = 18, scale = 2): Field<string> {
  const whole = precision - scale
  if (!Number.isInteger(precision) || !Number.isInteger(scale) || scale < 0 || whole < 0) {
    throw invalid('decimal(precision, scale) needs whole numbers, 0 ≤ scale ≤ precision')
  }
  if (precision < 1 || precision > 1000) {
    throw invalid('the precision of a decimal is from 1 to 1000')
  }
  const schema = z
    .string()
    .refine(
      (text) => fits(text, whole, scale),
      `must be a decimal number of at most ${whole} digits before and ${scale} after the point`,
    )
    .transform((text) => canonicalDecimal(text, scale))
  return new Field({ type: 'decimal', schema, precision, scale })
}

/** Whether the number needs no more digits than there are; zeros at either end do not count. */
function fits(text: string, whole: number, scale: number): boolean {
  const [, before, after = ''] = decimalPattern.exec(text) ?? []
  if (before === undefined) return false
  return significant(before).length <= whole && withoutLastZeros(after).length <= scale
}

function significant(digits: string): string {
  return digits.replace(/^0+/, '')
}

export function withoutLastZeros(digits: string): string {
  return digits.replace(/0+$/, '')
}

// No more than PostgreSQL's numeric reads; a bound also on the work that a hostile text can cause.
export const decimalPattern: RegExp = /^-?(\d{1,2000})(?:\.(\d{1,2000}))?$/

/** Sign, no leading zeros, exactly `scale` digits after the point; zero has no sign. */
export function canonicalDecimal(text: string, scale: number): string {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.')
  const digits = significant(whole) || '0'
  const body = scale > 0 ? `${digits}.${fraction.slice(0, scale).padEnd(scale, '0')}` : digits
  return text.startsWith('-') && /[1-9]/.test(body) ? `-${body}` : body
}

/** True or false. */
export function boolean(): Field<boolean> {
  return new Field({ type: 'boolean', schema: z.boolean() })
}
