/**
 * `node check-types.ts <library>`: type-checks the library's program of 50 and of 200 entities by `tsc --extendedDiagnostics` and prints a
 * repetition for the harness. The time is the compiler's own check time at 50 entities, in one thread. Every library is there as it is
 * installed, by its declarations; ours is counted from its sources too, which costs what checking the sources costs.
 */
import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { entityProgram, type Library } from './entity-programs.ts'

const sources: Readonly<Record<Library, string>> = {
  typestead: '@typestead/entity',
  zod: 'zod',
  drizzle: 'drizzle-orm',
  'mikro-orm': '@mikro-orm/core',
}

const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'))
const compiler = join(typescript, 'bin', 'tsc')
/** The workspace's node_modules. */
const modules = dirname(typescript)
const peers = join(dirname(modules), 'bench', 'peers', 'entity', 'node_modules')
const source = fileURLToPath(new URL('../src', import.meta.url))
const options = {
  target: 'esnext',
  module: 'nodenext',
  lib: ['esnext', 'dom'],
  types: [],
  noEmit: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  allowImportingTsExtensions: true,
}

export interface Cost {
  readonly instantiations: number
  readonly checkSeconds: number
}

/**
 * @param form our package by the declarations that its build emits, or by its sources
 * @throws {Error} with the compiler's words when the program has type errors
 */
export async function typeCost(
  library: Library,
  count: number,
  form: 'declarations' | 'sources' = 'declarations',
): Promise<Cost> {
  const folder = mkdtempSync(join(tmpdir(), 'typestead-types-'))
  try {
    if (library === 'typestead' && form === 'declarations') await installDeclarations(folder)
    else symlinkSync(library === 'typestead' ? modules : peers, join(folder, 'node_modules'))
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
    writeFileSync(join(folder, 'program.ts'), entityProgram(library, count, sources[library]))
    const config = { compilerOptions: options, files: ['program.ts'] }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(config))
    return parseDiagnostics(
      await compile('-p', folder, '--extendedDiagnostics', '--singleThreaded'),
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Puts our package into the node_modules of a folder as `npm run build` packs it, as far as the compiler looks. */
export async function installDeclarations(folder: string): Promise<void> {
  const target = join(folder, 'node_modules', '@typestead', 'entity')
  mkdirSync(target, { recursive: true })
  symlinkSync(join(modules, 'zod'), join(folder, 'node_modules', 'zod'))
  const { noEmit, ...emitting } = options
  const config = {
    compilerOptions: {
      ...emitting,
      declaration: true,
      emitDeclarationOnly: true,
      rewriteRelativeImportExtensions: true,
      rootDir: source,
      outDir: target,
    },
    files: [join(source, 'index.ts')],
  }
  writeFileSync(join(target, 'tsconfig.json'), JSON.stringify(config))
  await compile('-p', target)
  const manifest = { name: '@typestead/entity', type: 'module', exports: './index.d.ts' }
  writeFileSync(join(target, 'package.json'), JSON.stringify(manifest))
}

/**
 * Runs `tsc` with the arguments; gives what it printed.
 * @throws {Error} with the compiler's words when there are errors
 */
export async function compile(...args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [compiler, ...args], {
      maxBuffer: 64 * 1024 * 1024,
    })
    return stdout
  } catch (error) {
    const { stdout = '' } = error as { stdout?: string }
    throw new Error(`the program does not compile:\n${stdout.slice(0, 2000)}`, { cause: error })
  }
}

/** @throws {Error} when the compiler printed no figures */
export function parseDiagnostics(text: string): Cost {
  const figure = (name: string) => {
    const match = new RegExp(`^${name}:\\s+([\\d.]+)`, 'm').exec(text)
    if (!match) throw new Error(`tsc --extendedDiagnostics printed no "${name}":\n${text}`)
    return Number(match[1])
  }
  return { instantiations: figure('Instantiations'), checkSeconds: figure('Check time') }
}

async function main(library: Library): Promise<void> {
  const small = await typeCost(library, 50)
  const large = await typeCost(library, 200)
  const nanoseconds = Math.round(small.checkSeconds * 1e9)
  const repetition = {
    operations: 1,
    cpuNs: nanoseconds,
    wallNs: nanoseconds,
    answer: 'no type errors',
    figures: {
      'instantiations at 50': small.instantiations,
      'instantiations at 200': large.instantiations,
      'instantiations per entity': (large.instantiations - small.instantiations) / 150,
      'check seconds at 200': large.checkSeconds,
      ...(library === 'typestead' ? await sourceFigures() : {}),
    },
  }
  process.stdout.write(`${JSON.stringify(repetition)}\n`)
}

async function sourceFigures(): Promise<Readonly<Record<string, number>>> {
  const { instantiations, checkSeconds } = await typeCost('typestead', 50, 'sources')
  return {
    'instantiations at 50 from sources': instantiations,
    'check seconds from sources': checkSeconds,
  }
}

if (import.meta.main) await main(process.argv[2] as Library)
