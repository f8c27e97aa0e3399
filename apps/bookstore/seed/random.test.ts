import { describe, expect, it } from 'vitest'
import { Random } from './random.ts'

describe('the numbers of a seed', () => {
  it('are the same for the same text, and others for another', () => {
    const draw = (seed: string) => {
      const random = new Random(seed)
      return Array.from({ length: 20 }, () => random.bits())
    }
    expect(draw('books')).toEqual(draw('books'))
    expect(draw('books')).not.toEqual(draw('book'))
  })

  it('keep to their bounds, and reach both', () => {
    const random = new Random('bounds')
    const drawn = new Set(Array.from({ length: 1000 }, () => random.int(3, 7)))
    expect([...drawn].sort()).toEqual([3, 4, 5, 6, 7])
  })

  it('are spread evenly', () => {
    const random = new Random('spread')
    const counts = new Array(10).fill(0)
    for (let draw = 0; draw < 100_000; draw++) counts[random.int(0, 9)]++
    for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(500)
  })

  it('are mostly small where they are skewed', () => {
    const random = new Random('skewed')
    const drawn = Array.from({ length: 10_000 }, () => random.skewed(1000))
    expect(drawn.filter((one) => one < 125).length).toBeGreaterThan(4500)
    expect(Math.max(...drawn)).toBeLessThan(1000)
  })
})
