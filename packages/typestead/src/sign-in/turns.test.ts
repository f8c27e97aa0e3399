import { expect, it } from 'vitest'
import { Turns } from './turns.ts'

it('turns run so many at once, in order, and refuse whom they have no room for', async () => {
  const turns = new Turns(2, 1)
  const started: number[] = []
  const gates = [0, 1, 2].map(() => Promise.withResolvers<void>())
  const runs = gates.map(({ promise }, index) =>
    turns.run(() => {
      started.push(index)
      return promise
    }),
  )
  await expect(turns.run(async () => {})).rejects.toMatchObject({ code: 'BUSY' })
  expect(started).toEqual([0, 1])
  gates[1]?.resolve()
  await runs[1]
  await Promise.resolve()
  expect(started).toEqual([0, 1, 2])
  gates[0]?.resolve()
  gates[2]?.reject(new Error('failed'))
  await expect(Promise.all(runs)).rejects.toThrow('failed')
  expect(await turns.run(async () => 'free again')).toBe('free again')
})
