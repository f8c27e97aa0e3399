/**
 * package.json of a package as npm gets it: where the workspace names TypeScript sources (`./src/index.ts`), the
 * published one names the JavaScript and declarations made from them, at the same places.
 */
export type Manifest = Readonly<Record<string, unknown>>

/** Fields that mean something in the workspace only. `files` goes because all of dist/ is published. */
const ofWorkspace = new Set(['devDependencies', 'scripts', 'files', 'private', 'allowScripts'])

export function publishedManifest(manifest: Manifest): Manifest {
  return Object.fromEntries(
    Object.entries(manifest)
      .filter(([field]) => !ofWorkspace.has(field))
      .map(([field, value]) => {
        if (field === 'exports') return [field, publishedExports(value)]
        return [field, field === 'bin' ? mapLeaves(value, javascript) : value]
      }),
  )
}

/** Every file that `exports` and `bin` name, as `src/index.ts`. */
export function entryFiles(manifest: Manifest): readonly string[] {
  const files: string[] = []
  for (const field of ['exports', 'bin']) {
    mapLeaves(manifest[field] ?? {}, (file) => {
      if (!file.includes('*')) files.push(file.replace(/^\.\//, ''))
      return file
    })
  }
  return files
}

function publishedExports(value: unknown): unknown {
  return mapLeaves(value, (file) =>
    isSource(file) ? { types: declaration(file), default: javascript(file) } : file,
  )
}

/** Replaces each string of nested plain objects. */
function mapLeaves(value: unknown, replace: (text: string) => unknown): unknown {
  if (typeof value === 'string') return replace(value)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, mapLeaves(part, replace)]),
  )
}

/** `./src/a.ts` -> `./src/a.js`; other names stay. */
export function javascript(file: string): string {
  return isSource(file) ? file.replace(/\.tsx?$/, '.js') : file
}

/** `./src/a.ts` -> `./src/a.d.ts`. */
export function declaration(file: string): string {
  return file.replace(/\.tsx?$/, '.d.ts')
}

export function isSource(file: string): boolean {
  return /\.tsx?$/.test(file) && !file.endsWith('.d.ts')
}
