import { expect, test } from 'vitest'
import { type Goal, type Measure, measure } from './measure.ts'
import { outcome, type SideRun } from './outcome.ts'
import { table } from './table.ts'

const command = { command: ['true'] } as const

function measureWith(...goals: Goal[]): Measure {
  const sides = { typestead: command, a: command, b: command }
  return { ...measure({ name: 'task', unit: 'step', sides }), goals }
}

/** A side whose operations take these milliseconds of CPU time, and twice that of wall clock. */
function ran(cpuMs: readonly number[], answer = '42', figures?: Record<string, number>): SideRun {
  return {
    state: 'ran',
    repetitions: cpuMs.map((ms) => ({
      ...{ operations: 10, cpuNs: ms * 1e7, wallNs: ms * 2e7, answer },
      ...(figures === undefined ? {} : { figures }),
    })),
  }
}

const verdicts = (runs: Record<string, SideRun>, ...goals: Goal[]) =>
  outcome(measureWith(...goals), runs).goals.map(({ state, found }) => [state, found])

test('a ratio is the peer’s median time per operation over ours', () => {
  const { ratios, sides } = outcome(measureWith(), {
    typestead: ran([1, 2, 90]),
    a: ran([9, 16, 15]),
  })
  expect(sides.typestead).toMatchObject({ rounds: 3, cpuNs: 2e6, wallNs: 4e6 })
  expect(ratios).toEqual([{ peer: 'a', cpu: 7.5, wall: 7.5 }])
})

test('a ratio between different answers is refused, and a goal on it missed', () => {
  const runs = { typestead: ran([1]), a: ran([9], '43') }
  const { ratios, goals } = outcome(measureWith({ against: 'a', atLeast: 2 }), runs)
  expect(ratios).toEqual([
    { peer: 'a', cpu: undefined, wall: undefined, refused: "answers differ: ours 42, a's 43" },
  ])
  expect(goals[0]).toMatchObject({ state: 'missed', found: "answers differ: ours 42, a's 43" })
})

test('answers that change from one repetition to the next are no equal answers', () => {
  const [first, second] = [ran([1], 'x'), ran([1], 'y')]
  if (first.state !== 'ran' || second.state !== 'ran') throw new Error('both ran')
  const mixed: SideRun = {
    state: 'ran',
    repetitions: [...first.repetitions, ...second.repetitions],
  }
  const { ratios } = outcome(measureWith(), { typestead: mixed, a: ran([1], 'x') })
  expect(ratios[0]?.refused).toBe("answers differ: ours x then y, a's x")
})

test('atLeast is speed, atMost is cost', () => {
  const runs = { typestead: ran([2]), a: ran([8]) }
  expect(verdicts(runs, { against: 'a', atLeast: 4 }, { against: 'a', atLeast: 4.1 })).toEqual([
    ['met', '4'],
    ['missed', '4'],
  ])
  expect(verdicts(runs, { against: 'a', atMost: 0.25 }, { against: 'a', atMost: 0.2 })).toEqual([
    ['met', '0.25'],
    ['missed', '0.25'],
  ])
})

test('against several peers the fastest counts, of those that ran', () => {
  const goal: Goal = { against: ['a', 'b'], atLeast: 3 }
  const absent: SideRun = { state: 'skipped', reason: 'not here' }
  expect(verdicts({ typestead: ran([1]), a: ran([9]), b: ran([2]) }, goal)).toEqual([
    ['missed', '2'],
  ])
  expect(verdicts({ typestead: ran([1]), a: ran([9]), b: absent }, goal)).toEqual([['met', '9']])
})

test('a peer that can not run here skips its goal, a side that broke misses it', () => {
  const goal: Goal = { against: 'a', atLeast: 1 }
  const skipped: SideRun = { state: 'skipped', reason: 'go is not installed' }
  const failed: SideRun = { state: 'failed', reason: 'exit 1' }
  expect(verdicts({ typestead: ran([1]), a: skipped }, goal)).toEqual([
    ['skipped', 'go is not installed'],
  ])
  expect(verdicts({ typestead: ran([1]), a: failed }, goal)).toEqual([['missed', 'exit 1']])
  expect(verdicts({ typestead: failed, a: ran([1]) }, goal)).toEqual([['missed', 'exit 1']])
})

test('a goal on a figure of our own', () => {
  const runs = { typestead: ran([1, 1], '', { bytes: 900 }) }
  const goals: Goal[] = [
    { figure: 'bytes', atMost: 1024 },
    { figure: 'bytes', atMost: 800 },
    { figure: 'wallNs', atMost: 2e6 },
    { figure: 'absent', atMost: 1 },
  ]
  expect(verdicts(runs, ...goals).map(([state]) => state)).toEqual([
    'met',
    'missed',
    'met',
    'missed',
  ])
})

test('the table names each side, its times, and the ratio or why there is none', () => {
  const runs: Record<string, SideRun> = {
    typestead: ran([1]),
    a: ran([3.5]),
    b: { state: 'skipped', reason: 'not here' },
  }
  const text = table(outcome(measureWith({ against: 'a', atLeast: 2 }), runs))
  expect(text).toContain('task (per step)')
  expect(text).toMatch(/a +3\.5 ms +7 ms +0 % +3\.5× as fast +3\.5× as fast/)
  expect(text).toContain('skipped: not here')
  expect(text).toContain('goal met: at least 2 times as fast as a (CPU time): 3.5')
})
