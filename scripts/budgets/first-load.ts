/**
 * What a browser loads before an app shows anything: the scripts of index.html with all that they import, and the styles
 * of those; what is imported when it is needed is not part of it. Built as for production, nothing is written.
 */
import { relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build, minifySync, type Rolldown } from 'vite'

export interface FirstLoad {
  /** Bytes, gzip, each file by itself as servers send it. */
  readonly js: number
  readonly css: number
  /** Largest first. */
  readonly modules: readonly LoadedModule[]
}

export interface LoadedModule {
  /** Its path from the app's folder, or the package it is of. */
  readonly name: string
  /** Bytes, gzip, of this module alone; together they are more than the file. */
  readonly bytes: number
}

/** @throws what the build throws; {Error} when the folder has no index.html */
export async function firstLoad(folder: string): Promise<FirstLoad> {
  const environment = process.env.NODE_ENV
  process.env.NODE_ENV = 'production' // a test runner's own would make it another build
  const result = await build({
    root: folder,
    mode: 'production',
    logLevel: 'silent',
    build: { write: false },
  }).finally(() => {
    process.env.NODE_ENV = environment
  })
  const outputs = Array.isArray(result) ? result : [result]
  const files = outputs.flatMap((one) => ('output' in one ? one.output : []))
  const chunks = new Map(
    files.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file] as const] : [])),
  )
  const entry = [...chunks.values()].find(
    ({ isEntry, facadeModuleId }) => isEntry && facadeModuleId?.endsWith('/index.html'),
  )
  if (entry === undefined) throw new Error(`${folder} has no index.html with a script`)
  const loaded = withImports(entry, chunks)
  const styles = new Set(loaded.flatMap((chunk) => [...(chunk.viteMetadata?.importedCss ?? [])]))
  return {
    js: sum(loaded.map(({ code }) => gzipBytes(code))),
    css: sum(
      files.flatMap((file) =>
        file.type === 'asset' && styles.has(file.fileName) ? [gzipBytes(file.source)] : [],
      ),
    ),
    modules: loaded
      .flatMap(({ modules }) => Object.entries(modules))
      .flatMap(([id, { code }]) => (code ? [{ name: nameOf(id, folder), bytes: weigh(code) }] : []))
      .sort((a, b) => b.bytes - a.bytes),
  }
}

function withImports(
  entry: Rolldown.OutputChunk,
  chunks: ReadonlyMap<string, Rolldown.OutputChunk>,
): readonly Rolldown.OutputChunk[] {
  const loaded = new Set([entry])
  // A set also gives what is added while it is walked.
  for (const { imports } of loaded) {
    for (const name of imports) {
      const chunk = chunks.get(name)
      if (chunk !== undefined) loaded.add(chunk)
    }
  }
  return [...loaded]
}

function weigh(code: string): number {
  return gzipBytes(minifySync('module.js', code, { module: true }).code || code)
}

function gzipBytes(source: string | Uint8Array): number {
  return gzipSync(source, { level: 9 }).length
}

function nameOf(id: string, folder: string): string {
  const path = id.split('?')[0] ?? id
  if (path.startsWith('\0')) return path.slice(1) // a bundler's own
  const installed = path.split('/node_modules/').at(-1)
  if (installed !== undefined && installed !== path) return installed
  const workspace = /\/packages\/([^/]+\/.*)$/.exec(path)?.[1]
  return workspace === undefined ? relative(folder, path) || path : `@typestead/${workspace}`
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0)
}
