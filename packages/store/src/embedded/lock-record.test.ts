import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  emptyLock,
  formatLock,
  type LockRecord,
  ownerOf,
  parseLock,
  withHolder,
  withoutDead,
  withoutHolder,
} from './lock-record.ts'

const holder = (id: string, pid: number) => ({ id, process: { pid, started: `boot/${pid}` } })
const lock: LockRecord = {
  version: 1,
  holders: [holder('a', 1), holder('b', 2), holder('c', 3)],
  server: {
    process: { pid: 9, started: 'boot/9' },
    host: '/tmp/typestead-x',
    port: 5432,
    settings: { work_mem: '4MB' },
  },
}

describe('a lock record', () => {
  test('reads back as written', () => {
    expect(parseLock(formatLock(lock))).toEqual(lock)
    expect(parseLock(formatLock(emptyLock))).toEqual(emptyLock)
  })

  test('cut off anywhere is no record', () => {
    const text = formatLock(lock).trimEnd()
    fc.assert(
      fc.property(
        fc.nat(text.length - 1),
        (length) => parseLock(text.slice(0, length)) === undefined,
      ),
    )
  })

  test('of any other JSON is no record, and never an error', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const value = JSON.parse(text)
        fc.pre(!(value && typeof value === 'object' && Number(value.version) > 1))
        parseLock(text)
      }),
    )
    for (const wrong of [
      { ...lock, holders: [{ id: 'a' }] },
      { ...lock, holders: [{ id: 'a', process: { pid: '1', started: '' } }] },
      { ...lock, holders: {} },
      { ...lock, server: { ...lock.server, settings: { a: 1 } } },
      { ...lock, server: undefined },
      { ...lock, version: 0 },
    ]) {
      expect(parseLock(JSON.stringify(wrong))).toBeUndefined()
    }
  })

  test('of a newer format is refused', () => {
    expect(() => parseLock('{"version":2}')).toThrow(/format 2; this Typestead reads format 1/)
  })
})

describe('ownership', () => {
  const alive = (...pids: number[]) => {
    return (process: { pid: number }) => pids.includes(process.pid)
  }

  test('is with the first holder that still runs', () => {
    expect(ownerOf(lock, alive(1, 2, 3))?.id).toBe('a')
    expect(ownerOf(lock, alive(2, 3))?.id).toBe('b')
    expect(ownerOf(lock, alive())).toBeUndefined()
  })

  test('passes in order as holders leave, and newcomers queue behind', () => {
    const later = withHolder(withoutHolder(lock, 'a'), holder('d', 4))
    expect(later.holders.map(({ id }) => id)).toEqual(['b', 'c', 'd'])
    expect(ownerOf(later, alive(2, 3, 4))?.id).toBe('b')
  })

  test('forgets the dead and keeps the server', () => {
    expect(withoutDead(lock, alive(3))).toEqual({ ...lock, holders: [holder('c', 3)] })
  })
})
