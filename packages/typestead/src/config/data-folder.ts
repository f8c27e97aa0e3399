/** Where an app's data lies, and how a file in it is replaced: all of it, or not at all. */
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/** `TYPESTEAD_DATA`; else `.typestead` beside the root package.json of a workspace that holds the app; else beside the config. */
export function dataFolder(app: string, env: NodeJS.ProcessEnv = process.env): string {
  const chosen = env.TYPESTEAD_DATA
  if (chosen !== undefined && chosen !== '') return resolve(chosen)
  return join(workspaceRoot(app) ?? app, '.typestead')
}

/** The nearest folder above `app` whose package.json has workspaces. */
export function workspaceRoot(app: string): string | undefined {
  for (let at = resolve(app); ; at = dirname(at)) {
    const file = join(at, 'package.json')
    if (existsSync(file)) {
      try {
        const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'))
        if (typeof manifest === 'object' && manifest !== null && 'workspaces' in manifest) return at
      } catch {
        // Not ours to judge: npm says what is wrong with a package.json.
      }
    }
    if (at === dirname(at)) return undefined
  }
}

/** Replaces a file in one step, so that a reader or a crash never sees half of it. */
export function writeAtomically(file: string, text: string, mode = 0o644): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const draft = `${file}.${process.pid}.tmp`
  try {
    const handle = openSync(draft, 'w', mode)
    try {
      writeSync(handle, text)
      fsyncSync(handle)
    } finally {
      closeSync(handle)
    }
    renameSync(draft, file)
  } catch (error) {
    rmSync(draft, { force: true })
    throw error
  }
}
