/**
 * A program of its own, so that the bundler's memory is gone when it ends: `node build-program.ts <vite> <folder> <out>`.
 * Builds a folder of pages with the app's Vite and its vite.config, writes what it was made of into `build.json`, and
 * beside each text file the same compressed.
 */
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { extname, join, sep } from 'node:path'
import { pathToFileURL } from 'node:url'
import { brotliCompressSync, constants } from 'node:zlib'
import { type BuildRecord, recordName } from './build-record.ts'

const compressed = new Set([
  '.html',
  '.js',
  '.css',
  '.svg',
  '.json',
  '.webmanifest',
  '.txt',
  '.map',
])

/** What is used of the app's Vite, which this package does not install. */
interface Vite {
  build(config: object): Promise<unknown>
}

interface BundleContext {
  getModuleIds(): Iterable<string>
}

async function buildPages(vite: string, folder: string, out: string): Promise<void> {
  const { build } = (await import(pathToFileURL(vite).href)) as Vite
  const inputs = new Set<string>()
  await build({
    root: folder,
    base: '/',
    mode: 'production',
    logLevel: 'warn',
    // Node reads the config by itself; nothing is written beside it, where this user may not write.
    configLoader: 'native',
    build: { outDir: out, emptyOutDir: true, reportCompressedSize: false },
    plugins: [
      {
        name: 'typestead:inputs',
        generateBundle(this: BundleContext) {
          for (const id of this.getModuleIds()) inputs.add(id.replace(/[?#].*$/, ''))
        },
      },
    ],
  })
  for (const file of readdirSync(out, { recursive: true, encoding: 'utf8' })) {
    if (compressed.has(extname(file))) compress(join(out, file))
  }
  const record: BuildRecord = { version: 1, inputs: {} }
  for (const file of inputs) {
    // What lies in the folder is known by the folder's own hash; installed packages change by being installed.
    if (file.startsWith(folder + sep) || file.includes(`${sep}node_modules${sep}`)) continue
    const content = readIfFile(file)
    if (content) record.inputs[file] = createHash('sha256').update(content).digest('hex')
  }
  writeFileSync(join(out, recordName), JSON.stringify(record))
}

function compress(file: string): void {
  const content = readFileSync(file)
  const small = brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })
  if (small.length < content.length) writeFileSync(`${file}.br`, small)
}

/** Modules that a plug-in made have no file. */
function readIfFile(file: string): Buffer | undefined {
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}

const [, , vite = '', folder = '', out = ''] = process.argv
await buildPages(vite, folder, out)
