/** `npm run check`: types, lint and format, and floors, at once; prints each failure, exits 1 if there is one. Writes nothing. */
import { fileURLToPath } from 'node:url'
import { type CommandResult, runCommand } from './run-command.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const bin = (name: string) =>
  fileURLToPath(new URL(`../node_modules/.bin/${name}`, import.meta.url))
const floors = fileURLToPath(new URL('./floors.ts', import.meta.url))

const checks: Readonly<Record<string, () => Promise<CommandResult>>> = {
  types: () => run(bin('tsc'), ['--noEmit', '--pretty', 'false', '-p', 'tsconfig.json']),
  'lint and format': () => run(bin('biome'), ['check', '--max-diagnostics=50', '.']),
  floors: () => run(process.execPath, [floors]),
}

function run(command: string, args: readonly string[]): Promise<CommandResult> {
  return runCommand(command, args, { cwd: root, env: { NO_COLOR: '1' }, timeoutMs: 120_000 })
}

const results = await Promise.all(
  Object.entries(checks).map(async ([name, start]) => ({ name, ...(await start()) })),
)
for (const { name, code, output, elapsedMs } of results) {
  if (code !== 0) process.stdout.write(`${output.trimEnd()}\n`)
  const verdict = code === 0 ? 'ok' : 'FAILED'
  process.stdout.write(`check: ${name}: ${verdict} (${(elapsedMs / 1000).toFixed(1)} s)\n`)
}
process.exitCode = results.every(({ code }) => code === 0) ? 0 : 1
