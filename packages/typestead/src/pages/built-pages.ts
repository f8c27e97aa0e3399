/**
 * Pages as files to serve: built by the app's Vite when a file that went into them has changed, else those built last.
 * Builds are kept by what is in the folder, beside the installed packages (or in the data folder where that is closed),
 * so that copies of an app share them. Two processes that build at once do not harm each other.
 */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
} from 'node:fs'
import { dirname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findInstalled } from '../config/installed.ts'
import { TypesteadError } from '../typestead-error.ts'
import { type BuildRecord, recordName } from './build-record.ts'

export interface BuiltPagesOptions {
  /** Has an index.html, and a vite.config if it needs one. */
  readonly folder: string
  /** Where builds go when nothing can be written beside the installed packages. */
  readonly data: string
  readonly signal?: AbortSignal
}

/**
 * The folder of the built pages.
 * @throws {TypesteadError} `PACKAGE_MISSING`, `BUILD_FAILED` with what the bundler says
 */
export async function builtPages({ folder, data, signal }: BuiltPagesOptions): Promise<string> {
  const made = join(folder, 'dist')
  const vite = findInstalled('vite', folder)
  if (vite === undefined) {
    if (existsSync(join(made, 'index.html'))) return made
    throw new TypesteadError(
      'PACKAGE_MISSING',
      `the pages in ${folder} cannot be built: install vite there, or put what "vite build" makes into ${made}`,
    )
  }
  const source = realpathSync(folder)
  const cache = cacheFolder(source, data)
  const hash = hashOf(source)
  const place = join(cache, hash)
  if (isFresh(place)) return place
  const draft = mkdtempSync(join(cache, 'draft-'))
  try {
    await runBuild(vite, source, draft, signal)
    rmSync(place, { recursive: true, force: true })
    renameSync(draft, place)
  } catch (error) {
    rmSync(draft, { recursive: true, force: true })
    // Another process was faster with the same.
    if (!isFresh(place)) throw error
  }
  return place
}

function cacheFolder(folder: string, data: string): string {
  const installed = nearestModules(folder)
  for (const parent of installed === undefined ? [data] : [join(installed, '.cache'), data]) {
    const place = join(parent, parent === data ? 'pages' : 'typestead-pages')
    try {
      mkdirSync(place, { recursive: true })
      accessSync(place, constants.W_OK)
      return place
    } catch (error) {
      if (parent === data) throw error
    }
  }
  return data
}

function nearestModules(folder: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const modules = join(at, 'node_modules')
    if (existsSync(modules)) return realpathSync(modules)
    if (at === dirname(at)) return undefined
  }
}

/** Of all files of the folder, their names included. */
function hashOf(folder: string): string {
  const hash = createHash('sha256')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1))
    .filter((file) => !file.split(sep).some((part) => part === 'dist' || part === 'node_modules'))
    .sort()
  for (const file of files) {
    const content = readFileSync(join(folder, file))
    hash.update(`${file}\0${content.length}\0`).update(content)
  }
  return hash.digest('hex').slice(0, 32)
}

function isFresh(place: string): boolean {
  const file = join(place, recordName)
  if (!existsSync(file)) return false
  const record = JSON.parse(readFileSync(file, 'utf8')) as BuildRecord
  return (
    record.version === 1 &&
    Object.entries(record.inputs).every(
      ([input, hash]) =>
        existsSync(input) &&
        createHash('sha256').update(readFileSync(input)).digest('hex') === hash,
    )
  )
}

async function runBuild(
  vite: string,
  folder: string,
  out: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { NODE_ENV, ...env } = process.env
  const child = spawn(process.execPath, [program, vite, folder, out], {
    cwd: folder,
    env: { ...env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal ? { signal } : {}),
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said = (said + chunk.toString()).slice(-8_000)
    })
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) {
    throw new TypesteadError(
      'BUILD_FAILED',
      `the pages in ${folder} cannot be built:\n${said.trim()}`,
    )
  }
}

const program = fileURLToPath(
  new URL(
    `./build-program${import.meta.filename.endsWith('.ts') ? '.ts' : '.js'}`,
    import.meta.url,
  ),
)
