import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fillOnce } from './made-once.ts'

let work: string
let made = 0
beforeEach(async () => {
  made = 0
  work = await mkdtemp(join(tmpdir(), 'made-once-'))
  await mkdir(join(work, 'run'))
  vi.stubEnv('TYPESTEAD_TEST_RUN', join(work, 'run'))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(work, { recursive: true, force: true })
})

async function make(folder: string): Promise<void> {
  made++
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'file'), `made ${made}`)
}

async function filled(name: string): Promise<string> {
  const folder = join(work, name)
  await mkdir(folder)
  await fillOnce(folder, 'thing', make)
  return readFile(join(folder, 'file'), 'utf8')
}

test.skipIf(process.platform === 'win32')('is made once for all that want it at once', async () => {
  expect(await Promise.all([filled('a'), filled('b'), filled('c')])).toEqual(
    Array(3).fill('made 1'),
  )
})

test('what fails is made again by the next', async () => {
  const folder = join(work, 'a')
  await mkdir(folder)
  await expect(
    fillOnce(folder, 'thing', async () => {
      throw new Error('no room')
    }),
  ).rejects.toThrow('no room')
  expect(await readdir(folder)).toEqual([])
  expect(await filled('b')).toBe('made 1')
})

test('outside a run it is made each time', async () => {
  vi.stubEnv('TYPESTEAD_TEST_RUN', undefined)
  expect([await filled('a'), await filled('b')]).toEqual(['made 1', 'made 2'])
  expect(existsSync(join(work, 'run', 'thing'))).toBe(false)
})
