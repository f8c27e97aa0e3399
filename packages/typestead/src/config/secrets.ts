/**
 * Secrets of an app: the environment's, or generated once into `secrets.json` (0600) in the data folder. Values are
 * never logged. The file is `{ "version": 1, "<NAME>": "<value>" }`, replaced in one step, so a crash leaves the old or
 * the new one; two processes that generate at once agree, because the file is read again under a lock.
 */
import { randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { TypesteadError } from '../typestead-error.ts'
import { makeDataFolder, writeAtomically } from './data-folder.ts'

export interface Secrets {
  /** @throws {TypesteadError} `SECRET_UNKNOWN` when the config's `secrets` does not list the name */
  get(name: string): string
}

const version = 1

export function secretsFile(data: string): string {
  return join(data, 'secrets.json')
}

/** The names that have no value in the environment, and would be generated. */
export function unsetSecrets(names: readonly string[], env: NodeJS.ProcessEnv): readonly string[] {
  return names.filter((name) => (env[name] ?? '') === '')
}

/** Reads the secrets, and generates those that are missing. */
export function openSecrets(
  data: string,
  names: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Secrets {
  const unset = unsetSecrets(names, env)
  const generated = unset.length === 0 ? new Map<string, string>() : generate(data, unset)
  return {
    get(name) {
      const value = env[name] || generated.get(name)
      if (value !== undefined && names.includes(name)) return value
      throw new TypesteadError(
        'SECRET_UNKNOWN',
        `the secret "${name}" is not declared; add it to secrets: [ … ] of the config`,
      )
    },
  }
}

function generate(data: string, names: readonly string[]): Map<string, string> {
  const file = secretsFile(data)
  const known = readSecrets(file)
  if (names.every((name) => known.has(name))) return known
  makeDataFolder(data)
  using _lock = lock(`${file}.lock`)
  const secrets = readSecrets(file)
  for (const name of names) {
    if (!secrets.has(name)) secrets.set(name, randomBytes(15).toString('base64url'))
  }
  const text = JSON.stringify({ version, ...Object.fromEntries(secrets) }, undefined, 2)
  writeAtomically(file, `${text}\n`, 0o600)
  return secrets
}

function readSecrets(file: string): Map<string, string> {
  if (!existsSync(file)) return new Map()
  const content = parse(file)
  if (content.version !== version) {
    throw new TypesteadError(
      'SECRETS_INVALID',
      `${file} has format ${content.version}, this version reads format ${version}; update typestead, or move the file away to have new secrets`,
    )
  }
  if ((statSync(file).mode & 0o077) !== 0 && process.platform !== 'win32') chmodSync(file, 0o600)
  const entries = Object.entries(content).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  )
  return new Map(entries)
}

function parse(file: string): Record<string, unknown> {
  try {
    const content: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof content === 'object' && content !== null) return content as Record<string, unknown>
  } catch (cause) {
    throw new TypesteadError(
      'SECRETS_INVALID',
      `${file} is not JSON; repair it, or move it away to have new secrets`,
      { cause },
    )
  }
  throw new TypesteadError('SECRETS_INVALID', `${file} is not a JSON object; move it away`)
}

/**
 * A folder is made by one process alone. One that is older than ten seconds was left by a killed process, and so was one
 * from more than ten seconds ahead: the clock was set back since.
 */
function lock(folder: string): Disposable {
  const pause = new Int32Array(new SharedArrayBuffer(4))
  for (;;) {
    try {
      mkdirSync(folder)
      return { [Symbol.dispose]: () => rmdirSync(folder) }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
    const made = statSync(folder, { throwIfNoEntry: false })?.mtimeMs
    if (made !== undefined && Math.abs(Date.now() - made) > 10_000)
      rmSync(folder, { recursive: true, force: true })
    else Atomics.wait(pause, 0, 0, 20)
  }
}
