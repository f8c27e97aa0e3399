import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RunAs } from './run-as.ts'
import { fits, openSocketFolder, removeSocketFolder } from './socket-folder.ts'

const { TMPDIR } = process.env
const self: RunAs = { way: 'user', uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }
let base: string

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'store-sockets-'))
  process.env.TMPDIR = base
})
afterEach(() => {
  if (TMPDIR === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = TMPDIR
  rmSync(base, { recursive: true })
})

test('a socket folder fits while the name of the socket in it does, in bytes', () => {
  const folder = (length: number) => `/${'x'.repeat(length - 1)}`
  const rest = '/.s.PGSQL.5432'.length
  expect(fits(folder(107 - rest), 'linux')).toBe(true)
  expect(fits(folder(108 - rest), 'linux')).toBe(false)
  expect(fits(folder(104 - rest), 'darwin')).toBe(false)
  expect(fits(`/${'ü'.repeat(47)}`, 'linux')).toBe(false)
})

describe.skipIf(process.platform === 'win32')('a socket folder', () => {
  test('is private and lies in the temporary directory', async () => {
    const folder = await openSocketFolder(self, undefined)
    expect(folder.startsWith(join(base, 'typestead-pg-'))).toBe(true)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    removeSocketFolder(folder)
    expect(existsSync(folder)).toBe(false)
  })

  test('lies elsewhere when the temporary directory has too long a name', async () => {
    process.env.TMPDIR = join(base, 'x'.repeat(100))
    mkdirSync(process.env.TMPDIR)
    const folder = await openSocketFolder(self, undefined)
    expect(folder.startsWith(base)).toBe(false)
    expect(fits(folder, process.platform)).toBe(true)
    removeSocketFolder(folder)
  })

  test('of before is used again, without the sockets of the dead server, also when it was deleted', async () => {
    const before = await openSocketFolder(self, undefined)
    writeFileSync(join(before, '.s.PGSQL.5432.lock'), '1')
    expect(await openSocketFolder(self, before)).toBe(before)
    expect(existsSync(join(before, '.s.PGSQL.5432.lock'))).toBe(false)
    removeSocketFolder(before)
    expect(await openSocketFolder(self, before)).toBe(before)
  })

  test('that others can enter, or that has another name, is neither used nor removed', async () => {
    const before = await openSocketFolder(self, undefined)
    chmodSync(before, 0o755)
    expect(await openSocketFolder(self, before)).not.toBe(before)
    const other = join(base, 'thesis')
    mkdirSync(other, { mode: 0o700 })
    expect(await openSocketFolder(self, other)).not.toBe(other)
    removeSocketFolder(other)
    expect(existsSync(other)).toBe(true)
  })
})
