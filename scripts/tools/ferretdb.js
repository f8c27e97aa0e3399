/**
 * FerretDB 1.24.2 on SQLite: a MongoDB-compatible server in one file, built from the Go proxy's source.
 * `go install` can't build it: its own module panics at start without `build/version/version.txt`, which is not
 * published; so its source is copied out of the module cache, given that file, and built with its own go.sum.
 */
import { chmod, cp, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runCommand } from '../run-command.js'
import { findOnPath, isProgram, ToolUnavailableError, toolsFolder } from './tool.js'

const version = 'v1.24.2'
const goModule = `github.com/FerretDB/FerretDB@${version}`
const tenMinutes = 600_000
export const ferretdb = {
  name: 'ferretdb',
  wantedBy: 'tests of the MongoDB store',
  find: () => (isProgram(programFile()) ? programFile() : findOnPath(['ferretdb'])),
  async install() {
    const go =
      findOnPath(['go', 'go.exe']) ??
      (isProgram('/usr/local/go/bin/go') ? '/usr/local/go/bin/go' : null)
    if (go === null)
      throw new ToolUnavailableError('it is built by Go 1.24 or later; put "go" on the PATH')
    await mkdir(join(toolsFolder(), 'bin'), { recursive: true })
    const work = await mkdtemp(join(toolsFolder(), 'ferretdb-'))
    try {
      await build(go, work)
    } finally {
      await rm(work, { recursive: true, force: true })
    }
  },
}
function programFile() {
  return join(toolsFolder(), 'bin', process.platform === 'win32' ? 'ferretdb.exe' : 'ferretdb')
}
async function build(go, work) {
  const described = await run(go, ['mod', 'download', '-json', goModule], { cwd: work })
  const published = publishedFolder(JSON.parse(described))
  const source = join(work, 'source')
  await cp(published, source, { recursive: true })
  await makeWritable(source)
  await writeFile(join(source, 'build', 'version', 'version.txt'), `${version}\n`)
  const built = join(work, 'ferretdb')
  const flags = ['-mod=readonly', '-buildvcs=false', '-tags=ferretdb_no_postgresql', '-ldflags=-s']
  await run(go, ['build', ...flags, '-o', built, './cmd/ferretdb'], { cwd: source })
  await run(built, ['--version'], { cwd: work })
  await rename(built, programFile())
}
function publishedFolder(download) {
  if (typeof download === 'object' && download !== null && 'Dir' in download) {
    if (typeof download.Dir === 'string') return download.Dir
  }
  throw new ToolUnavailableError(`"go mod download -json ${goModule}" named no folder`)
}
/** Files and folders of Go's module cache are read-only, and so are their copies. */
async function makeWritable(folder) {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) await makeWritable(path)
    else if (entry.isFile()) await chmod(path, 0o644)
  }
}
async function run(command, args, options) {
  const result = await runCommand(command, args, {
    ...options,
    env: { GOFLAGS: '' },
    timeoutMs: tenMinutes,
  })
  if (result.code === 0) return result.stdout
  throw new ToolUnavailableError(
    `"${command} ${args.join(' ')}" failed (${result.code}): ${result.output.trim().slice(-400)}`,
  )
}
