import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { currentProcess, identify, isAlive, parseProcStat, seemsAlive } from './process-identity.ts'

const stat = (name: string, state = 'S') =>
  `77 (${name}) ${state} 1 77 77 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 123456 99 1`

describe('parseProcStat', () => {
  test('takes state and start time', () => {
    expect(parseProcStat(stat('node'))).toEqual({ state: 'S', ticks: '123456' })
  })

  test('is not misled by a name with blanks and parentheses', () => {
    expect(parseProcStat(stat('a) Z 1 (b'))).toEqual({ state: 'S', ticks: '123456' })
  })

  test('answers undefined for what is no stat line', () => {
    for (const text of ['', '77 (node', '77 (node) S 1'])
      expect(parseProcStat(text)).toBeUndefined()
  })
})

describe('a process identity', () => {
  test('of this process is the same each time', () => {
    expect(identify(process.pid)).toEqual(currentProcess())
    expect(isAlive(currentProcess())).toBe(true)
    expect(seemsAlive(currentProcess())).toBe(true)
  })

  test('tells a recycled pid by its start', () => {
    expect(isAlive({ pid: process.pid, started: 'another boot/1' })).toBe(false)
  })

  test('of a process that has ended, or of no pid at all, is undefined', () => {
    const { pid } = spawnSync(process.execPath, ['--version'])
    for (const gone of [pid, 0, -1, 1.5, Number.NaN]) expect(identify(gone)).toBeUndefined()
  })
})
