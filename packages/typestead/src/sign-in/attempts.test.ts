import { describe, expect, it } from 'vitest'
import { Attempts } from './attempts.ts'

function attempts(options: { entries?: number } = {}) {
  let time = 0
  const counted = new Attempts({
    limit: 3,
    windowMilliseconds: 60_000,
    now: () => time,
    ...options,
  })
  return { counted, pass: (milliseconds: number) => (time += milliseconds) }
}

describe('attempts', () => {
  it('are counted by key, and refused with the seconds to wait', () => {
    const { counted, pass } = attempts()
    for (let count = 0; count < 3; count++) expect(counted.take('a')).toBeUndefined()
    pass(15_500)
    expect(counted.take('a')).toBe(45)
    expect(counted.take('b')).toBeUndefined()
  })

  it('are free again after the window', () => {
    const { counted, pass } = attempts()
    for (let count = 0; count < 4; count++) counted.take('a')
    pass(60_000)
    expect(counted.take('a')).toBeUndefined()
  })

  it('are forgotten after a success', () => {
    const { counted } = attempts()
    for (let count = 0; count < 3; count++) counted.take('a')
    counted.forget('a')
    expect(counted.take('a')).toBeUndefined()
  })

  it('are kept for so many keys, the oldest forgotten first', () => {
    const { counted } = attempts({ entries: 100 })
    for (let count = 0; count < 3; count++) counted.take('newest')
    for (let key = 0; key < 99; key++) counted.take(String(key))
    expect(counted.take('newest')).toBe(60)
    for (let key = 99; key < 10_000; key++) counted.take(String(key))
    expect(counted.size).toBe(100)
    expect(counted.take('newest')).toBeUndefined()
  })
})
