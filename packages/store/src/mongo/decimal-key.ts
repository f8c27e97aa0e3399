/**
 * Decimal numbers as texts whose order by code point is the order of the numbers, whatever their precision and scale.
 * Some MongoDB-compatible servers lack Decimal128, so decimals are kept as text, and this key lies beside them.
 * Form: sign (0 or 1), how many digits stand before the point (4 digits), those digits, those after the point without
 * trailing zeros. Of a negative number every digit is subtracted from 9 and `~` ends it, which turns the order around.
 */
export function decimalKey(text: string): string {
  const [whole = '', fraction = ''] = text.replace('-', '').split('.')
  const digits = whole.replace(/^0+/, '')
  const body = String(digits.length).padStart(4, '0') + digits + fraction.replace(/0+$/, '')
  const negative = text.startsWith('-') && /[1-9]/.test(body)
  return negative ? `0${body.replace(/\d/g, (digit) => String(9 - Number(digit)))}~` : `1${body}`
}
