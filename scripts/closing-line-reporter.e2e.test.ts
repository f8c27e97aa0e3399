import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { runCommand } from './run-command.ts'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const importTest = `import { test, describe, beforeAll, beforeEach, afterAll } from 'vitest'\n`

/** Runs these test files under the workspace's reporters; gives the last line printed and the exit code. */
async function closing(
  files: Readonly<Record<string, string>>,
): Promise<[string | undefined, number]> {
  const folder = await mkdtemp(join(root, '.doc-tests-'))
  try {
    await mkdir(join(folder, 'tests'))
    const reporter = join(root, 'scripts', 'closing-line-reporter.ts')
    await writeFile(
      join(folder, 'vitest.config.ts'),
      `import { ClosingLineReporter } from '${reporter}'
      export default { test: { include: ['tests/*'], reporters: ['default', new ClosingLineReporter()] } }`,
    )
    for (const [name, text] of Object.entries(files)) {
      await writeFile(join(folder, 'tests', name), importTest + text)
    }
    const vitest = join(root, 'node_modules', '.bin', 'vitest')
    const { code, output } = await runCommand(vitest, ['run'], {
      cwd: folder,
      env: { VITEST: undefined, VITEST_MODE: undefined, CI: undefined, GITHUB_ACTIONS: undefined },
    })
    expect(output.endsWith('\n')).toBe(true)
    return [output.trimEnd().split('\n').at(-1), code]
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

test('counts what passed, failed, was skipped, is to do', async () => {
  const a = `test('a', () => {}); test.skip('b', () => {}); test.todo('c'); test('d', () => { throw new Error('d') })`
  expect(await closing({ 'a.test.ts': a })).toEqual(['1 passed, 1 failed, 2 skipped', 1])
})

test('a good run says 0 failed', async () => {
  const file = `test('a', () => {})`
  expect(await closing({ 'a.ts': file, 'b.ts': file })).toEqual([
    '2 passed, 0 failed, 0 skipped',
    0,
  ])
})

test('a file that does not load counts as failed', async () => {
  const files = {
    'a.ts': `test('a', () => {})`,
    'b.ts': `import './absent.ts'`,
    'c.ts': 'const = 1',
  }
  expect(await closing(files)).toEqual(['1 passed, 2 failed, 0 skipped', 1])
})

test('a hook that throws counts as failed, of a file and of a describe', async () => {
  const boom = `() => { throw new Error('boom') }`
  expect(
    await closing({
      'a.ts': `beforeAll(${boom}); test('a', () => {})`,
      'b.ts': `describe('d', () => { beforeAll(${boom}); test('a', () => {}) }); test('b', () => {})`,
      'c.ts': `afterAll(${boom}); test('a', () => {})`,
    }),
  ).toEqual(['2 passed, 3 failed, 2 skipped', 1])
})

test('an error that nobody caught counts as failed', async () => {
  const a = `test('a', async () => { Promise.reject(new Error('lost')); await new Promise((r) => setTimeout(r, 50)) })`
  expect(await closing({ 'a.ts': a })).toEqual(['1 passed, 1 failed, 0 skipped', 1])
})
