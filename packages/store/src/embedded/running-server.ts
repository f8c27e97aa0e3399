/**
 * What runs on a cluster right now: the server that `postmaster.pid` names, if it is alive and really is this cluster's,
 * and backends that outlived a killed postmaster. A pid alone proves nothing: it may have been given to another program.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { errorCode } from './error-code.ts'
import { type PostmasterFile, parsePostmasterFile } from './postmaster-file.ts'
import { identify, isAlive, type ProcessIdentity } from './process-identity.ts'

export interface RunningServer {
  readonly process: ProcessIdentity
  readonly file: PostmasterFile
}

/**
 * The live server of a cluster, in whatever state of starting or stopping; undefined when there is none.
 * @param known a server of this cluster by its identity, as the lock remembers it
 */
export function findServer(cluster: string, known?: ProcessIdentity): RunningServer | undefined {
  const file = readPostmasterFile(cluster)
  const found = file && identify(file.pid)
  if (!file || !found) return undefined
  const same = known?.pid === found.pid && known.started === found.started
  return same || servesCluster(found.pid, cluster) ? { process: found, file } : undefined
}

/** `postmaster.pid`, parsed; undefined when there is none or nothing stands in it yet. */
export function readPostmasterFile(cluster: string): PostmasterFile | undefined {
  const text = postmasterText(cluster)
  return text === undefined ? undefined : parsePostmasterFile(text)
}

export function postmasterText(cluster: string): string | undefined {
  try {
    return readFileSync(join(cluster, 'postmaster.pid'), 'utf8')
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined
    throw error
  }
}

/**
 * Ends what a killed postmaster has left on a cluster: idle backends see it and go by themselves; one that computes is
 * told to quit (SIGQUIT, as a postmaster does in an immediate shutdown), then killed. Linux; elsewhere the server itself
 * refuses to start while such backends live, and the start is tried again.
 */
export async function endOrphans(cluster: string): Promise<void> {
  const steps = [
    { signal: undefined, patience: 1000 },
    { signal: 'SIGQUIT', patience: 3000 },
    { signal: 'SIGKILL', patience: 3000 },
  ] as const
  for (const { signal, patience } of steps) {
    const orphans = processesIn(cluster)
    if (orphans.length === 0) return
    if (signal) for (const { pid } of orphans) signalProcess(pid, signal)
    const end = performance.now() + patience
    while (orphans.some(isAlive) && performance.now() < end) await sleep(10)
  }
}

/** Sends a signal; a process that has just gone is no error. */
export function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if (errorCode(error) !== 'ESRCH') throw error
  }
}

function processesIn(cluster: string): ProcessIdentity[] {
  if (process.platform !== 'linux') return []
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && worksIn(Number(name), cluster))
    .map((name) => identify(Number(name)))
    .filter((found) => found !== undefined)
}

/** A postmaster keeps its command line, which names the cluster; on Linux anyone may read it, unlike the folder below. */
function servesCluster(pid: number, cluster: string): boolean {
  if (process.platform === 'win32') return true
  if (process.platform === 'linux') {
    return readProc(`/proc/${pid}/cmdline`)?.split('\0').includes(cluster) ?? false
  }
  const { stdout } = spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' })
  return stdout.includes('postgres') && stdout.includes(cluster)
}

/** Every process of a server works in its cluster's folder. Needs CAP_SYS_PTRACE where the server is another user. */
function worksIn(pid: number, cluster: string): boolean {
  if (readProc(`/proc/${pid}/comm`)?.trim() !== 'postgres') return false
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === cluster
  } catch {
    // Gone meanwhile, or hidden from us; the server's own check of its shared memory remains.
    return false
  }
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
