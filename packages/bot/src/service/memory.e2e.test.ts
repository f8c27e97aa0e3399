import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const program = fileURLToPath(new URL('../../test/many-conversations.ts', import.meta.url))

test('10,000 open conversations take less than 300 MB, and an idle one nothing', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [program])
  const { rss, perConversation, found } = JSON.parse(stdout)
  console.log(`${Math.round(rss / 1e6)} MB resident, ${Math.round(perConversation)} B of heap each`)
  expect(found).toBe(1)
  expect(rss).toBeLessThan(300e6)
  // Caches of statements and code may grow by some hundred kilobytes; sessions would take a thousand bytes each.
  expect(perConversation).toBeLessThan(200)
})
