import { describe, expect, it } from 'vitest'
import { uuidv7, uuidv7Source } from './uuidv7.ts'

describe('uuidv7', () => {
  it('has the layout of RFC 9562', () => {
    const time = 0x0190b5a20001
    for (let turn = 0; turn < 500; turn++) {
      expect(uuidv7Source()(time)).toMatch(
        /^0190b5a2-0001-7[0-7][0-9a-f]{2}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      )
    }
  })

  it('ascends inside one millisecond, past the end of the counter', () => {
    const next = uuidv7Source()
    const ids = Array.from({ length: 20_000 }, () => next(1_700_000_000_000))
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.toSorted()).toEqual(ids)
  })

  it('ascends when the clock steps back', () => {
    const next = uuidv7Source()
    const ids = [5000, 5000, 4000, 10, 4999, 5001, 0].map((now) => next(now))
    expect(ids.toSorted()).toEqual(ids)
    expect(ids[2]?.slice(0, 13)).toBe('00000000-1388')
  })

  it('two series share no ids, and the process has one', () => {
    const [one, other] = [uuidv7Source(), uuidv7Source()]
    const ids = Array.from({ length: 1000 }, () => [one(1), other(1), uuidv7()]).flat()
    expect(new Set(ids).size).toBe(3000)
  })

  it.each([-1, 2 ** 48, Number.NaN, Infinity])('refuses the time %o', (now) => {
    expect(() => uuidv7Source()(now)).toThrow(RangeError)
  })

  it('takes fractions of milliseconds', () => {
    expect(uuidv7Source()(0.75)).toMatch(/^00000000-0000-7/)
  })
})
