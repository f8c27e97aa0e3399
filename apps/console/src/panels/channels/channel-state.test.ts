import { expect, test } from 'vitest'
import { graphOf } from './channel-graph.ts'
import { after, begin, nothing, type Step, together, type World } from './channel-state.ts'

let seq = 0
const step = (kind: Step['kind'], g: number | null, part: Partial<Step> = {}): Step => ({
  seq: ++seq,
  at: seq,
  kind,
  g,
  by: null,
  reason: '',
  channel: '',
  value: '',
  ...part,
})
const run = (steps: readonly Step[], from: World = nothing) => steps.reduce(after, from)

test('a goroutine is runnable, runs, parks, is made ready, and is gone', () => {
  const state = (world: World) => world.goroutines.get(1)?.state
  const made = run([step('create', 1)])
  expect(state(made)).toBe('runnable')
  const running = after(made, step('run', 1))
  expect(state(running)).toBe('running')
  const parked = after(running, step('park', 1, { reason: 'chan send', channel: 'jobs' }))
  expect(parked.goroutines.get(1)).toMatchObject({ state: 'waiting', on: 'jobs', sends: ['jobs'] })
  expect(state(after(parked, step('ready', 1)))).toBe('runnable')
  expect(after(parked, step('end', 1)).goroutines.size).toBe(0)
  expect(state(made)).toBe('runnable')
})

test('when another runs, who ran without parking waits for something else', () => {
  const world = run([step('run', 1), step('run', 2)])
  expect(world.goroutines.get(1)).toMatchObject({ state: 'waiting', reason: 'IO wait' })
})

test('a buffer fills and empties; what was in it before the trace does not make it negative', () => {
  const at = (world: World) => world.channels.get('jobs')
  const filled = run([
    step('buffer', 1, { channel: 'jobs' }),
    step('buffer', 1, { channel: 'jobs' }),
  ])
  expect(at(filled)).toMatchObject({ buffered: 2, most: 2, moved: 0 })
  const taken = run(
    [1, 2, 3].map(() => step('take', 2, { channel: 'jobs' })),
    filled,
  )
  expect(at(taken)).toMatchObject({ buffered: 0, most: 2, moved: 3 })
  expect(at(after(taken, step('close', 1, { channel: 'jobs' })))?.closed).toBe(true)
})

test('a hand-off shows who sends and who receives', () => {
  const world = run([
    step('park', 2, { reason: 'chan receive', channel: 'c' }),
    step('hand-off', 1, { channel: 'c' }),
    step('park', 3, { reason: 'chan send', channel: 'd' }),
    step('hand-off', 4, { channel: 'd' }),
  ])
  expect(world.goroutines.get(1)?.sends).toEqual(['c'])
  expect(world.goroutines.get(4)?.receives).toEqual(['d'])
})

test('the server’s view gives names and states, and keeps what is known of channels', () => {
  const view = {
    id: 1,
    name: 'worker',
    state: 'waiting',
    waitReason: 'chan receive',
    waitingOn: 'c',
  }
  const world = begin([view])
  expect(world.goroutines.get(1)).toMatchObject({ name: 'worker', receives: ['c'] })
  const later = together(after(world, step('buffer', 2, { channel: 'c' })), [view])
  expect(later.goroutines.has(2)).toBe(false)
  expect(later.channels.get('c')?.buffered).toBe(1)
})

test('what the server sees in channels counts, of those that were seen in use', () => {
  const used = run([step('buffer', 1, { channel: 'c' }), step('buffer', 1, { channel: 'c' })])
  const content = { capacity: 8, buffered: 1, closed: true }
  const { channels } = together(
    used,
    [],
    [
      { channel: 'c', ...content },
      { channel: 'other', ...content },
    ],
  )
  expect([...channels.values()]).toMatchObject([
    { name: 'c', buffered: 1, most: 8, closed: true, moved: 0 },
  ])
})

test('the drawing goes from senders over channels to receivers', () => {
  const { nodes, edges } = graphOf(
    run([step('buffer', 1, { channel: 'c' }), step('take', 2, { channel: 'c' }), step('run', 3)]),
  )
  const x = (key: string) => nodes.find((node) => node.key === key)?.place.x ?? Number.NaN
  expect(x('g1')).toBeLessThan(x('c:c'))
  expect(x('c:c')).toBeLessThan(x('g2'))
  expect(edges.map(({ g, channel }) => [g, channel])).toEqual([
    [1, 'c'],
    [2, 'c'],
  ])
})
