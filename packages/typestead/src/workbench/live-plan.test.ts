import { expect, it } from 'vitest'
import { printedPlan } from './live-plan.ts'

const plan = { changes: [], parts: [], notes: [], refused: [] }
const printed = `${JSON.stringify(plan, undefined, 2)}\n`

it('a plan is read from what the command printed, also after what the app printed', () => {
  expect(printedPlan(printed)).toEqual(plan)
  expect(printedPlan(`loading { "x" }\n{\n not this\n${printed}`)).toEqual(plan)
})

it('what is no plan is none', () => {
  for (const text of ['', 'hello', '{\n', '{}', '[]', '\n{\n}\n']) {
    expect(printedPlan(text)).toBeUndefined()
  }
})
