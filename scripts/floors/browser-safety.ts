/**
 * What must run in browsers reaches no `node:` module: entity as a whole, and of channels and screens every public
 * entry that is not named here as one for Node. Followed by relative imports, so a file is free to be Node's own as
 * long as no browser entry leads to it.
 */
import { posix } from 'node:path'
import type { Sources, Violation } from '../floors.ts'
import { moduleSpecifiers } from '../module-specifiers.ts'
import type { WorkspaceMember } from './workspace-member.ts'

/** Packages that run in browsers, with the keys of `exports` that are for Node. */
const nodeEntries: Readonly<Record<string, readonly string[]>> = {
  'packages/entity': [],
  'packages/channels': ['./threads', './node'],
  'packages/screens': ['./node'],
}

export function browserSafety(member: WorkspaceMember, sources: Sources): readonly Violation[] {
  const forNode = nodeEntries[member.folder]
  if (forNode === undefined) return []
  const starts = [...member.entries]
    .filter(([key]) => !forNode.includes(key))
    .map(([, file]) => file)
  if (member.folder === 'packages/entity') starts.push(...ownSources(member, sources))
  return reach(starts, sources).flatMap((file) =>
    moduleSpecifiers(sources.get(file) ?? '')
      .filter(({ specifier }) => specifier.startsWith('node:'))
      .map(({ specifier, line }) => ({
        file,
        line,
        message: `${member.name} runs in browsers here, and "${specifier}" does not; move it behind an entry for Node`,
      })),
  )
}

function ownSources(member: WorkspaceMember, sources: Sources): readonly string[] {
  return [...sources.keys()].filter(
    (file) => file.startsWith(`${member.folder}/src/`) && !/\.test\.tsx?$/.test(file),
  )
}

/** The files that these files import, whatever the number of steps, themselves included. */
function reach(starts: readonly string[], sources: Sources): readonly string[] {
  const reached = new Set<string>()
  const waiting = [...starts]
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    const text = sources.get(file)
    if (text === undefined || reached.has(file)) continue
    reached.add(file)
    for (const { specifier } of moduleSpecifiers(text)) {
      if (specifier.startsWith('.')) waiting.push(posix.join(posix.dirname(file), specifier))
    }
  }
  return [...reached]
}
