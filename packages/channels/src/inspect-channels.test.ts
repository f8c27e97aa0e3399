import { afterEach, expect, test } from 'vitest'
import { go, inspectChannels, makeChan, sleep, trace, watchChannels } from './core.ts'
import { observation } from './observer.ts'

const stops: (() => void)[] = []
afterEach(() => {
  for (const stop of stops.splice(0)) stop()
})

test('shows what is inside every channel that was used while it was watched', async () => {
  const before = makeChan<number>(1, { name: 'before' })
  before.trySend(0)
  stops.push(watchChannels())
  const jobs = makeChan<number>(2, { name: 'jobs' })
  const results = makeChan<string>(0, { name: 'results' })
  jobs.trySend(7)
  go(async () => results.send('done'))
  await sleep(0)
  const views = inspectChannels()
  expect(views.map(({ name }) => name)).toEqual(['jobs', 'results'])
  expect(views[0]).toMatchObject({ qcount: 1, dataqsiz: 2, buf: [7, undefined], closed: 0 })
  expect(views[1]).toMatchObject({ qcount: 0, sendq: [{ elem: 'done' }] })
  expect(await results.receive()).toBe('done')
  jobs.close()
  expect(inspectChannels()[0]).toMatchObject({ closed: 1 })
})

test('shows who waits', async () => {
  stops.push(watchChannels())
  const quit = makeChan<number>(0, { name: 'quit' })
  go(async () => quit.receive())
  await sleep(0)
  expect(inspectChannels()).toMatchObject([{ name: 'quit', recvq: [{ isSelect: false }] }])
  quit.close()
})

test('notes nothing while nobody watches, and lets the trace go on when the last watcher leaves', () => {
  const kinds: string[] = []
  stops.push(trace(({ kind, channel }) => channel === 'box' && kinds.push(kind)))
  const first = watchChannels()
  const second = watchChannels()
  const box = makeChan<number>(2, { name: 'box' })
  box.trySend(1)
  first()
  first()
  expect(inspectChannels()).toHaveLength(1)
  second()
  expect(inspectChannels()).toEqual([])
  box.trySend(2)
  expect(kinds).toEqual(['buffer', 'buffer'])
  stops.pop()?.()
  expect(observation.observer).toBeNull()
  box.tryReceive()
  expect(inspectChannels()).toEqual([])
})
