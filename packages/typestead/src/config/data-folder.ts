/** Where an app's data lies, and how a file in it is replaced: all of it, or not at all. */
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { TypesteadError } from '../typestead-error.ts'

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

/**
 * Makes the folder, and those above it that are missing, which others cannot look into. Each by itself: `mkdirSync` with
 * `recursive` never returns where a folder that is there has no room for others, as `/proc`.
 * @throws {TypesteadError} `USAGE` where a file stands, or this user may not write
 */
export function makeDataFolder(folder: string): void {
  try {
    makeFolder(resolve(folder))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new TypesteadError(
      'USAGE',
      `the data folder ${folder} cannot be made: ${reason}; set TYPESTEAD_DATA to a folder that this user may write to`,
      { cause },
    )
  }
}

function makeFolder(folder: string): void {
  const found = statSync(folder, { throwIfNoEntry: false })
  if (found?.isDirectory()) return
  if (found) throw new Error(`${folder} is a file`)
  if (dirname(folder) !== folder) makeFolder(dirname(folder))
  try {
    mkdirSync(folder, { mode: 0o700 })
    // Root's embedded server runs as another user, who must be able to pass, as in a folder that the store makes.
    if (process.getuid?.() === 0) chmodSync(folder, 0o711)
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) throw error
  }
}

/** Replaces a file of the data folder in one step, so that a reader or a crash never sees half of it. */
export function writeAtomically(file: string, text: string, mode = 0o644): void {
  makeDataFolder(dirname(file))
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
