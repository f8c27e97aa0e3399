import { expect, test } from 'vitest'
import { judgeBusy, parseProcStat } from './machine.ts'

const quiet = { total: 0, idle: 0, stolen: 0 }

test('a machine that idles is quiet, one that works or is starved is not', () => {
  expect(judgeBusy(quiet, { total: 100, idle: 90, stolen: 0 })).toBeUndefined()
  expect(judgeBusy(quiet, { total: 100, idle: 60, stolen: 0 })).toBe(
    'other processes use 40 % of the CPUs',
  )
  expect(judgeBusy(quiet, { total: 100, idle: 88, stolen: 10 })).toBe(
    'the host withholds 10 % of the CPUs',
  )
})

test('no time passed, nothing known', () => {
  expect(judgeBusy(quiet, quiet)).toBeUndefined()
})

test('reads the sums of /proc/stat; waiting for disks counts as idle, guests are not counted twice', () => {
  expect(parseProcStat('cpu  10 1 5 70 4 2 3 5 9 9\ncpu0 1 1 1 1 1 1 1 1 0 0\n')).toEqual({
    total: 100,
    idle: 74,
    stolen: 5,
  })
})
