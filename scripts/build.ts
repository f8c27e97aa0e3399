/**
 * `npm run build [-- <package>…] [--pack <folder>]`: makes dist/ of each package in packages/, lowest floor first, and
 * with `--pack` the tarballs that npm would publish. A package is named by its folder; those it depends on are built too.
 */
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { BuildError, buildFolder, buildPackage, packPackage } from './build/build-package.ts'
import { readPackages, splitBuildable, type WorkspacePackage } from './build/workspace-package.ts'
import { lockFolder } from './lock-folder.ts'

export interface BuildOptions {
  /** Folders in packages/; all of them by default. */
  readonly only?: readonly string[]
  /** Where tarballs go; none are made without it. */
  readonly pack?: string
  readonly print: (line: string) => void
}

/**
 * Builds, and returns the tarball of each package by its name (none without `pack`). Two builds wait for each other.
 * @throws {BuildError} when a package can't be built
 */
export async function build(
  root: string,
  options: BuildOptions,
): Promise<ReadonlyMap<string, string>> {
  const packages = readPackages(root)
  const { buildable, skipped } = splitBuildable(packages)
  await using _lock = await lockFolder(buildFolder(root), () =>
    options.print('another build is running, waiting for it'),
  )
  for (const [name, reason] of skipped) options.print(`${name}: skipped: ${reason}`)
  const tarballs = new Map<string, string>()
  for (const each of withDependencies(root, buildable, options.only)) {
    const started = performance.now()
    await buildPackage(root, each, packages)
    if (options.pack !== undefined) tarballs.set(each.name, await packPackage(each, options.pack))
    options.print(`${each.name}: built in ${Math.round(performance.now() - started)} ms`)
  }
  return tarballs
}

function withDependencies(
  root: string,
  buildable: readonly WorkspacePackage[],
  only: readonly string[] | undefined,
): readonly WorkspacePackage[] {
  if (only === undefined || only.length === 0) return buildable
  const chosen = new Set<WorkspacePackage>()
  const choose = (each: WorkspacePackage) => {
    chosen.add(each)
    for (const other of buildable) if (each.dependencies.includes(other.name)) choose(other)
  }
  for (const folder of only) {
    const found = buildable.find((each) => each.folder === join(root, 'packages', folder))
    if (found === undefined) throw new BuildError(`packages/${folder} is not there, or was skipped`)
    choose(found)
  }
  return buildable.filter((each) => chosen.has(each))
}

if (import.meta.main) {
  const { values, positionals } = parseArgs({
    options: { pack: { type: 'string' } },
    allowPositionals: true,
  })
  const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
  try {
    await build(root, {
      only: positionals,
      ...(values.pack === undefined ? {} : { pack: resolve(values.pack) }),
      print: (line) => void process.stdout.write(`build: ${line}\n`),
    })
  } catch (error) {
    if (!(error instanceof BuildError)) throw error
    process.stderr.write(`build: ${error.message}\n`)
    process.exitCode = 1
  }
}
