import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decimalKey } from './decimal-key.ts'

const decimal = fc
  .tuple(fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }), fc.integer({ min: 0, max: 12 }))
  .map(([unscaled, scale]) => ({ unscaled, scale }))

function textOf({ unscaled, scale }: { unscaled: bigint; scale: number }): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0')
  const body = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
  return unscaled < 0n ? `-${body}` : body
}

test('keys order as the numbers do, across scales', () => {
  fc.assert(
    fc.property(decimal, decimal, (a, b) => {
      const left = a.unscaled * 10n ** BigInt(12 - a.scale)
      const right = b.unscaled * 10n ** BigInt(12 - b.scale)
      const keys = [decimalKey(textOf(a)), decimalKey(textOf(b))] as const
      expect(Math.sign(keys[0] < keys[1] ? -1 : keys[0] > keys[1] ? 1 : 0)).toBe(
        left < right ? -1 : left > right ? 1 : 0,
      )
    }),
  )
})

test('a number has one key, however it is written', () => {
  expect(decimalKey('12.50')).toBe(decimalKey('12.5'))
  expect(decimalKey('-0.00')).toBe(decimalKey('0'))
  expect(decimalKey('007')).toBe(decimalKey('7'))
})
