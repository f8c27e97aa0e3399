import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

function output(...args: string[]): string {
  const path = fileURLToPath(new URL('./pipeline.ts', import.meta.url))
  const { stdout, stderr, status } = spawnSync(process.execPath, [path, ...args], {
    encoding: 'utf8',
  })
  expect([stderr, status]).toEqual(['', 0])
  return stdout
}

it('adds up all files, showing its progress', () => {
  const text = output()
  expect(text).toContain('progress: 100 of 200 files')
  expect(text).toContain('done: 200 files\nnever more than 8 names waited: true\n')
  expect(text).toContain('apples 1013200\npears 980100\nplums 986700\n')
})

it('ends early when it is cancelled, and the process with it', () => {
  const [, done] = /cancelled after (\d+) files/.exec(output('--cancel', '30')) ?? []
  expect(Number(done)).toBeGreaterThanOrEqual(30)
  expect(Number(done)).toBeLessThan(60)
})
