/** What the floor check knows of one folder of the workspace: its floor, public entries and listed dependencies. */
import type { Sources, Violation } from '../floors.ts'

export interface WorkspaceMember {
  /** Path from the root, for instance `packages/entity`. */
  readonly folder: string
  readonly name: string
  /** Infinity for apps and examples. */
  readonly floor: number
  /** Keys of its `exports`. */
  readonly exports: readonly string[]
  /** The source file of each key of `exports`, where it names one. */
  readonly entries: ReadonlyMap<string, string>
  /** Packages it may use when installed: dependencies, peers, optional ones. */
  readonly runtime: ReadonlySet<string>
  readonly development: ReadonlySet<string>
}

export function readManifests(
  sources: Sources,
  floors: Readonly<Record<string, number>>,
): { members: readonly WorkspaceMember[]; violations: readonly Violation[] } {
  const members: WorkspaceMember[] = []
  const violations: Violation[] = []
  for (const [file, text] of sources) {
    const folder = /^((packages|apps|examples)\/([^/]+))\/package\.json$/.exec(file)
    if (folder?.[1] === undefined || folder[3] === undefined) continue
    const floor = folder[2] === 'packages' ? floors[folder[3]] : Number.POSITIVE_INFINITY
    if (floor === undefined) {
      violations.push({
        file,
        message: `${folder[1]} has no floor; give it one in scripts/floors.ts`,
      })
      continue
    }
    members.push(readMember(folder[1], floor, JSON.parse(text)))
  }
  return { members, violations }
}

function readMember(folder: string, floor: number, manifest: unknown): WorkspaceMember {
  const fields = record(manifest)
  const entries = Object.entries(
    typeof fields.exports === 'string' ? { '.': fields.exports } : record(fields.exports),
  )
  const names = (...keys: string[]) =>
    new Set(keys.flatMap((key) => Object.keys(record(fields[key]))))
  return {
    folder,
    floor,
    name: String(fields.name),
    exports: entries.map(([key]) => key),
    entries: new Map(
      entries.flatMap(([key, target]) => {
        const source = sourceOf(target)
        return source === undefined ? [] : [[key, `${folder}/${source}`] as const]
      }),
    ),
    runtime: names('dependencies', 'peerDependencies', 'optionalDependencies'),
    development: names('devDependencies'),
  }
}

/** `./src/index.ts` of `"./src/index.ts"` or of the first condition of `{ "browser": …, "default": … }`. */
function sourceOf(target: unknown): string | undefined {
  if (typeof target === 'string') return target.replace(/^\.\//, '')
  return Object.values(record(target))
    .map(sourceOf)
    .find((source) => source !== undefined)
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}
