/**
 * Names a process so that a recycled pid is never mistaken for it: the pid and the moment the process started.
 * Linux: boot id and start time in clock ticks from `/proc/<pid>/stat` (proc(5), field 22). Elsewhere `ps -o lstart=`
 * (macOS, BSD) or PowerShell's `StartTime` (Windows); those two are written from their manuals and not tested here.
 * Holds within one machine and one pid namespace.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface ProcessIdentity {
  readonly pid: number
  /** Opaque; equal for the same process only. */
  readonly started: string
}

/** The identity of a running process; undefined when there is none, or only its zombie. */
export function identify(pid: number): ProcessIdentity | undefined {
  const started = startOf(pid)
  return started === undefined ? undefined : { pid, started }
}

/** Whether this very process still runs. */
export function isAlive(process: ProcessIdentity): boolean {
  return startOf(process.pid) === process.started
}

/** As `isAlive`, cheap enough to ask several times a second: off Linux it looks at the pid alone. */
export function seemsAlive(process: ProcessIdentity): boolean {
  return platform === 'linux' ? isAlive(process) : pidExists(process.pid)
}

/** The process that runs this code. */
export function currentProcess(): ProcessIdentity {
  current ??= identify(process.pid) ?? { pid: process.pid, started: 'unknown' }
  return current
}

/** State and start time (clock ticks since boot) out of `/proc/<pid>/stat`; the name in it may hold spaces and `)`. */
export function parseProcStat(text: string): { state: string; ticks: string } | undefined {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const state = fields[0]
  const ticks = fields[19]
  return state && ticks && /^\d+$/.test(ticks) ? { state, ticks } : undefined
}

const { platform } = process
let current: ProcessIdentity | undefined
let boot: string | undefined

function startOf(pid: number): string | undefined {
  if (!Number.isInteger(pid) || pid <= 0) return undefined
  if (platform === 'linux') return linuxStart(pid)
  if (!pidExists(pid)) return undefined
  const [file, args] =
    platform === 'win32'
      ? [
          'powershell',
          ['-NoProfile', '-Command', `(Get-Process -Id ${pid}).StartTime.ToFileTimeUtc()`],
        ]
      : ['ps', ['-o', 'lstart=', '-p', String(pid)]]
  const { stdout, status } = spawnSync(file as string, args as string[], {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
  })
  const started = status === 0 ? stdout.trim() : ''
  return started === '' ? undefined : started
}

function linuxStart(pid: number): string | undefined {
  const text = readIfThere(`/proc/${pid}/stat`)
  const stat = text === undefined ? undefined : parseProcStat(text)
  // Z and X: it has ended and only waits for its parent to ask how.
  if (!stat || stat.state === 'Z' || stat.state === 'X') return undefined
  boot ??= readIfThere('/proc/sys/kernel/random/boot_id')?.trim() ?? 'boot'
  return `${boot}/${stat.ticks}`
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // Gone, or going while we read (ESRCH): no such process either way.
    return undefined
  }
}

function pidExists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // EPERM: it exists and belongs to someone else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
