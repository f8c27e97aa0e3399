import { expect, test } from 'vitest'
import { summarize } from './evaluate.ts'
import { htmlReport } from './report.ts'

const hostile = '<script>alert("x")</script>'
const sentence = (text: string, intent: string, predicted: string, confidence: number) => ({
  example: {
    text,
    intent,
    entities: [{ start: 0, end: 3, entity: hostile, value: text.slice(0, 3) }],
    source: { file: `${hostile}.yml`, line: 3 },
  },
  predicted: { name: predicted, confidence },
  refused: confidence < 0.3,
  entities: [],
})

test('a report shows figures and pictures and escapes hostile text', () => {
  const evaluation = summarize([
    sentence(hostile, hostile, 'b', 0.9),
    sentence('fine', 'b', 'b', 0.8),
    sentence('what', 'oos', 'b', 0.2),
  ])
  expect(evaluation.intent.accuracy).toBe(0.5)
  expect(evaluation.outOfScope).toEqual({ recall: 1, falseAlarms: 0 })
  const html = htmlReport(evaluation, { title: hostile, date: new Date(0) })
  expect(html).not.toContain('<script')
  expect(html.match(/<svg/g)).toHaveLength(2)
  expect(html).toContain('&lt;script&gt;')
})
