import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runCommand } from '../scripts/run-command.ts'
import { measure } from './measure.ts'
import { outcome } from './outcome.ts'
import { runMeasure } from './run.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bench-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function moduleOf(name: string, text: string) {
  const file = join(folder, name)
  await writeFile(file, text)
  return { module: pathToFileURL(file) }
}

const summing = `
  export const bench = (count) => ({ operations: count, run: () => ({ sum: count * 2, env: process.env.NODE_ENV }) })
  export const other = () => ({ operations: 1, run: () => ({ env: 'production', sum: 8 }), figures: () => ({ bytes: 7 }) })`

test('module sides run in production, and equal answers give ratios', async () => {
  const side = await moduleOf('sum.ts', summing)
  const sides = { typestead: { ...side, args: 4 }, peer: { ...side, export: 'other' } }
  const runs = await runMeasure(measure({ name: 'm', unit: 'sum', sides }), 3)
  const found = outcome(measure({ name: 'm', unit: 'sum', sides }), runs)
  expect(found.sides.typestead).toMatchObject({ rounds: 3, answer: '{"env":"production","sum":8}' })
  expect(found.sides.peer).toMatchObject({ figures: { bytes: 7 } })
  expect(found.ratios).toEqual([
    { peer: 'peer', cpu: expect.any(Number), wall: expect.any(Number) },
  ])
})

test('sides take turns, and warm-ups are not counted', async () => {
  const log = join(folder, 'turns')
  const side = await moduleOf(
    'turns.ts',
    `import { appendFileSync } from 'node:fs'
    export const bench = (name) => ({ operations: 1, run() { appendFileSync(${JSON.stringify(log)}, name) } })`,
  )
  const sides = { typestead: { ...side, args: 'A' }, peer: { ...side, args: 'B' } }
  const runs = await runMeasure(measure({ name: 'm', unit: 'turn', sides, warmUps: 1 }), 2)
  expect((await runCommand('cat', [log])).stdout).toBe('ABABAB')
  expect(runs.peer).toMatchObject({ repetitions: [{}, {}] })
})

test('a command side prints its own times', async () => {
  const line = JSON.stringify({ operations: 10, cpuNs: 50, wallNs: 100, answer: 'yes' })
  const sides = { typestead: { command: ['printf', `warming up\\n${line}`] } } as const
  const runs = await runMeasure(measure({ name: 'm', unit: 'op', sides }), 2)
  expect(outcome(measure({ name: 'm', unit: 'op', sides }), runs).sides.typestead).toMatchObject({
    ...{ rounds: 2, cpuNs: 5, wallNs: 10, answer: 'yes' },
  })
})

test('a side that serves is loaded from outside', async () => {
  const side = await moduleOf(
    'serve.ts',
    `import { createServer } from 'node:http'
    export async function bench() {
      const server = createServer((_, answer) => answer.end('hello')).listen(0, '127.0.0.1')
      await new Promise((resolve) => server.once('listening', resolve))
      return { url: 'http://127.0.0.1:' + server.address().port, [Symbol.asyncDispose]: async () => server.close() }
    }`,
  )
  const load = async (url: string) => ({ operations: 1, answer: await (await fetch(url)).text() })
  const runs = await runMeasure(
    measure({ name: 'm', unit: 'request', sides: { typestead: side }, load }),
    2,
  )
  expect(runs.typestead).toMatchObject({
    repetitions: [
      { operations: 1, answer: 'hello' },
      { operations: 1, answer: 'hello' },
    ],
  })
})

test('a side that fails or can not run is named with its reason, and the others go on', async () => {
  const good = await moduleOf(
    'good.ts',
    `export const bench = () => ({ operations: 1, run: () => 1 })`,
  )
  const sides = {
    typestead: good,
    throws: await moduleOf(
      'throws.ts',
      `let n = 0; export const bench = () => ({ operations: 1, run() { if (++n > 4) throw new Error('fifth') } })`,
    ),
    exits: await moduleOf('exits.ts', `export const bench = () => process.exit(3)`),
    absent: { command: ['no-such-program'] },
    skipped: { ...good, unavailable: () => 'go is not installed' },
  } as const
  const runs = await runMeasure(measure({ name: 'm', unit: 'op', sides }), 3)
  expect(runs).toMatchObject({
    typestead: { state: 'ran', repetitions: [{}, {}, {}] },
    throws: { state: 'failed', reason: expect.stringContaining('fifth') },
    exits: { state: 'failed', reason: expect.stringContaining('ended with 3') },
    absent: { state: 'failed', reason: expect.stringContaining('no-such-program') },
    skipped: { state: 'skipped', reason: 'go is not installed' },
  })
})

test('a wrong command line is refused with exit code 2', async () => {
  const run = fileURLToPath(new URL('./run.ts', import.meta.url))
  const { code, output } = await runCommand(process.execPath, [run, 'no-such-package'])
  expect(code).toBe(2)
  expect(output).toContain('npm run bench -- <package>')
})
