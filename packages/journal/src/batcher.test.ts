import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Batcher } from './batcher.ts'

test('keeps the order, flushes one at a time, and gives each its own result', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 8 }),
      fc.integer({ min: 1, max: 20 }),
      fc.nat(60),
      async (size, capacity, count) => {
        const seen: number[] = []
        let flushing = 0
        const batcher = new Batcher(
          async (items: readonly number[]) => {
            expect(++flushing).toBe(1)
            expect(items.length).toBeLessThanOrEqual(size)
            await new Promise(setImmediate)
            seen.push(...items)
            flushing--
            return items.map((n) => n * 2)
          },
          { size, capacity },
        )
        const all = Array.from({ length: count }, (_, n) => batcher.add(n))
        expect(batcher.waiting).toBeLessThanOrEqual(capacity)
        expect(await Promise.all(all)).toEqual(all.map((_, n) => n * 2))
        expect(seen).toEqual(all.map((_, n) => n))
        await batcher.drained()
      },
    ),
    { numRuns: 40 },
  )
})

test('a flush that fails fails its own items only', async () => {
  const batcher = new Batcher(
    async (items: readonly number[]) => {
      if (items.includes(1)) throw new Error('no')
      return items
    },
    { size: 2, capacity: 10 },
  )
  const results = await Promise.allSettled([0, 1, 2, 3].map((n) => batcher.add(n)))
  expect(results.map(({ status }) => status)).toEqual([
    'rejected',
    'rejected',
    'fulfilled',
    'fulfilled',
  ])
})

test('whoever waits for room can be told to stop', async () => {
  const batcher = new Batcher(async (items: readonly number[]) => items, { size: 1, capacity: 1 })
  const first = batcher.add(1)
  const given = new AbortController()
  const second = batcher.add(2, given.signal)
  given.abort(new Error('enough'))
  await expect(second).rejects.toThrow('enough')
  expect(await first).toBe(1)
})

test('waits, where it is told to, for as long as each turn of the event loop brings more', async () => {
  const flushes: number[][] = []
  const batcher = new Batcher<number, number>(
    async (items) => {
      flushes.push([...items])
      return items
    },
    { size: 100, capacity: 100, turns: 8 },
  )
  const added: Promise<number>[] = []
  for (let n = 0; n < 5; n++) {
    added.push(batcher.add(n))
    await new Promise(setImmediate)
  }
  expect(await Promise.all(added)).toEqual([0, 1, 2, 3, 4])
  expect(flushes).toEqual([[0, 1, 2, 3, 4]])
  // One that comes alone does not wait for others.
  await batcher.add(5)
  expect(flushes).toHaveLength(2)
})
