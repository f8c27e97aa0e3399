import { expect, it } from 'vitest'
import { progress } from './progress.ts'

function written(
  isTTY: boolean,
  columns = 80,
): { text: () => string; bar: ReturnType<typeof progress> } {
  let text = ''
  const output = { isTTY, columns, write: (part: string) => (text += part) }
  return { text: () => text, bar: progress('seeding', output) }
}

it('in a terminal progress is one line that fills up, never longer than the terminal', () => {
  const { text, bar } = written(true, 40)
  bar.at(1, 2, 'books with a very long title')
  bar.at(2, 2)
  bar.end()
  const lines = text().split('\r\u001b[2K')
  expect(lines[1]).toContain('████████████░░░░░░░░░░░░')
  expect(lines.every((line) => line.trim().length < 40)).toBe(true)
  expect(text().endsWith('\n')).toBe(true)
})

it('elsewhere progress is a plain line every tenth', () => {
  const { text, bar } = written(false)
  for (let done = 0; done <= 1000; done++) bar.at(done, 1000, 'rows')
  bar.end()
  expect(text().split('\n')).toHaveLength(12)
  expect(text()).toContain('seeding 50 % rows\n')
})

it('of nothing is done', () => {
  const { text, bar } = written(false)
  bar.at(0, 0)
  expect(text()).toBe('seeding 100 %\n')
})
