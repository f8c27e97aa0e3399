import { expect, test } from 'vitest'
import { calibrate, softmax } from './calibration.ts'

test('scores that claim too much are cooled until they are right as often as they say', () => {
  // Right in 8 of 10 cases, sure to 99.9 % of all.
  const held = Array.from({ length: 1000 }, (_, i) => ({
    scores: Float32Array.of(7, 0),
    unknown: 0,
    label: i % 10 < 8 ? 0 : 1,
  }))
  const { temperature } = calibrate(held)
  expect(softmax(Float32Array.of(7, 0), temperature, 0)[0]).toBeCloseTo(0.8, 1)
})

test('the threshold costs few right answers', () => {
  const held = Array.from({ length: 1000 }, (_, i) => ({
    scores: Float32Array.of(i / 200, 0, 0),
    unknown: 0,
    label: 0,
  }))
  const { temperature, threshold } = calibrate(held)
  const lost = held.filter(
    ({ scores }) => (softmax(scores, temperature, 0)[0] as number) < threshold,
  )
  expect(lost.length / held.length).toBeLessThanOrEqual(0.03)
})

test('what is unknown is less sure', () => {
  const [known = 0] = softmax(Float32Array.of(3, 0), 1, 0)
  const [unknown = 0] = softmax(Float32Array.of(3, 0), 1, 1)
  expect(unknown).toBeLessThan(known)
})
