import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Replay } from './replay.ts'

const names = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 20 })

test('the same code gets what it recorded, in order, and then new places', () => {
  fc.assert(
    fc.property(names, fc.nat(20), (steps, recordedCount) => {
      const recorded = steps
        .slice(0, recordedCount)
        .map((name, place) => ({ place, name, result: `${place}` }))
      const replay = new Replay('j', recorded)
      steps.forEach((name, place) => {
        const turn = replay.next(name)
        expect(turn).toEqual(
          place < recorded.length ? { place, recorded: recorded[place] } : { place },
        )
      })
    }),
  )
})

test('other code is refused at the first step that differs', () => {
  fc.assert(
    fc.property(names, names, (before, after) => {
      const replay = new Replay(
        'j',
        before.map((name, place) => ({ place, name, result: null })),
      )
      const differs = after.findIndex((name, at) => at < before.length && before[at] !== name)
      after.slice(0, differs === -1 ? undefined : differs).forEach((name) => void replay.next(name))
      if (differs >= 0)
        expect(() => replay.next(after[differs] ?? '')).toThrow(`step ${differs} of job j was`)
    }),
  )
})
