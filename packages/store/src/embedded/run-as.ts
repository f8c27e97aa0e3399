/**
 * As which user the server runs. PostgreSQL refuses root, so root runs it as 65534 (nobody) where that user can reach
 * the programs and the data, and else in a user namespace in which root itself is called 65534. Anyone else runs it as
 * themselves. One way per cluster, recorded in it (cluster.ts), because its files belong to that user.
 */
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'

export type RunAs =
  | { readonly way: 'user'; readonly uid: number; readonly gid: number }
  /** `unshare` of util-linux 2.36 or later; the files belong to root. */
  | { readonly way: 'namespace' }
  /** Windows, where there are no uids. */
  | { readonly way: 'process' }

export interface Command {
  readonly file: string
  readonly args: readonly string[]
  readonly uid?: number
  readonly gid?: number
}

export interface Caller {
  readonly uid: number
  readonly gid: number
}

/** Tries a way: undefined when the server's user reaches all it needs, else why not, naming the closed folder. */
export type Probe = (runAs: RunAs) => Promise<string | undefined>

const nobody = { way: 'user', uid: 65534, gid: 65534 } as const

/**
 * The way for a cluster: the recorded one, or for a new cluster the first that works.
 * `caller` is undefined on Windows.
 * @throws {EmbeddedPostgresError} EMBEDDED_FOLDER_CLOSED, naming the folder
 */
export async function chooseRunAs(
  caller: Caller | undefined,
  recorded: RunAs | undefined,
  probe: Probe,
): Promise<RunAs> {
  if (!caller) return { way: 'process' }
  if (caller.uid !== 0) return asCaller(caller, recorded)
  const refusals: string[] = []
  for (const runAs of recorded ? [recorded] : [nobody, { way: 'namespace' } as const]) {
    const refusal = await probe(runAs)
    if (refusal === undefined) return runAs
    refusals.push(`as ${wayName(runAs)}: ${refusal}`)
  }
  throw new EmbeddedPostgresError(
    'EMBEDDED_FOLDER_CLOSED',
    `PostgreSQL does not run as root, and no other way works here (${refusals.join('; ')}). ${
      recorded ? 'The cluster was made that way and keeps it. ' : ''
    }Open the folder to others (chmod o+x), move the project and its data elsewhere, or run as a normal user.`,
  )
}

/** The command that runs a program that way, for a caller of this uid. */
export function commandAs(
  runAs: RunAs,
  file: string,
  args: readonly string[],
  uid: number | undefined,
): Command {
  if (runAs.way === 'namespace') {
    const map = ['--user', '--map-user=65534', '--map-group=65534', '--']
    return { file: 'unshare', args: [...map, file, ...args] }
  }
  if (runAs.way === 'user' && runAs.uid !== uid) {
    return { file, args, uid: runAs.uid, gid: runAs.gid }
  }
  return { file, args }
}

/** Whose files the cluster and its socket folder are, as seen from outside; undefined on Windows. */
export function fileOwner(runAs: RunAs): Caller | undefined {
  if (runAs.way === 'process') return undefined
  return runAs.way === 'namespace' ? { uid: 0, gid: 0 } : { uid: runAs.uid, gid: runAs.gid }
}

/** Reads a recorded way; undefined when it is none. */
export function parseRunAs(value: unknown): RunAs | undefined {
  if (typeof value !== 'object' || value === null || !('way' in value)) return undefined
  if (value.way === 'namespace' || value.way === 'process') return { way: value.way }
  if (value.way !== 'user' || !('uid' in value) || !('gid' in value)) return undefined
  const { uid, gid } = value
  if (typeof uid !== 'number' || typeof gid !== 'number') return undefined
  return { way: 'user', uid, gid }
}

function asCaller(caller: Caller, recorded: RunAs | undefined): RunAs {
  const owner = recorded && fileOwner(recorded)
  if (owner && owner.uid !== caller.uid) {
    throw new EmbeddedPostgresError(
      'EMBEDDED_FOLDER_CLOSED',
      `this cluster's files belong to user ${owner.uid} and you are user ${caller.uid}. Run as root${
        owner.uid === 0 || owner.uid === nobody.uid ? ', as when it was made,' : ' or as that user'
      } or choose another data folder.`,
    )
  }
  return { way: 'user', uid: caller.uid, gid: caller.gid }
}

function wayName(runAs: RunAs): string {
  return runAs.way === 'user' ? `user ${runAs.uid}` : 'root in a user namespace'
}
