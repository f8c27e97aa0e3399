/**
 * The floor check (decisions/0003-floors.md): who may import whom in this workspace, as a pure function over its files.
 * A package imports packages of lower floors only, by keys of their `exports`, and only what its package.json lists;
 * no relative import leaves its package or app; what runs in browsers reaches no `node:` module.
 */
import { posix } from 'node:path'
import { browserSafety } from './floors/browser-safety.ts'
import { readSources } from './floors/read-sources.ts'
import { readManifests, type WorkspaceMember } from './floors/workspace-member.ts'
import { moduleSpecifiers } from './module-specifiers.ts'

/** The floor of each folder in packages/. Apps and examples stand above all of them. */
export const floors: Readonly<Record<string, number>> = {
  entity: 0,
  channels: 0,
  nlu: 0,
  screens: 0,
  kube: 0,
  journal: 1,
  store: 1,
  graphql: 2,
  bot: 2,
  sms: 2,
  bulk: 2,
  'kube-sandbox': 2,
  operator: 2,
  backup: 2,
  typestead: 3,
}

export interface Violation {
  /** Path from the workspace's root. */
  readonly file: string
  /** Counted from 1; absent for a rule about the whole file. */
  readonly line?: number
  /** What is wrong and what to do. */
  readonly message: string
}

/** Files of the workspace by path from its root, with `/`: manifests and sources. */
export type Sources = ReadonlyMap<string, string>

/** All that breaks the rules, in the order of the files. */
export function checkFloors(sources: Sources): readonly Violation[] {
  const { members, violations } = readManifests(sources, floors)
  const found: Violation[] = [
    ...violations,
    ...members.flatMap((member) => listed(member, members)),
  ]
  for (const [file, text] of sources) {
    const member = members.find((candidate) => file.startsWith(`${candidate.folder}/`))
    if (member === undefined || !isCode(file)) continue
    for (const { specifier, line } of moduleSpecifiers(text)) {
      const message = specifier.startsWith('.')
        ? leaves(file, specifier, member)
        : refused(file, specifier, member, members)
      if (message !== undefined) found.push({ file, line, message })
    }
  }
  return [...found, ...members.flatMap((member) => browserSafety(member, sources))]
}

/** A test or a bench: it may import its own floor and devDependencies, and use the workspace's tooling. */
export function isTestOrBench(file: string): boolean {
  return /\.(test|testing|bench)\.[a-z]+$|\/(test|bench)\//.test(file)
}

const tooling = ['scripts/tools.ts', 'bench/measure.ts']
/** The peers that benches run, and the data beside the checkout that tests read where it is. */
const outside = ['bench/peers/', '../shared/']

function leaves(file: string, specifier: string, member: WorkspaceMember): string | undefined {
  const target = posix.join(posix.dirname(file), specifier)
  if (target === member.folder || target.startsWith(`${member.folder}/`)) return undefined
  const isOutside = outside.some((folder) => `${target}/`.startsWith(folder))
  if (isTestOrBench(file) && (isOutside || tooling.includes(target))) return undefined
  return `"${specifier}" leaves ${member.folder}; import another package by its name`
}

function refused(
  file: string,
  specifier: string,
  member: WorkspaceMember,
  members: readonly WorkspaceMember[],
): string | undefined {
  const name = packageName(specifier)
  if (name === undefined) return undefined
  const target = members.find((candidate) => candidate.name === name)
  const needs = isPublished(file, member) ? 'runtime' : 'any'
  if (target === undefined) {
    if (isTestOrBench(file) || lists(member, name, needs)) return undefined
    return unlisted(name, member, needs)
  }
  const key = `.${specifier.slice(name.length)}`
  if (!target.exports.includes(key)) {
    return `"${specifier}" is no public entry: the "exports" of ${name} have no "${key}"`
  }
  if (target === member) return undefined
  if (!mayImport(member, target, isTestOrBench(file))) {
    return `${member.name} (floor ${member.floor}) may not import ${name} (floor ${target.floor}); only lower floors`
  }
  return lists(member, name, needs) ? undefined : unlisted(name, member, needs)
}

function unlisted(name: string, member: WorkspaceMember, needs: 'runtime' | 'any'): string {
  const when = needs === 'runtime' ? ' for use at run time' : ''
  return `imports "${name}", which ${member.folder}/package.json does not list${when}`
}

/** Whether the file is run by those who install the package; what is bundled by a build, or configures one, is not. */
function isPublished(file: string, member: WorkspaceMember): boolean {
  return (
    isPackage(member) &&
    !isTestOrBench(file) &&
    /^(src|bin)\//.test(file.slice(member.folder.length + 1))
  )
}

function mayImport(member: WorkspaceMember, target: WorkspaceMember, ownFloor: boolean): boolean {
  return (
    target.floor < member.floor || (ownFloor && target.floor === member.floor && isPackage(target))
  )
}

function isPackage(member: WorkspaceMember): boolean {
  return member.floor !== Number.POSITIVE_INFINITY
}

/** A manifest may list only what its sources may import, else an install brings it anyway. */
function listed(
  member: WorkspaceMember,
  members: readonly WorkspaceMember[],
): readonly Violation[] {
  return members
    .filter((target) => target !== member && lists(member, target.name, 'any'))
    .filter((target) => !mayImport(member, target, !lists(member, target.name, 'runtime')))
    .map((target) => ({
      file: `${member.folder}/package.json`,
      message: `${member.name} (floor ${member.floor}) lists ${target.name} (floor ${target.floor}); only lower floors`,
    }))
}

function lists(member: WorkspaceMember, name: string, needs: 'runtime' | 'any'): boolean {
  return member.runtime.has(name) || (needs === 'any' && member.development.has(name))
}

/** The package that a bare specifier names; undefined for `node:`, URLs, `#imports` and virtual modules. */
function packageName(specifier: string): string | undefined {
  return /^(?:@[\w.~-]+\/)?[\w.~-]+(?=\/|$)/.exec(specifier)?.[0]
}

function isCode(file: string): boolean {
  return /\.(ts|tsx|mts|js|jsx|mjs)$/.test(file)
}

if (import.meta.main) {
  const violations = checkFloors(readSources(process.cwd()))
  for (const { file, line, message } of violations) {
    process.stdout.write(`${file}${line === undefined ? '' : `:${line}`}: ${message}\n`)
  }
  process.exitCode = violations.length === 0 ? 0 : 1
}
