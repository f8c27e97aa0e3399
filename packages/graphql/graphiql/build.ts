/**
 * `npm run build:graphiql -w @typestead/graphql`: bundles the page of GraphiQL into `assets/graphiql/`, each file gzipped, with
 * `versions.json` that says of what, and the licences of what is in it. The bundle is committed, so a clone and an installed
 * package serve it offline.
 */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { findPackageJSON } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'

const config = fileURLToPath(new URL('./vite.config.js', import.meta.url))
const assets = fileURLToPath(new URL('../assets/graphiql/', import.meta.url))
const bundled = ['graphiql', 'graphql', 'monaco-editor', 'monaco-graphql', 'react', 'react-dom']

const out = await mkdtemp(join(tmpdir(), 'typestead-graphiql-'))
try {
  await bundle()
  await rm(assets, { recursive: true, force: true })
  await mkdir(assets, { recursive: true })
  for (const name of await readdir(out)) {
    if (extname(name) === '.json') continue
    // gzipSync writes no time and no name, so the same bundle makes the same bytes.
    const packed = gzipSync(await readFile(join(out, name)), { level: 9 })
    await writeFile(join(assets, `${name}.gz`), packed)
  }
  await writeFile(join(assets, 'versions.json'), `${JSON.stringify(await versions(), null, 2)}\n`)
  await writeFile(join(assets, 'licences.txt'), await licences())
} finally {
  await rm(out, { recursive: true, force: true })
}

/** Vite is the workspace's, which npm puts on the path of its scripts; monaco alone takes it some seconds. */
async function bundle(): Promise<void> {
  const env = { ...process.env, BUILD_OUT: out }
  await promisify(execFile)('vite', ['build', '--config', config], { env })
}

async function versions(): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  for (const name of bundled) {
    const file = findPackageJSON(name, import.meta.url)
    if (file === undefined) throw new Error(`${name} is not installed; run npm ci`)
    found[name] = (await manifestOf(dirname(file))).version
  }
  return found
}

async function licences(): Promise<string> {
  const folders: string[] = JSON.parse(await readFile(join(out, 'packages.json'), 'utf8'))
  const texts: string[] = []
  for (const folder of folders) {
    const { name, version, license } = await manifestOf(folder)
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry))
    const text = file === undefined ? '' : (await readFile(join(folder, file), 'utf8')).trim()
    texts.push(`${name} ${version} (${license})\n\n${text}\n`)
  }
  return texts.join(`\n${'-'.repeat(80)}\n\n`)
}

async function manifestOf(
  folder: string,
): Promise<{ readonly name: string; readonly version: string; readonly license: string }> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
}
