import { describe, expect, test } from 'vitest'
import { parsePostmasterFile, withPid } from './postmaster-file.ts'

const text = `4711
/data/postgres
1763971215
5432
/tmp/typestead-x

  1234567    327680
ready   
`

describe('postmaster.pid', () => {
  test('of a ready server', () => {
    expect(parsePostmasterFile(text)).toEqual({
      pid: 4711,
      cluster: '/data/postgres',
      port: 5432,
      socketFolder: '/tmp/typestead-x',
      status: 'ready',
    })
  })

  test('of a stopping server', () => {
    expect(parsePostmasterFile(text.replace('ready   ', 'stopping'))?.status).toBe('stopping')
  })

  test('that is still being written says starting', () => {
    expect(parsePostmasterFile(text.slice(0, 30))?.status).toBe('starting')
    expect(parsePostmasterFile('4711\n')).toMatchObject({ pid: 4711, socketFolder: '', port: 0 })
  })

  test('without a pid, or of single-user mode, names no server', () => {
    for (const other of ['', '\n', 'pid\n', '-4711\n/data\n']) {
      expect(parsePostmasterFile(other)).toBeUndefined()
    }
  })

  test('gets another pid and keeps the rest', () => {
    expect(withPid(text, 12)).toBe(text.replace('4711', '12'))
    expect(withPid('4711', 12)).toBe('12')
  })
})
