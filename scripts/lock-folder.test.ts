import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockFolder } from './lock-folder.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('one holder at a time; the others wait, and are told once', async () => {
  const events: string[] = []
  const hold = async (name: string) => {
    await using _lock = await lockFolder(folder, () => events.push(`${name} waits`))
    events.push(`${name} in`)
    await new Promise((resolve) => setTimeout(resolve, 300))
    events.push(`${name} out`)
  }
  const first = hold('a')
  await expect.poll(() => events).toEqual(['a in'])
  await Promise.all([first, hold('b')])
  expect(events).toEqual(['a in', 'b waits', 'a out', 'b in', 'b out'])
  expect(await readdir(folder)).toEqual([])
})

test('the folder is made where it is missing', async () => {
  await using _lock = await lockFolder(join(folder, 'new', 'deep'), () => {})
  expect(await readdir(join(folder, 'new', 'deep'))).toEqual(['.lock'])
})

test('a lock whose owner is gone is taken over', async () => {
  await mkdir(join(folder, '.lock'))
  // No process has this id: it is above the largest that Linux and macOS give.
  await writeFile(join(folder, '.lock', 'owner'), '2147483647')
  await using _lock = await lockFolder(folder, () => expect.unreachable('it must not wait'))
  expect(await readdir(folder)).toEqual(['.lock'])
})

test('a lock that never got its owner is taken over when it is old', async () => {
  await mkdir(join(folder, '.lock'))
  const old = new Date(Date.now() - 120_000)
  await utimes(join(folder, '.lock'), old, old)
  await using _lock = await lockFolder(folder, () => expect.unreachable('it must not wait'))
  expect(await readdir(folder)).toEqual(['.lock'])
})
