import { delimiter, dirname } from 'node:path'
import { expect, test } from 'vitest'
import { setUp } from './setup.ts'
import { findOnPath, type Tool, ToolUnavailableError, toolsFolder } from './tools/tool.ts'

/** A tool that is found where it was installed; `install` says what happens then. */
function tool(install: () => string | null, found: string | null = null): Tool {
  let path = found
  const run = async () => {
    path = install()
  }
  return { name: 'saw', wantedBy: 'tests that cut', find: () => path, install: run }
}

async function run(...tools: Tool[]) {
  const printed: string[] = []
  return { summary: await setUp(tools, (line) => printed.push(line)), printed }
}

test('a tool that is there is not installed again', async () => {
  const there = tool(() => expect.unreachable('it is there'), '/bin/saw')
  expect(await run(there)).toEqual({ summary: ['saw: /bin/saw'], printed: [] })
})

test('a tool is installed, with a line of progress before and after', async () => {
  const { summary, printed } = await run(tool(() => '/opt/saw'))
  expect(summary).toEqual(['saw: /opt/saw'])
  expect(printed).toEqual(['saw: installing (this happens once)', 'saw: installed in 0 s'])
})

test('a tool that can not be had is named with its tests, and the others are set up', async () => {
  const unavailable = tool(() => {
    throw new ToolUnavailableError('no steel')
  })
  const { summary } = await run(
    unavailable,
    tool(() => null),
    tool(() => '/opt/saw'),
  )
  expect(summary).toEqual([
    'saw: not here: no steel\n  skipped without it: tests that cut',
    'saw: not here: it was installed, but can not be found\n  skipped without it: tests that cut',
    'saw: /opt/saw',
  ])
})

test('tools live in TYPESTEAD_TOOLS, else in the cache folder', () => {
  expect(toolsFolder({ TYPESTEAD_TOOLS: '/t', XDG_CACHE_HOME: '/c' })).toBe('/t')
  expect(toolsFolder({ XDG_CACHE_HOME: '/c' })).toBe('/c/typestead-tools')
  expect(toolsFolder({})).toMatch(/\.cache\/typestead-tools$/)
})

test('a program is found on the PATH, the first name first; folders are no programs', () => {
  const path = ['/nowhere', '', dirname(process.execPath)].join(delimiter)
  expect(findOnPath(['no-such-program', 'node'], path)).toBe(process.execPath)
  expect(findOnPath(['bin'], dirname(dirname(process.execPath)))).toBeNull()
})
