/** Reads the manifests and sources of the workspace's packages, apps and examples, in a stable order. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sources } from '../floors.ts'

/** Folders whose files are made, installed, or belong to an application that is yet to be created. */
const skipped = new Set(['node_modules', 'dist', 'assets', 'template', 'coverage'])

export function readSources(root: string): Sources {
  const sources = new Map<string, string>()
  for (const folder of ['packages', 'apps', 'examples']) {
    if (existsSync(join(root, folder))) readFolder(root, folder, sources)
  }
  return sources
}

function readFolder(root: string, folder: string, sources: Map<string, string>): void {
  const entries = readdirSync(join(root, folder), { withFileTypes: true })
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) {
      if (!skipped.has(entry.name) && !entry.name.startsWith('.')) readFolder(root, path, sources)
    } else if (/(^|\/)package\.json$|\.(ts|tsx|mts|js|jsx|mjs)$/.test(entry.name)) {
      sources.set(path, readFileSync(join(root, path), 'utf8'))
    }
  }
}
