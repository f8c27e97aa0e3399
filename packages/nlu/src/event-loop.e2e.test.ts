import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

/** Milliseconds that nothing else may have to wait for. */
const longestTurn = 50

test('while 15,000 examples are read, trained and swapped in, the event loop takes its turns', async () => {
  const program = fileURLToPath(new URL('../bench/event-loop.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, [program])
  const { figures } = JSON.parse(stdout)
  expect(figures['sentences parsed meanwhile']).toBeGreaterThan(100)
  // CPU time of the serving thread, not the clock's: other processes lengthen no turn of it.
  expect(figures['most CPU between turns, ms']).toBeLessThan(longestTurn)
}, 120_000)
