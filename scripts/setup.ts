/**
 * `npm run setup`: installs the programs that tests want (see tools.ts), each once, into the user's cache folder.
 * A tool that can't be had is named with the tests that will be skipped; that is no failure, and the exit code is 0.
 * Two runs at once wait for each other. With `--if-ci` it does nothing unless `CI=true`.
 */
import { lockFolder } from './lock-folder.ts'
import { type Tool, toolsFolder } from './tools/tool.ts'
import { tools } from './tools.ts'

/** Finds or installs each tool and returns one line per tool, for the summary. */
export async function setUp(
  wanted: readonly Tool[],
  print: (line: string) => void,
): Promise<readonly string[]> {
  const summary: string[] = []
  for (const tool of wanted) summary.push(await setUpOne(tool, print))
  return summary
}

async function setUpOne(tool: Tool, print: (line: string) => void): Promise<string> {
  const found = tool.find()
  if (found !== null) return `${tool.name}: ${found}`
  print(`${tool.name}: installing (this happens once)`)
  const started = performance.now()
  try {
    await tool.install()
  } catch (error) {
    return missing(tool, error instanceof Error ? error.message : String(error))
  }
  const path = tool.find()
  if (path === null) return missing(tool, 'it was installed, but can not be found')
  print(`${tool.name}: installed in ${Math.round((performance.now() - started) / 1000)} s`)
  return `${tool.name}: ${path}`
}

function missing(tool: Tool, reason: string): string {
  return `${tool.name}: not here: ${reason}\n  skipped without it: ${tool.wantedBy}`
}

if (import.meta.main && !(process.argv.includes('--if-ci') && process.env.CI !== 'true')) {
  const print = (line: string) => void process.stdout.write(`setup: ${line}\n`)
  await using _lock = await lockFolder(toolsFolder(), () =>
    print('another set-up is running, waiting for it'),
  )
  for (const line of await setUp(tools, print)) print(line)
}
