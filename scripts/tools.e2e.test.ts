import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { runCommand } from './run-command.ts'
import { findTool } from './tools.ts'

const chromium = findTool('chromium')
const ferretdb = findTool('ferretdb')

test.skipIf(chromium === null)('chromium starts', async () => {
  const result = await runCommand(chromium ?? '', ['--version'])
  expect(result.stdout).toMatch(/Chrom(e|ium) \d+/)
})

test.skipIf(ferretdb === null)(
  'ferretdb starts, and is the version that tests are written for',
  async () => {
    expect((await runCommand(ferretdb ?? '', ['--version'])).stdout).toContain('version: v1.24.2')
  },
)

test('set-up does nothing with --if-ci outside CI', async () => {
  const setup = fileURLToPath(new URL('./setup.ts', import.meta.url))
  const folder = await mkdtemp(join(tmpdir(), 'tools-'))
  try {
    const env = { TYPESTEAD_TOOLS: join(folder, 'absent'), CI: undefined }
    const result = await runCommand(process.execPath, [setup, '--if-ci'], { env })
    expect(result).toMatchObject({ code: 0, output: '' })
  } finally {
    await rm(folder, { recursive: true })
  }
})
