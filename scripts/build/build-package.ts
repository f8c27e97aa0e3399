/**
 * Makes `dist/` of one package: its files at the same places as in the workspace, sources as JavaScript with
 * declarations, so that whatever one file opens beside another is found in both; then package.json, README, LICENSE.
 * The new dist/ replaces the old one in one step, after all of it was made.
 */
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { moduleSpecifiers } from '../module-specifiers.ts'
import { runCommand } from '../run-command.ts'
import { declaration, isSource, javascript, publishedManifest } from './manifest.ts'
import { fieldsOf, type WorkspacePackage } from './workspace-package.ts'

/** A package could not be built or packed; the message holds what the failing program printed. */
export class BuildError extends Error {
  readonly code = 'BUILD_FAILED'
  override readonly name = 'BuildError'
}

/** @param packages all packages of the workspace; those that `built` depends on must have been built before */
export async function buildPackage(
  root: string,
  built: WorkspacePackage,
  packages: readonly WorkspacePackage[],
): Promise<void> {
  if ('build' in fieldsOf(built.manifest.scripts)) await run('npm', ['run', 'build'], built.folder)
  await mkdir(buildFolder(root), { recursive: true })
  const work = await mkdtemp(join(buildFolder(root), 'dist-'))
  try {
    await compile(root, built, packages, work)
    await copyFiles(built, work)
    await rewriteSpecifiers(work)
    await cp(join(root, 'LICENSE'), join(work, 'LICENSE'))
    const manifest = publishedManifest(built.manifest)
    await writeFile(join(work, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`)
    const dist = join(built.folder, 'dist')
    await rm(dist, { recursive: true, force: true })
    await rename(work, dist)
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** Where dist/ is made before it is moved to its place; also the folder that builds lock. */
export function buildFolder(root: string): string {
  return join(root, 'node_modules', '.typestead-build')
}

async function compile(
  root: string,
  built: WorkspacePackage,
  packages: readonly WorkspacePackage[],
  work: string,
): Promise<void> {
  const settings = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      rootDir: built.folder,
      outDir: work,
      paths: Object.assign({}, ...packages.map(declarationPaths)),
      typeRoots: [join(root, 'node_modules', '@types')],
    },
    include: [join(built.folder, 'src')],
    exclude: ['test', 'testing', 'spec'].map((kind) =>
      join(built.folder, 'src', '**', `*.${kind}.*`),
    ),
  }
  const project = join(work, 'tsconfig.json')
  await writeFile(project, JSON.stringify(settings))
  await run(join(root, 'node_modules', '.bin', 'tsc'), ['--pretty', 'false', '-p', project], root)
  await rm(project)
}

/** Other packages are read as their declarations: their sources would be compiled into this package again. */
function declarationPaths({ folder, name, manifest }: WorkspacePackage): Record<string, string[]> {
  const exports = manifest.exports
  const entries = typeof exports === 'string' ? { '.': exports } : fieldsOf(exports)
  return Object.fromEntries(
    Object.entries(entries).flatMap(([key, target]) => {
      const source = typeof target === 'string' ? target : Object.values(fieldsOf(target)).at(-1)
      if (typeof source !== 'string' || !isSource(source)) return []
      return [[`${name}${key.slice(1)}`, [join(folder, 'dist', declaration(source))]]]
    }),
  )
}

/** What `files` lists besides sources, and what lies in src/ that the compiler leaves there. */
async function copyFiles(built: WorkspacePackage, work: string): Promise<void> {
  const listed = built.manifest.files
  const files = Array.isArray(listed) ? listed.map(String) : []
  for (const file of new Set([...files, 'README.md'])) {
    const from = join(built.folder, file)
    if (!existsSync(from)) continue
    const filter = (path: string) => file !== 'src' || !/\.tsx?$/.test(path)
    await cp(from, join(work, file), { recursive: true, filter })
  }
}

/** Relative imports of `.ts` files in declarations and in plain JavaScript (a `bin` file), which the compiler leaves. */
async function rewriteSpecifiers(work: string): Promise<void> {
  for (const folder of ['src', 'bin']) {
    if (!existsSync(join(work, folder))) continue
    for (const name of await readdir(join(work, folder), { recursive: true })) {
      if (!/(\.d\.ts|\.js)$/.test(name)) continue
      const file = join(work, folder, name)
      const text = await readFile(file, 'utf8')
      const rewritten = withJavaScriptSpecifiers(text)
      if (rewritten !== text) await writeFile(file, rewritten)
    }
  }
}

/** `import '../src/main.ts'` -> `import '../src/main.js'`. URLs of files stay: the package itself knows which it opens. */
export function withJavaScriptSpecifiers(text: string): string {
  let rewritten = text
  for (const { specifier } of moduleSpecifiers(text)) {
    if (!specifier.startsWith('.') || !isSource(specifier)) continue
    for (const quote of [`'`, `"`]) {
      const pattern = new RegExp(
        `(from|import|import\\(|require\\()(\\s*)${quoted(quote + specifier + quote)}`,
        'g',
      )
      rewritten = rewritten.replaceAll(pattern, `$1$2${quote}${javascript(specifier)}${quote}`)
    }
  }
  return rewritten
}

function quoted(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** Packs dist/ and returns the path of the tarball. */
export async function packPackage(built: WorkspacePackage, folder: string): Promise<string> {
  await mkdir(folder, { recursive: true })
  const args = ['pack', join(built.folder, 'dist'), '--pack-destination', folder, '--json']
  const printed = await run('npm', [...args, '--ignore-scripts'], folder)
  return join(folder, tarballName(JSON.parse(printed)))
}

/** npm prints a list of packed packages, and since npm 12 an object of them. */
function tarballName(printed: unknown): string {
  for (const packed of Object.values(fieldsOf(printed))) {
    const { filename } = fieldsOf(packed)
    if (typeof filename === 'string') return filename.replace(/^@/, '').replace('/', '-')
  }
  throw new BuildError(`"npm pack" named no file: ${JSON.stringify(printed)}`)
}

async function run(command: string, args: readonly string[], cwd: string): Promise<string> {
  const { code, stdout, output } = await runCommand(command, args, { cwd, timeoutMs: 600_000 })
  if (code === 0) return stdout
  throw new BuildError(`"${[command, ...args].join(' ')}" failed in ${cwd} (${code}):\n${output}`)
}
