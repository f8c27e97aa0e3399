/**
 * e^x for x ≤ 0 to 2·10⁻⁶ of its value, 0 below −24: several times faster than Math.exp, and the same on every machine.
 * A power of two for the whole part of x/ln 2 from a table, a polynomial (Taylor's, about −½) for the rest.
 */
export function expOfNegative(x: number): number {
  if (!(x > -24)) return 0
  const exponent = x * Math.LOG2E
  const whole = exponent | 0
  const y = (exponent - whole + 0.5) * Math.LN2
  const rest = 1 + y * (1 + y * (1 / 2 + y * (1 / 6 + y * (1 / 24 + y * (1 / 120)))))
  return rest * (powers[-whole] as number)
}

/** 2^(−½ − i). */
const powers = Float64Array.from({ length: 36 }, (_, i) => Math.SQRT1_2 * 2 ** -i)
