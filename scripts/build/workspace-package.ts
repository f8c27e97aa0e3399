/** The packages of this workspace that npm gets: their folders and manifests, lowest floor first. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { floors } from '../floors.ts'
import { entryFiles, type Manifest } from './manifest.ts'

export interface WorkspacePackage {
  /** Absolute. */
  readonly folder: string
  readonly name: string
  readonly manifest: Manifest
  /** Names of dependencies, peers included, of the workspace or not. */
  readonly dependencies: readonly string[]
}

export function readPackages(root: string): readonly WorkspacePackage[] {
  return readdirSync(join(root, 'packages'))
    .filter((name) => existsSync(join(root, 'packages', name, 'package.json')))
    .sort((a, b) => (floors[a] ?? 9) - (floors[b] ?? 9) || (a < b ? -1 : 1))
    .map((name) => readPackage(join(root, 'packages', name)))
}

function readPackage(folder: string): WorkspacePackage {
  const parsed: unknown = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const manifest = fieldsOf(parsed)
  const dependencies = ['dependencies', 'peerDependencies', 'optionalDependencies'].flatMap(
    (field) => Object.keys(fieldsOf(manifest[field])),
  )
  return { folder, manifest, name: String(manifest.name), dependencies }
}

export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

/**
 * Splits the packages into those that can be built and, with a reason, those that can't yet: an entry file is not
 * written, or a package they depend on is not buildable itself.
 */
export function splitBuildable(packages: readonly WorkspacePackage[]): {
  readonly buildable: readonly WorkspacePackage[]
  readonly skipped: ReadonlyMap<string, string>
} {
  const skipped = new Map<string, string>()
  for (const { folder, name, manifest, dependencies } of packages) {
    const missing = entryFiles(manifest).find((file) => !existsSync(join(folder, file)))
    const unbuilt = dependencies.find((dependency) => skipped.has(dependency))
    if (missing !== undefined) skipped.set(name, `${missing} is not there`)
    else if (unbuilt !== undefined) skipped.set(name, `it depends on ${unbuilt}, which is skipped`)
  }
  return { buildable: packages.filter(({ name }) => !skipped.has(name)), skipped }
}
