/** Tarballs of this checkout's packages, in the `vendor/` folder of a new app. */
import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { TypesteadError } from '../typestead-error.ts'

/** What a new app depends on: npm's version ranges, or `file:` paths. */
export interface OwnPackages {
  readonly '@typestead/entity': string
  readonly '@typestead/graphql': string
  readonly '@typestead/store': string
  readonly typestead: string
}

const run = promisify(execFile)

/** @throws {TypesteadError} `BUILD_FAILED` */
export async function packedPackages(checkout: string, folder: string): Promise<OwnPackages> {
  const vendor = join(folder, 'vendor')
  const script = join(checkout, 'scripts', 'build.ts')
  const names = ['entity', 'store', 'graphql', 'typestead']
  try {
    await run(process.execPath, [script, ...names, '--pack', vendor], { cwd: checkout })
  } catch (cause) {
    const output = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).trim() : ''
    throw new TypesteadError(
      'BUILD_FAILED',
      `the packages of ${checkout} could not be packed:\n${output}`,
      { cause },
    )
  }
  const files = readdirSync(vendor)
  const tarball = (prefix: string) => {
    const file = files.find(
      (name) => name.startsWith(prefix) && /^-\d/.test(name.slice(prefix.length)),
    )
    if (file !== undefined) return `file:vendor/${file}`
    throw new TypesteadError('BUILD_FAILED', `${script} packed no ${prefix} into ${vendor}`)
  }
  return {
    '@typestead/entity': tarball('typestead-entity'),
    '@typestead/graphql': tarball('typestead-graphql'),
    '@typestead/store': tarball('typestead-store'),
    typestead: tarball('typestead'),
  }
}
