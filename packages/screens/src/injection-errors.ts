/** What can be wrong with an injection, as errors that name the keys and the places. */
import { ScreensError } from './errors.ts'

/** As much of an entry of a scope as messages need. */
export interface NamedEntry {
  readonly key: { readonly name: string }
  readonly scope: { readonly name: string; readonly parent: NamedEntry['scope'] | undefined }
  /** Its stack names where it was registered. */
  readonly place: Error
}

export function duplicateKey(first: NamedEntry, second: NamedEntry): ScreensError {
  const where = ({ scope, place }: NamedEntry) => `in ${scope.name} at ${placeOf(place)}`
  return new ScreensError(
    'DUPLICATE_KEY',
    `${first.key.name} is registered twice: ${where(first)}, and ${where(second)}; remove one, or pass { ifAbsent: true }`,
  )
}

export function unknownKey(
  name: string,
  scope: string,
  registered: readonly string[],
): ScreensError {
  const near = [...new Set(registered)].sort((a, b) => likeness(b, name) - likeness(a, name))
  return new ScreensError(
    'UNKNOWN_KEY',
    `${name} is not registered in ${scope} or above; near: ${near.slice(0, 3).join(', ') || 'nothing'}`,
  )
}

/** @throws {ScreensError} `CYCLIC_DEPENDENCY` when `entry` is being made already */
export function refuseCycle(entry: NamedEntry, building: readonly NamedEntry[]): void {
  const at = building.indexOf(entry)
  if (at < 0) return
  const path = [...building.slice(at), entry].map(({ key }) => key.name).join(' → ')
  throw new ScreensError('CYCLIC_DEPENDENCY', `${path}: let one find the other later, in onReady`)
}

/** @throws {ScreensError} `CAPTIVE_DEPENDENCY` when what is being made lives longer than `entry` */
export function refuseCaptive(entry: NamedEntry, building: readonly NamedEntry[]): void {
  const maker = building.at(-1)
  if (maker === undefined) return
  for (let { parent } = entry.scope; parent !== undefined; { parent } = parent) {
    if (parent !== maker.scope) continue
    throw new ScreensError(
      'CAPTIVE_DEPENDENCY',
      `${maker.key.name} of ${maker.scope.name} would keep ${entry.key.name} of ${entry.scope.name}, which closes earlier: register both in one scope`,
    )
  }
}

/** The line of the caller of `put` or `lazyPut`, from a stack of any browser. */
function placeOf({ stack = '' }: Error): string {
  const frames = stack.split('\n').filter((line) => /:\d+/.test(line))
  return frames[1]?.trim().replace(/^at /, '') ?? 'an unknown place'
}

/** How many runs of three letters of `a` are in `b` too, whatever their case. */
function likeness(a: string, b: string): number {
  const text = b.toLowerCase()
  return [...a].filter((_, at) => text.includes(a.slice(at, at + 3).toLowerCase())).length
}
