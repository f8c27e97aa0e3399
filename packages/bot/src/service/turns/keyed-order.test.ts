import { expect, test } from 'vitest'
import { KeyedOrder } from './keyed-order.ts'

test('work of one key is done in order, of others beside it, and a key without work holds nothing', async () => {
  const order = new KeyedOrder({ capacity: 100, capacityPerKey: 10 })
  const done: string[] = []
  const work = (name: string, ticks: number) => async () => {
    for (let n = 0; n < ticks; n++) await Promise.resolve()
    done.push(name)
    return name
  }
  const all = [
    order.run('a', work('a1', 20)),
    order.run('a', work('a2', 1)),
    order.run('b', work('b1', 5)),
    order.run('a', () => Promise.reject(new Error('a3 fails'))).catch(() => 'failed'),
    order.run('a', work('a4', 1)),
  ]
  expect(order.keys).toBe(2)
  expect(await Promise.all(all)).toEqual(['a1', 'a2', 'b1', 'failed', 'a4'])
  expect(done).toEqual(['b1', 'a1', 'a2', 'a4'])
  await order.drained()
  expect(order.keys).toBe(0)
})

test('past its bounds work is refused, not kept', async () => {
  const order = new KeyedOrder({ capacity: 3, capacityPerKey: 2 })
  const { promise, resolve } = Promise.withResolvers<void>()
  const all = [order.run('a', () => promise), order.run('a', () => promise)]
  await expect(order.run('a', () => promise)).rejects.toMatchObject({ code: 'LIMIT' })
  all.push(order.run('b', () => promise))
  await expect(order.run('c', () => promise)).rejects.toMatchObject({ code: 'LIMIT' })
  resolve()
  await Promise.all(all)
  await order.run('c', async () => {})
})
